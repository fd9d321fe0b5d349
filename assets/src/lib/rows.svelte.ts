// Long lists: what is at which row, fetched as it is needed. Views draw only the rows in sight.
import { get, Problem, waitBefore, type Query } from "@/api/client";
import type { Page } from "@/api/types";
import { showing, type Shown } from "@/stores/shown";

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
/** How often a reading of many pages begins anew when the list changes in the middle of it. */
const MOST_TRIES = 3;

interface KnownPage<T> {
  items: readonly T[];
  revision: string | null;
  /** The number of the request that it answers. */
  number: number;
}

/** A list of the server that tells its `total` and can be read from any place (`skip`). */
export class WindowedRows<T> implements Rows<T>, Shown {
  total = $state(0);
  loading = $state(true);
  error = $state.raw<Problem | null>(null);
  /** Grows when pages come or go, so that `at` is followed. */
  #version = $state(0);
  #pages = new Map<number, KnownPage<T>>();
  #asked = new Map<number, Promise<void>>();
  #revision: string | null = null;
  #requests = 0;
  /** Answers to requests before this one are of an older list. */
  #since = 0;
  #inSight = { from: 0, to: 1 };
  #attempt = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #closed = false;
  #leave: () => void;

  constructor(
    readonly path: string,
    readonly parameters: Query = {},
  ) {
    this.#leave = showing(this);
    void this.#load(0);
  }

  at(row: number): T | undefined {
    void this.#version;
    return this.#pages.get(Math.floor(row / SIZE))?.items[row % SIZE];
  }

  want(from: number, to: number): void {
    this.#inSight = { from, to };
    const last = Math.max(0, Math.ceil(this.total / SIZE) - 1);
    const first = Math.max(0, Math.floor(from / SIZE));
    for (let page = first; page <= Math.min(last, Math.floor(Math.max(from, to - 1) / SIZE)); page += 1) void this.#load(page);
  }

  /** All of them are of one state of the list. Fewer came back than there are: `error` says why. */
  async take(from: number, most: number): Promise<T[]> {
    for (let tries = 1; ; tries += 1) {
      if (this.total === 0) await this.#load(0);
      const since = this.#since;
      const found = await this.#taken(from, most);
      if (since === this.#since || tries === MOST_TRIES) return found;
    }
  }

  async #taken(from: number, most: number): Promise<T[]> {
    const until = Math.min(this.total, from + most);
    const found: T[] = [];
    for (let page = Math.floor(from / SIZE); page * SIZE < until; page += 1) {
      await this.#load(page);
      const known = this.#pages.get(page);
      if (!known || !this.#isFresh(known)) break;
      found.push(...known.items.slice(Math.max(0, from - page * SIZE), until - page * SIZE));
    }
    return found;
  }

  /** Reads anew what is in sight, and the rest when it comes into sight. What is shown stays until the new rows are here. */
  refresh(): void {
    this.#asked.clear();
    this.#revision = null;
    this.#since = this.#requests + 1;
    this.#again();
  }

  retry(): void {
    if (this.error?.passes) this.#again();
  }

  /** No view shows it any more; whoever plays it may still take from it. */
  close(): void {
    this.#closed = true;
    clearTimeout(this.#timer);
    this.#leave();
  }

  #again(): void {
    clearTimeout(this.#timer);
    if (!this.#closed) this.want(this.#inSight.from, this.#inSight.to);
  }

  #isFresh({ revision, number }: Omit<KnownPage<T>, "items">): boolean {
    return number >= this.#since || (revision !== null && revision === this.#revision);
  }

  #load(page: number): Promise<void> {
    const known = this.#pages.get(page);
    if (known && this.#isFresh(known)) return Promise.resolve();
    const under = this.#asked.get(page);
    if (under) return under;
    const asked = this.#fetch(page).then((isNews) => {
      if (this.#asked.get(page) === asked) this.#asked.delete(page);
      if (isNews) this.#again();
    });
    this.#asked.set(page, asked);
    return asked;
  }

  /** Is what is in sight to be read again? */
  async #fetch(page: number): Promise<boolean> {
    this.#requests += 1;
    const number = this.#requests;
    try {
      const query = { ...this.parameters, skip: page * SIZE || undefined, limit: SIZE };
      const answer = await get<Page<T>>(this.path, { query });
      const revision = answer.revision == null ? null : String(answer.revision);
      if (!this.#isFresh({ revision, number })) return true;
      const isNews = this.#revision !== null && revision !== this.#revision;
      if (isNews) this.#since = number;
      this.#revision = revision;
      this.total = answer.total ?? page * SIZE + answer.items.length;
      this.#keep(page, { items: answer.items, revision, number });
      this.error = null;
      this.#attempt = 0;
      return isNews;
    } catch (error) {
      this.error = error instanceof Problem ? error : new Problem(-1, String(error));
      clearTimeout(this.#timer);
      if (this.error.passes && !this.#closed) this.#timer = setTimeout(() => this.#again(), waitBefore(this.#attempt++, this.error.retryAfter));
      return false;
    } finally {
      this.loading = false;
    }
  }

  #keep(page: number, known: KnownPage<T>): void {
    this.#pages.delete(page);
    this.#pages.set(page, known);
    while (this.#pages.size > MOST_PAGES) this.#pages.delete(this.#pages.keys().next().value as number);
    this.#version += 1;
  }
}
