// The kinds of things that are found, with their names in the answer and in the page.
import type { Schema } from "@/api/types";

export type Kind = Schema<"FoundKind">;
export const KINDS = ["artist", "album", "track", "playlist"] as const satisfies readonly Kind[];
export const plural = { artist: "artists", album: "albums", track: "tracks", playlist: "playlists" } as const;
export const labels = { artist: "nav.artists", album: "nav.albums", track: "nav.tracks", playlist: "nav.playlists" } as const;

export function isKind(text: string | null): text is Kind {
  return text !== null && Object.hasOwn(plural, text);
}
