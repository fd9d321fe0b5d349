// Long lists: what is at which row, fetched as it is needed. Views draw only the rows in sight.
import { get, Problem, type Query } from "@/api/client";
import type { Page } from "@/api/types";

/** A list that can be drawn row by row. Reading `total`, `error` and `at` in a component follows them. */
export interface Rows<T> {
  readonly total: number;
  readonly loading: boolean;
  readonly error: Problem | null;
  /** The item of a row, when it is here already. */
  at(row: number): T | undefined;
  /** Says which rows are in sight (`to` not included), so that they and their neighbours are fetched. */
  want(from: number, to: number): void;
  /** The items of the rows from `from` on, at most `most`. */
  take(from: number, most: number): Promise<T[]>;
}

/** A list that is here as a whole. */
export class FixedRows<T> implements Rows<T> {
  items = $state.raw<readonly T[]>([]);
  readonly loading = false;
  readonly error = null;

  constructor(items: readonly T[]) {
    this.items = items;
  }

  get total(): number {
    return this.items.length;
  }

  at(row: number): T | undefined {
    return this.items[row];
  }

  want(): void {}

  take(from: number, most: number): Promise<T[]> {
    return Promise.resolve(this.items.slice(from, from + most));
  }
}

const SIZE = 200;
const MOST_PAGES = 40;

/** A list of the server that tells its `total` and can be read from any place (`skip`). */
export class WindowedRows<T> implements Rows<T> {
  total = $state(0);
  loading = $state(true);
  error = $state.raw<Problem | null>(null);
  /** Grows when pages come or go, so that `at` is followed. */
  #version = $state(0);
  #pages = new Map<number, readonly T[]>();
  #asked = new Map<number, Promise<void>>();
  #revision: string | null = null;
  #abort = new AbortController();

  constructor(
    readonly path: string,
    readonly parameters: Query = {},
  ) {
    void this.#load(0);
  }

  at(row: number): T | undefined {
    void this.#version;
    return this.#pages.get(Math.floor(row / SIZE))?.[row % SIZE];
  }

  want(from: number, to: number): void {
    const last = Math.max(0, Math.ceil(this.total / SIZE) - 1);
    const first = Math.max(0, Math.floor(from / SIZE));
    for (let page = first; page <= Math.min(last, Math.floor(Math.max(from, to - 1) / SIZE)); page += 1) void this.#load(page);
  }

  async take(from: number, most: number): Promise<T[]> {
    if (this.total === 0) await this.#load(0);
    const until = Math.min(this.total, from + most);
    const found: T[] = [];
    for (let page = Math.floor(from / SIZE); page * SIZE < until; page += 1) {
      await this.#load(page);
      const items = this.#pages.get(page) ?? [];
      found.push(...items.slice(Math.max(0, from - page * SIZE), until - page * SIZE));
    }
    return found;
  }

  /** Reads everything anew, keeping what is shown until the new rows are here. */
  async refresh(): Promise<void> {
    this.#asked.clear();
    this.#revision = null;
    const kept = [...this.#pages.keys()];
    await Promise.all(kept.map((page) => this.#load(page, true)));
  }

  close(): void {
    this.#abort.abort();
  }

  #load(page: number, again = false): Promise<void> {
    if (!again && this.#pages.has(page)) return Promise.resolve();
    let asked = this.#asked.get(page);
    if (!asked) {
      asked = this.#fetch(page).finally(() => this.#asked.delete(page));
      this.#asked.set(page, asked);
    }
    return asked;
  }

  async #fetch(page: number): Promise<void> {
    try {
      const query = { ...this.parameters, skip: page * SIZE || undefined, limit: SIZE };
      const answer = await get<Page<T>>(this.path, { query, signal: this.#abort.signal });
      const revision = answer.revision == null ? null : String(answer.revision);
      if (this.#revision !== null && revision !== this.#revision) this.#pages.clear();
      this.#revision = revision;
      this.total = answer.total ?? page * SIZE + answer.items.length;
      this.#pages.delete(page);
      this.#pages.set(page, answer.items);
      while (this.#pages.size > MOST_PAGES) this.#pages.delete(this.#pages.keys().next().value as number);
      this.#version += 1;
      this.error = null;
    } catch (error) {
      if (this.#abort.signal.aborted) return;
      this.error = error instanceof Problem ? error : new Problem(-1, String(error));
    } finally {
      this.loading = false;
    }
  }
}
