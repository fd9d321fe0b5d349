// What the listener thinks of things: favourites and ratings, laid over whatever the views show, by id.
import { SvelteMap } from "svelte/reactivity";
import { get, put, remove } from "@/api/client";
import type { Annotation } from "@/api/types";
import { t } from "@/i18n/index.svelte";
import { forget } from "./query.svelte";
import { ui } from "./ui.svelte";

export interface Mark {
  favourite: boolean;
  /** 1 to 5; 0: not rated. */
  rating: number;
  plays: number;
}

const NOTHING: Mark = { favourite: false, rating: 0, plays: 0 };
/** The most ids in one question. */
const MOST = 500;

class Marks {
  #known = new SvelteMap<string, Mark>();
  #wanted = new Set<string>();
  #timer: ReturnType<typeof setTimeout> | undefined;

  /** The mark of an item; asked for with its neighbours when it is not known yet. */
  of(id: string): Mark {
    const known = this.#known.get(id);
    if (known) return known;
    if (!this.#wanted.has(id)) {
      this.#wanted.add(id);
      this.#timer ??= setTimeout(() => void this.#ask(), 20);
    }
    return NOTHING;
  }

  async #ask(): Promise<void> {
    this.#timer = undefined;
    const ids = [...this.#wanted].slice(0, MOST);
    for (const id of ids) this.#wanted.delete(id);
    if (this.#wanted.size > 0) this.#timer = setTimeout(() => void this.#ask(), 20);
    const { items } = await get<{ items: Annotation[] }>("/me/annotations", { query: { ids: ids.join(",") } }).catch(() => ({ items: [] }));
    for (const each of items) {
      if (this.#known.has(each.item)) continue;
      this.#known.set(each.item, { favourite: Boolean(each.favourite_since), rating: each.rating ?? 0, plays: each.plays });
    }
  }

  forgetAll(): void {
    this.#known.clear();
  }

  /** Shown at once; taken back, with the reason, when the server refuses. */
  async favour(id: string, favourite = !this.of(id).favourite, { quiet = false } = {}): Promise<void> {
    const before = this.of(id);
    this.#known.set(id, { ...before, favourite });
    try {
      const path = `/me/favourites/${encodeURIComponent(id)}`;
      await (favourite ? put(path) : remove(path));
      forget("/me/favourites");
      if (!quiet) {
        const undo = { label: t("undo"), run: () => this.favour(id, !favourite, { quiet: true }) };
        ui.say(t(favourite ? "favourite.added" : "favourite.removed"), { action: undo });
      }
    } catch (error) {
      this.#known.set(id, before);
      ui.sayProblem(error);
    }
  }

  /** `rating` 0 takes it away. */
  async rate(id: string, rating: number): Promise<void> {
    const before = this.of(id);
    this.#known.set(id, { ...before, rating });
    try {
      await put(`/me/ratings/${encodeURIComponent(id)}`, { rating });
    } catch (error) {
      this.#known.set(id, before);
      ui.sayProblem(error);
    }
  }
}

export const marks = new Marks();
