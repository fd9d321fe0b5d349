// Lists that the server gives page by page, each with a cursor to the next: read on as one comes near the end.
import { get, Problem, type Query } from "@/api/client";
import type { Rows } from "./rows.svelte";

interface CursorPage<T> {
  items: T[];
  next_cursor?: string | null;
}

/** `Answer` is the whole answer; `itemsOf` finds the items in it, where they are not at its top. */
export class CursorRows<T, Answer extends object = CursorPage<T>> implements Rows<T> {
  items = $state.raw<readonly T[]>([]);
  loading = $state(true);
  error = $state.raw<Problem | null>(null);
  /** The first page as it came, with what it says besides its items. */
  first = $state.raw<Answer | null>(null);
  #cursor: string | null = null;
  #ended = $state(false);
  #asked: Promise<void> | null = null;
  #abort = new AbortController();

  constructor(
    readonly path: string,
    readonly parameters: Query = {},
    readonly itemsOf: (answer: Answer) => CursorPage<T> = (answer) => answer as unknown as CursorPage<T>,
  ) {
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

  async take(from: number, most: number): Promise<T[]> {
    while (!this.#ended && this.items.length < from + most && !this.error) await this.more();
    return this.items.slice(from, from + most);
  }

  /** Reads the next page. */
  more(): Promise<void> {
    if (this.#ended) return Promise.resolve();
    this.#asked ??= this.#read().finally(() => (this.#asked = null));
    return this.#asked;
  }

  close(): void {
    this.#abort.abort();
  }

  async #read(): Promise<void> {
    this.loading = true;
    try {
      const query = { ...this.parameters, cursor: this.#cursor };
      const answer = await get<Answer>(this.path, { query, signal: this.#abort.signal });
      const page = this.itemsOf(answer);
      this.first ??= answer;
      this.items = [...this.items, ...page.items];
      this.#cursor = page.next_cursor ?? null;
      this.#ended = this.#cursor === null;
      this.error = null;
    } catch (error) {
      if (this.#abort.signal.aborted) return;
      this.error = error instanceof Problem ? error : new Problem(-1, String(error));
    } finally {
      this.loading = false;
    }
  }
}
