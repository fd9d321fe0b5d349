// Lists that come page by page, read as a whole.
import { get, type Query } from "./client";
import type { Page } from "./types";

interface Reading<T, Answer> {
  /** Enough of them; the last page comes whole all the same. */
  most?: number;
  /** The page in an answer, where that is not its top. */
  pageOf?: (answer: Answer) => Page<T>;
  signal?: AbortSignal | null;
}

export interface Read<T, Answer> {
  items: T[];
  /** Where to go on; `null` at the end of the list. */
  cursor: string | null;
  /** The first answer, with what it says besides its items. */
  first: Answer;
}

const itself = (answer: unknown) => answer;

/** Reads the pages of a list one behind the other. */
export async function readPages<T, Answer = Page<T>>(path: string, query: Query = {}, reading: Reading<T, Answer> = {}): Promise<Read<T, Answer>> {
  const { most = Infinity, signal = null } = reading;
  const pageOf = reading.pageOf ?? (itself as (answer: Answer) => Page<T>);
  const first = await get<Answer>(path, { query, signal });
  let { items, next_cursor: cursor } = pageOf(first);
  const found = [...items];
  while (cursor && found.length < most) {
    ({ items, next_cursor: cursor } = pageOf(await get<Answer>(path, { query: { ...query, cursor }, signal })));
    found.push(...items);
  }
  return { items: found, cursor: cursor ?? null, first };
}

/** The items of a list, about `most` of them at the most. */
export async function allPages<T>(path: string, query: Query = {}, most = Infinity): Promise<T[]> {
  return (await readPages<T>(path, query, { most })).items;
}
