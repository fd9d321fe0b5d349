// A long list in parts: the queue takes the next one as it is needed.
import type { Track } from "@/api/types";
import type { Rows } from "@/lib/rows.svelte";
import type { More } from "./queue.svelte";

const PART = 500;

/** The rows from there on; an error where they could not be had, not an end. */
export async function taken(rows: Rows<Track>, from: number): Promise<Track[]> {
  const tracks = await rows.take(from, PART);
  const wanted = rows.total === 0 ? PART : Math.min(PART, rows.total - from);
  if (rows.error && tracks.length < wanted) throw rows.error;
  return tracks;
}

/** More of a long list, from a row on. */
export function restOf(rows: Rows<Track>, from: number, source: string): More {
  let next = from;
  const fetch = async () => {
    const tracks = await taken(rows, next);
    next += tracks.length;
    return tracks;
  };
  return { source, fetch };
}
