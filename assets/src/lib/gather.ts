// All tracks of an album, an artist, a genre, a playlist: for playing and queueing them from where only their card is.
import { get } from "@/api/client";
import type { AlbumDetail, Page, PlaylistDetail, Track } from "@/api/types";

/** As many as a queue takes. */
const MOST = 2_000;
const PAGE = 500;

export type Gathered = { kind: "album" | "artist" | "genre" | "playlist"; id: string };

export async function tracksOf({ kind, id }: Gathered): Promise<Track[]> {
  const found = await gather(kind, id);
  return found.filter((track) => !track.missing_since);
}

async function gather(kind: Gathered["kind"], id: string): Promise<Track[]> {
  const path = `/${kind}s/${encodeURIComponent(id)}`;
  if (kind === "album") return (await get<AlbumDetail>(path)).tracks;
  const found: Track[] = [];
  let cursor: string | null | undefined;
  do {
    let page: Page<Track>;
    if (kind === "playlist") {
      const { tracks } = await get<PlaylistDetail>(path, { query: { limit: PAGE, cursor } });
      page = { items: tracks.items.flatMap((entry) => entry.track ?? []), next_cursor: tracks.next_cursor };
    } else page = await get<Page<Track>>("/tracks", { query: { [kind]: id, sort: "album", limit: PAGE, cursor } });
    found.push(...page.items);
    cursor = page.next_cursor;
  } while (cursor && found.length < MOST);
  return found;
}

/** In another order, each as likely as the other. */
export function shuffled<T>(items: readonly T[], random = Math.random): T[] {
  const order = [...items];
  for (let place = order.length - 1; place > 0; place -= 1) {
    const other = Math.floor(random() * (place + 1));
    [order[place], order[other]] = [order[other] as T, order[place] as T];
  }
  return order;
}
