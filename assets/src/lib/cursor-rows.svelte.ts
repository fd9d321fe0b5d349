// Lists that the server gives page by page, each with a cursor to the next: read on as one comes near the end.
import { get, Problem, waitBefore, type Query } from "@/api/client";
import { readPages } from "@/api/pages";
import type { Page } from "@/api/types";
import { showing, type Shown } from "@/stores/shown";
import type { Rows } from "./rows.svelte";

/** `Answer` is the whole answer; `itemsOf` finds the items in it, where they are not at its top. */
export class CursorRows<T, Answer extends object = Page<T>> implements Rows<T>, Shown {
  items = $state.raw<readonly T[]>([]);
  loading = $state(true);
  error = $state.raw<Problem | null>(null);
  /** The first page as it came, with what it says besides its items. */
  first = $state.raw<Answer | null>(null);
  #cursor: string | null = null;
  #ended = $state(false);
  #asked: Promise<void> | null = null;
  /** What could not be read. */
  #failed: (() => Promise<void>) | null = null;
  #attempt = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #closed = false;
  #leave: () => void;

  constructor(
    readonly path: string,
    readonly parameters: Query = {},
    readonly itemsOf: (answer: Answer) => Page<T> = (answer) => answer as unknown as Page<T>,
  ) {
    this.#leave = showing(this);
    void this.more();
  }

  /** The rows that are here: their number grows. */
  get total(): number {
    return this.items.length;
  }

  get ended(): boolean {
    return this.#ended;
  }

  at(row: number): T | undefined {
    return this.items[row];
  }

  want(_from: number, to: number): void {
    if (to >= this.items.length && !this.error) void this.more();
  }

  /** Fewer came back than there are: `error` says why. */
  async take(from: number, most: number): Promise<T[]> {
    while (!this.#ended && this.items.length < from + most) {
      await this.more();
      if (this.error) break;
    }
    return this.items.slice(from, from + most);
  }

  /** Reads the next page, or again what could not be read. */
  more(): Promise<void> {
    if (this.#asked) return this.#asked;
    if (this.#failed) return this.#ask(this.#failed);
    return this.#ended ? Promise.resolve() : this.#ask(() => this.#next());
  }

  /** Reads anew as much as is here, which stays until then. */
  refresh(): void {
    void this.#ask(() => this.#anew());
  }

  retry(): void {
    if (this.error?.passes) void this.more();
  }

  /** No view shows it any more; whoever plays it may still take from it. */
  close(): void {
    this.#closed = true;
    clearTimeout(this.#timer);
    this.#leave();
  }

  /** One reading after the other. */
  #ask(read: () => Promise<void>): Promise<void> {
    const asked = (this.#asked ? this.#asked.then(() => this.#read(read)) : this.#read(read)).finally(() => {
      if (this.#asked === asked) this.#asked = null;
    });
    this.#asked = asked;
    return asked;
  }

  async #next(): Promise<void> {
    const answer = await get<Answer>(this.path, { query: { ...this.parameters, cursor: this.#cursor } });
    const page = this.itemsOf(answer);
    this.first ??= answer;
    this.items = [...this.items, ...page.items];
    this.#goesOnAt(page.next_cursor ?? null);
  }

  async #anew(): Promise<void> {
    const { first, items, cursor } = await readPages<T, Answer>(this.path, this.parameters, { most: this.items.length, pageOf: this.itemsOf });
    this.first = first;
    this.items = items;
    this.#goesOnAt(cursor);
  }

  #goesOnAt(cursor: string | null): void {
    this.#cursor = cursor;
    this.#ended = cursor === null;
  }

  async #read(read: () => Promise<void>): Promise<void> {
    clearTimeout(this.#timer);
    this.loading = true;
    try {
      await read();
      this.error = null;
      this.#failed = null;
      this.#attempt = 0;
    } catch (error) {
      this.#failed = read;
      this.error = error instanceof Problem ? error : new Problem(-1, String(error));
      if (this.error.passes && !this.#closed) this.#timer = setTimeout(() => void this.more(), waitBefore(this.#attempt++, this.error.retryAfter));
    } finally {
      this.loading = false;
    }
  }
}
