// What can be done with a playlist as a whole, besides playing it.
import Download from "@lucide/svelte/icons/download";
import Globe from "@lucide/svelte/icons/globe";
import Pencil from "@lucide/svelte/icons/pencil";
import Trash from "@lucide/svelte/icons/trash-2";
import { address, post, remove } from "@/api/client";
import type { Playlist } from "@/api/types";
import { t } from "@/i18n/index.svelte";
import { playlistActions } from "@/lib/actions";
import { attempt, saveFile } from "@/lib/deeds";
import type { PlaylistRows } from "@/lib/playlist-rows.svelte";
import { router, to } from "@/lib/router.svelte";
import type { Action } from "@/parts/Menu.svelte";
import { forget } from "@/stores/query.svelte";
import { ui } from "@/stores/ui.svelte";

const FORMATS = [
  { format: "m3u8", label: "M3U" },
  { format: "xspf", label: "XSPF" },
  { format: "json", label: "JSPF" },
];

export function menuOf(rows: PlaylistRows, own: boolean, edit: () => void): Action[] {
  const list = rows.list;
  if (!list) return [];
  const path = `/playlists/${encodeURIComponent(list.id)}/file`;
  const exporting = FORMATS.map(({ format, label }) => ({ label, run: () => saveFile(address(path, { format })) }));
  return [
    ...playlistActions(list),
    { label: t("music.export"), icon: Download, actions: exporting },
    ...(own ? ownActions(rows, list, edit) : []),
  ];
}

const ownActions = (rows: PlaylistRows, list: Playlist, edit: () => void): Action[] => [
  { label: t("edit"), icon: Pencil, run: edit, separated: true },
  { label: t(list.public ? "music.playlist.hide" : "music.playlist.publish"), icon: Globe, run: async () => void (await rows.change({ public: !list.public })) },
  { label: t("music.playlist.delete"), icon: Trash, run: () => removeList(rows, list), danger: true, separated: true },
];

/** Deletes it; taking that back makes the same list anew. */
const removeList = (rows: PlaylistRows, list: Playlist) =>
  attempt(async () => {
    const { name, description } = list;
    const same = { name, description, public: list.public, track_ids: rows.entries.map(({ id }) => id) };
    await remove(`/playlists/${encodeURIComponent(list.id)}`);
    forget("/playlists");
    router.go("/playlists", { replace: true });
    const undo = () =>
      attempt(async () => {
        const made = await post<Playlist>("/playlists", same);
        forget("/playlists");
        router.go(to.playlist(made.id));
      });
    ui.say(t("music.playlist.deleted", { name }), { action: { label: t("undo"), run: undo } });
  });
