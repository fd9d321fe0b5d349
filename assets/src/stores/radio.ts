// A radio from a track, an album or an artist: more of its kind, as long as one listens.
import { get, Problem } from "@/api/client";
import type { Schema, Track } from "@/api/types";
import type { More } from "./queue.svelte";

type Recommendations = Schema<"Recommendations">;

const PAGE = 25;

/** Tracks that go with an item; none of those that came already. */
export function radio(from: string): More {
  const known = new Set<string>(from.startsWith("tr-") ? [from] : []);
  let seed = from;
  const fetch = async (): Promise<readonly Track[]> => {
    const fresh = (await ask(seed)).filter((track) => !known.has(track.id) && !track.missing_since);
    for (const track of fresh) known.add(track.id);
    seed = fresh.at(-1)?.id ?? seed;
    return fresh;
  };
  return { source: `radio:${from}`, fetch };
}

async function ask(seed: string): Promise<Track[]> {
  try {
    const { items } = await get<{ items: (Track | { track: Track })[] }>("/radio", { query: { from: seed, limit: PAGE } });
    return items.map((item) => ("track" in item ? item.track : item));
  } catch (error) {
    // A server without radios has tracks that are alike.
    if (!(error instanceof Problem) || error.status !== 404 || !seed.startsWith("tr-")) throw error;
    const { items } = await get<Recommendations>(`/tracks/${encodeURIComponent(seed)}/similar`, { query: { limit: PAGE } });
    return items.map(({ track }) => track);
  }
}
