// All genres by name and id, read once when they are first needed: tracks and albums name theirs, links need ids.
import { get } from "@/api/client";
import type { Genre, Page } from "@/api/types";

const MOST = 5_000;

class Genres {
  all = $state.raw<readonly Genre[] | null>(null);
  readonly #byName = $derived(new Map(this.all?.map((genre) => [genre.name.toLocaleLowerCase(), genre])));
  #asked: Promise<void> | null = null;

  /** Reads them, if that was not done yet; a view that needs them calls this first. */
  ask(): Promise<void> {
    this.#asked ??= this.#read().catch(() => {
      this.#asked = null;
    });
    return this.#asked;
  }

  named(name: string): Genre | undefined {
    return this.#byName.get(name.toLocaleLowerCase());
  }

  of(id: string): Genre | undefined {
    return this.all?.find((genre) => genre.id === id);
  }

  async #read(): Promise<void> {
    const found: Genre[] = [];
    let cursor: string | null | undefined;
    do {
      const page = await get<Page<Genre>>("/genres", { query: { limit: 500, cursor } });
      found.push(...page.items);
      cursor = page.next_cursor;
    } while (cursor && found.length < MOST);
    this.all = found;
  }
}

export const genres = new Genres();
