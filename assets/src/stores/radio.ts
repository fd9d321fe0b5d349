// A radio from a track, an album or an artist: more of its kind, as long as one listens.
import { get } from "@/api/client";
import type { Schema, Track } from "@/api/types";
import type { More } from "./queue.svelte";

type Recommendations = Schema<"Recommendations">;

const PAGE = 25;
/** What came that long ago may come again. */
const MOST_EXCLUDED = 200;

/** Tracks that go with an item; none of those that came lately. */
export function radio(from: string): More {
  let lately: string[] = from.startsWith("tr-") ? [from] : [];
  const fetch = async (): Promise<readonly Track[]> => {
    const tracks = (await ask(from, lately)).filter((track) => !lately.includes(track.id) && !track.missing_since);
    lately = [...lately, ...tracks.map(({ id }) => id)].slice(-MOST_EXCLUDED);
    return tracks;
  };
  return { source: `radio:${from}`, fetch };
}

async function ask(from: string, lately: readonly string[]): Promise<Track[]> {
  const query = { from, limit: PAGE, exclude: lately.join(",") };
  return (await get<Recommendations>("/radio", { query })).items.map(({ track }) => track);
}
