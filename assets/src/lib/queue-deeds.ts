// Things done with the queue as a whole, or with some of its entries.
import { post } from "@/api/client";
import type { Playlist } from "@/api/types";
import { t } from "@/i18n/index.svelte";
import { forget } from "@/stores/query.svelte";
import { queue } from "@/stores/queue.svelte";
import { ui } from "@/stores/ui.svelte";

/** Nothing is queued afterwards; it can be undone. */
export function clearQueue(): void {
  const undo = queue.clear();
  ui.say(t("queue.cleared"), { action: { label: t("undo"), run: undo } });
}

export function removeFromQueue(keys: ReadonlySet<number>): void {
  const undo = queue.take(keys);
  ui.say(t("queue.removed", { n: keys.size }), { action: { label: t("undo"), run: undo } });
}

/** Keeps the queue as a playlist of that name. */
export async function saveQueue(name: string): Promise<Playlist> {
  const track_ids = queue.entries.map(({ track }) => track.id);
  const playlist = await post<Playlist>("/playlists", { name, track_ids });
  forget("/playlists");
  return playlist;
}
