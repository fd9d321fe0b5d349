// From where something was played, in words.
import type { Key } from "@/i18n/index.svelte";

const KNOWN: Record<string, Key> = {
  album: "music.from.album",
  artist: "music.from.artist",
  genre: "music.from.genre",
  playlist: "music.from.playlist",
  radio: "music.from.radio",
  search: "nav.search",
  tracks: "nav.tracks",
  favourites: "nav.favourites",
  history: "nav.history",
};

/** Of `album:al-…`, `radio:tr-…`; `null` for what this page has not named: apps tell sources of their own. */
export function sourceInWords(source: string | null | undefined): Key | null {
  const kind = source?.split(":")[0] ?? "";
  return Object.hasOwn(KNOWN, kind) ? (KNOWN[kind] ?? null) : null;
}
