// All tracks of an album, an artist, a genre, a playlist: for playing and queueing them from where only their card is.
import { get } from "@/api/client";
import { allPages, readPages } from "@/api/pages";
import type { AlbumDetail, PlaylistDetail, Track } from "@/api/types";


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
  if (kind !== "playlist") return allPages<Track>("/tracks", { [kind]: id, sort: "album", limit: PAGE }, MOST);
  const pageOf = ({ tracks }: PlaylistDetail) => tracks;
  const { items } = await readPages<PlaylistDetail["tracks"]["items"][number], PlaylistDetail>(path, { limit: PAGE }, { most: MOST, pageOf });
  return items.flatMap(({ track }) => track ?? []);
}
