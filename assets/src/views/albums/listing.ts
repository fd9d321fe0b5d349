// Which albums are listed and in which order, as the address says it and as the server is asked.
import type { Query } from "@/api/client";
import type { Key } from "@/i18n/index.svelte";

export const SORTS = ["title", "artist", "-year", "year", "-added"] as const;
export type Sort = (typeof SORTS)[number];
export const sortLabels: Record<Sort, Key> = {
  title: "music.sort.title",
  artist: "music.sort.artist",
  "-year": "music.sort.newest",
  year: "music.sort.oldest",
  "-added": "music.sort.added",
};

export interface Listing {
  sort: Sort;
  /** A genre's id. */
  genre: string | null;
  /** Its first year. */
  decade: number | null;
}

export function read(query: URLSearchParams): Listing {
  const sort = SORTS.find((each) => each === query.get("sort")) ?? "title";
  const decade = query.get("decade") ?? "";
  return { sort, genre: query.get("genre"), decade: /^\d{1,4}$/.test(decade) ? Number(decade) : null };
}

/** The query of the address; what is as usual is left out. */
export function written({ sort, genre, decade }: Listing): string {
  const query = new URLSearchParams();
  if (sort !== "title") query.set("sort", sort);
  if (genre) query.set("genre", genre);
  if (decade !== null) query.set("decade", String(decade));
  return query.size ? `?${query}` : "";
}

/** What narrows the list, for the server. */
export function filters({ genre, decade }: Listing): Query {
  return { genre, year_from: decade, year_to: decade === null ? null : decade + 9 };
}
