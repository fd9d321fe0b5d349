// Edits of the catalogue, told in a line.
import type { Schema } from "@/api/types";

export interface Described {
  kind: "artist" | "genre" | "album";
  /** What is tagged; `null` for an album, which is a number of tracks. */
  from: string | null;
  tracks: number;
  to: string;
}

export function described(edit: Schema<"EditOf">): Described {
  if ("artist" in edit) return { kind: "artist", from: edit.artist.name, tracks: 0, to: edit.artist.becomes.join("; ") };
  if ("genre" in edit) return { kind: "genre", from: edit.genre.name, tracks: 0, to: edit.genre.becomes.join("; ") };
  const { title, artists, year, version, tracks } = edit.album;
  const to = [title, artists?.join("; "), year, version].filter((part) => part != null && part !== "").join(" · ");
  return { kind: "album", from: null, tracks: tracks?.length ?? 0, to: to || "…" };
}
