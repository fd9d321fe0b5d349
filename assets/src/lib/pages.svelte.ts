// A list that is read page by page with a cursor: the first page, then more when it is asked for. Tries again by itself
// while a service is away.
import { get, Problem, waitBefore, type Query } from "@/api/client";
import type { Page } from "@/api/types";

export class Pages<T> {
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

  constructor(
    readonly path: string,
    readonly parameters: Query = {},
    readonly size = 50,
  ) {}

  /** Reads the beginning anew; what is shown stays until it is here. */
  async load(): Promise<void> {
    await this.#read(null);
  }

  async more(): Promise<void> {
    if (this.#cursor !== null && !this.loading) await this.#read(this.#cursor);
  }

  close(): void {
    clearTimeout(this.#timer);
    this.#abort.abort();
  }

  async #read(cursor: string | null): Promise<void> {
    clearTimeout(this.#timer);
    this.loading = true;
    try {
      const query = { ...this.parameters, limit: this.size, cursor };
      const page = await get<Page<T>>(this.path, { query, signal: this.#abort.signal });
      this.items = cursor === null ? page.items : [...this.items, ...page.items];
      this.#cursor = page.next_cursor ?? null;
      this.hasMore = this.#cursor !== null;
      this.error = null;
      this.known = true;
      this.#attempt = 0;
    } catch (error) {
      if (this.#abort.signal.aborted) return;
      this.error = error instanceof Problem ? error : new Problem(-1, String(error));
      if (this.error.passes) this.#timer = setTimeout(() => void this.#read(cursor), waitBefore(this.#attempt++, this.error.retryAfter));
    } finally {
      this.loading = false;
    }
  }
}

/** The list at a path for as long as the component lives; read anew when the parameters change. */
export function pages<T>(path: string, parameters: () => Query = () => ({}), size = 50): { readonly current: Pages<T> } {
  const current = $derived(new Pages<T>(path, parameters(), size));
  $effect(() => {
    const mine = current;
    void mine.load();
    return () => mine.close();
  });
  return {
    get current() {
      return current;
    },
  };
}
