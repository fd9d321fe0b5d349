// A list that is read page by page with a cursor: the first page, then more when it is asked for. Tries again by itself
// while a service is away.
import { Problem, waitBefore, type Query } from "@/api/client";
import { readPages } from "@/api/pages";
import { showing, type Shown } from "@/stores/shown";

export class Pages<T> implements Shown {
  items = $state.raw<T[]>([]);
  loading = $state(true);
  /** It was read once: what is not there then is not there. */
  known = $state(false);
  error = $state.raw<Problem | null>(null);
  hasMore = $state(false);
  #cursor: string | null = null;
  #attempt = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #abort = new AbortController();
  /** The newest reading is the one that counts. */
  #round = 0;
  #leave = () => {};

  constructor(
    readonly path: string,
    readonly parameters: Query = {},
    readonly size = 50,
  ) {}

  /** Reads the beginning anew; what is shown stays until it is here. */
  load(): Promise<void> {
    return this.#read(null, 1);
  }

  async more(): Promise<void> {
    if (this.#cursor !== null && !this.loading) await this.#read(this.#cursor, 1);
  }

  /** Reads anew as much as is here. */
  refresh(): void {
    void this.#read(null, this.items.length);
  }

  retry(): void {
    if (this.error?.passes && !this.loading) void (this.#cursor === null ? this.load() : this.more());
  }

  /** @internal */
  open(): void {
    this.#leave = showing(this);
    void this.load();
  }

  close(): void {
    this.#leave();
    clearTimeout(this.#timer);
    this.#abort.abort();
  }

  /** Whole pages, as many as it takes for `most` items. */
  async #read(cursor: string | null, most: number): Promise<void> {
    clearTimeout(this.#timer);
    this.loading = true;
    this.#round += 1;
    const round = this.#round;
    try {
      const query = { ...this.parameters, limit: this.size, cursor };
      const { items, cursor: next } = await readPages<T>(this.path, query, { most, signal: this.#abort.signal });
      if (round !== this.#round) return;
      this.items = cursor === null ? items : [...this.items, ...items];
      this.#cursor = next;
      this.hasMore = next !== null;
      this.error = null;
      this.known = true;
      this.#attempt = 0;
    } catch (error) {
      if (this.#abort.signal.aborted || round !== this.#round) return;
      this.error = error instanceof Problem ? error : new Problem(-1, String(error));
      if (this.error.passes) this.#timer = setTimeout(() => void this.#read(cursor, most), waitBefore(this.#attempt++, this.error.retryAfter));
    } finally {
      if (round === this.#round) this.loading = false;
    }
  }
}

/** The list at a path for as long as the component lives; read anew when the parameters change. */
export function pages<T>(path: string, parameters: () => Query = () => ({}), size = 50): { readonly current: Pages<T> } {
  const current = $derived(new Pages<T>(path, parameters(), size));
  $effect(() => {
    const mine = current;
    mine.open();
    return () => mine.close();
  });
  return {
    get current() {
      return current;
    },
  };
}
