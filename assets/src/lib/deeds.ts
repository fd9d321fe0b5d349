// Things done with music: playing, radio, sharing, downloading. Menus and buttons call these.
import { address, problemOf } from "@/api/client";
import type { Track } from "@/api/types";
import { t } from "@/i18n/index.svelte";
import { marks } from "@/stores/marks.svelte";
import { player } from "@/stores/player.svelte";
import { ui } from "@/stores/ui.svelte";
import { type Gathered, tracksOf } from "./gather";
import { shuffled } from "./order";
import { showDialog } from "./dialogs";

/** From where something is played, as plays are told to the server. */
export const sourceOf = ({ kind, id }: Gathered) => `${kind}:${id}`;

/** Runs something that may fail; says so when it does. */
export async function attempt(deed: () => Promise<unknown> | unknown): Promise<void> {
  try {
    await deed();
  } catch (error) {
    ui.sayProblem(error);
  }
}

/** Plays tracks that have to be gathered first, unless something else is pressed meanwhile. */
export const playGathered = (gather: () => Promise<readonly Track[]>, source: string, { shuffle = false } = {}) =>
  attempt(async () => {
    const isLast = player.pressed();
    const tracks = await gather();
    if (!isLast()) return;
    if (tracks.length === 0) return ui.say(t("music.nothing"));
    await player.play(shuffle ? shuffled(tracks) : tracks, 0, source);
  });

export const playAll = (item: Gathered, options?: { shuffle?: boolean }) => playGathered(() => tracksOf(item), sourceOf(item), options);

export const playAllNext = (item: Gathered) => attempt(async () => player.playNext(await tracksOf(item), sourceOf(item)));

export const queueAll = (item: Gathered) => attempt(async () => player.addToQueue(await tracksOf(item), sourceOf(item)));

/** Endless music that goes with a track, an album, an artist, a genre or a playlist; `first` is played before it. */
export const startRadio = (id: string, first: readonly Track[] = []) => player.radio(id, first[0]);

export const addToPlaylist = (tracks: () => Promise<readonly Track[]>, count: number | null) =>
  showDialog(() => import("@/parts/AddToPlaylist.svelte"), { tracks, count });

export const share = (what: { items?: readonly string[]; playlists?: readonly string[]; name: string }) =>
  showDialog(() => import("@/parts/Share.svelte"), { items: what.items ?? [], playlists: what.playlists ?? [], name: what.name });

/** Saves a file of the server, or says why it does not give it. */
export const saveFile = (place: string) =>
  attempt(async () => {
    const asked = await fetch(place, { headers: { range: "bytes=0-0" } });
    if (!asked.ok) throw await problemOf(asked);
    const link = document.createElement("a");
    link.href = place;
    link.download = "";
    link.click();
  });

export const download = (track: Track) => saveFile(address(`/tracks/${encodeURIComponent(track.id)}/download`));

/** Loves all of them, or none any more when all are loved. */
export const favourAll = (tracks: readonly Track[], favourite: boolean) =>
  attempt(async () => {
    for (const track of tracks) if (marks.of(track.id).favourite !== favourite) await marks.favour(track.id, favourite, { quiet: true });
    ui.say(t(favourite ? "favourite.added" : "favourite.removed"));
  });

export const rateAll = (tracks: readonly Track[], rating: number) =>
  attempt(async () => {
    for (const track of tracks) await marks.rate(track.id, rating);
  });
