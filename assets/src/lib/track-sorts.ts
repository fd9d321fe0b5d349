// The orders that lists of tracks come in, and a random part of a long list.
import type { Track } from "@/api/types";
import type { Key } from "@/i18n/index.svelte";
import { shuffled } from "./order";
import type { Rows } from "./rows.svelte";

export const SORTS: readonly { sort: string; label: Key }[] = [
  { sort: "title", label: "music.sort.title" },
  { sort: "artist", label: "music.sort.artist" },
  { sort: "album", label: "music.sort.album" },
  { sort: "-year", label: "music.sort.newest" },
  { sort: "year", label: "music.sort.oldest" },
  { sort: "-added", label: "music.sort.added" },
];

/** The order that an address asks for; the first where it asks for none that there is. */
export const sortOf = (wanted: string | null) => SORTS.find(({ sort }) => sort === wanted)?.sort ?? "title";

const PLACES = 10;
const EACH = 20;

/** Up to 200 tracks from places all over a list, in random order: a long list is not read as a whole for that. */
export async function randomPart(rows: Rows<Track>, random = Math.random): Promise<Track[]> {
  if (rows.total <= PLACES * EACH) return shuffled(await rows.take(0, rows.total), random);
  const found = new Map<string, Track>();
  for (let part = 0; part < PLACES; part += 1) {
    const [from, to] = [Math.floor((rows.total * part) / PLACES), Math.floor((rows.total * (part + 1)) / PLACES)];
    const start = from + Math.floor(random() * Math.max(1, to - from - EACH));
    for (const track of await rows.take(start, EACH)) if (!track.missing_since) found.set(track.id, track);
  }
  return shuffled([...found.values()], random);
}
