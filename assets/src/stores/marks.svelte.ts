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
/** So many are kept; the oldest are asked for again when they are seen again. */
const MOST_KEPT = 5_000;

class Marks {
  #known = new SvelteMap<string, Mark>();
  #wanted = new Set<string>();
  #timer: ReturnType<typeof setTimeout> | undefined;
  /** Known from before the library changed: shown, and asked for again when seen again. */
  #stale = new Set<string>();
  /** Grows when another listener comes. */
  #round = 0;

  /** The mark of an item; asked for with its neighbours when it is not known yet. */
  of(id: string): Mark {
    const known = this.#known.get(id);
    if (known && !this.#stale.delete(id)) return known;
    if (!this.#wanted.has(id)) {
      this.#wanted.add(id);
      this.#timer ??= setTimeout(() => void this.#ask(), 20);
    }
    return known ?? NOTHING;
  }

  async #ask(): Promise<void> {
    this.#timer = undefined;
    const ids = [...this.#wanted].slice(0, MOST);
    for (const id of ids) this.#wanted.delete(id);
    if (this.#wanted.size > 0) this.#timer = setTimeout(() => void this.#ask(), 20);
    const round = this.#round;
    const before = new Map(ids.map((id) => [id, this.#known.get(id)]));
    const { items } = await get<{ items: Annotation[] }>("/me/annotations", { query: { ids: ids.join(",") } }).catch(() => ({ items: [] }));
    if (round !== this.#round) return;
    for (const each of items) {
      // What was changed here meanwhile is newer than the answer.
      if (this.#known.get(each.item) !== before.get(each.item)) continue;
      this.#known.set(each.item, { favourite: Boolean(each.favourite_since), rating: each.rating ?? 0, plays: each.plays });
    }
    while (this.#known.size > MOST_KEPT) this.#known.delete(this.#known.keys().next().value as string);
  }

  /** The library is another one. What is shown stays until it is read again. */
  refresh(): void {
    this.#stale = new Set(this.#known.keys());
  }

  /** Another listener is here. */
  forgetAll(): void {
    this.#round += 1;
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#wanted.clear();
    this.#stale.clear();
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
