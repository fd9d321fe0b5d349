// A list that is read page by page with a cursor: the first page, then more when it is asked for.
import { get, Problem, type Query } from "@/api/client";
import type { Page } from "@/api/types";

export class Pages<T> {
  items = $state.raw<T[]>([]);
  loading = $state(true);
  error = $state.raw<Problem | null>(null);
  hasMore = $state(false);
  #cursor: string | null = null;
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
    this.#abort.abort();
  }

  async #read(cursor: string | null): Promise<void> {
    this.loading = true;
    try {
      const query = { ...this.parameters, limit: this.size, cursor };
      const page = await get<Page<T>>(this.path, { query, signal: this.#abort.signal });
      this.items = cursor === null ? page.items : [...this.items, ...page.items];
      this.#cursor = page.next_cursor ?? null;
      this.hasMore = this.#cursor !== null;
      this.error = null;
    } catch (error) {
      if (this.#abort.signal.aborted) return;
      this.error = error instanceof Problem ? error : new Problem(-1, String(error));
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
