// Searching while someone types: each letter asks anew and gives up what was asked before; what was seen is kept for going back.
import { get, Problem, waitBefore } from "@/api/client";
import type { Schema } from "@/api/types";

export type Results = Schema<"SearchResults">;
export type Suggestion = Schema<"Suggestion">;

/** Letters that come closer together than this, as those of a text that is pasted or held down, are asked for once. */
const PAUSE_MS = 30;
/** An answer that comes sooner is not worth saying that one waits for it. */
const SLOW_MS = 150;
const MOST_KEPT = 60;
/** Of each kind in the overview. */
export const SHOWN = 12;

interface Answer {
  results: Results;
  suggestions: readonly Suggestion[];
}
type Suggestions = { items: readonly Suggestion[] };

export class Search {
  /** What the results are for; lags behind what is typed. */
  found = $state("");
  results = $state.raw<Results | null>(null);
  suggestions = $state.raw<readonly Suggestion[]>([]);
  error = $state.raw<Problem | null>(null);
  /** The query is half typed, or wrong: where and why, in the server's words. */
  hint = $state("");
  /** The first results let one wait. */
  slow = $state(false);
  #kept = new Map<string, Answer>();
  #timer: ReturnType<typeof setTimeout> | undefined;
  #patience: ReturnType<typeof setTimeout> | undefined;
  #abort = new AbortController();
  #attempt = 0;
  /** When the last letter was typed. */
  #typed = -PAUSE_MS;

  /** Looks for this at once, or when letters stop coming fast. */
  look(text: string, { now = false } = {}): void {
    const query = text.trim();
    clearTimeout(this.#timer);
    this.#abort.abort();
    this.#abort = new AbortController();
    if (!query) {
      this.#show("", null);
      return;
    }
    const kept = this.#kept.get(query);
    if (kept) this.#show(query, kept);
    if (!this.results) this.#patience ??= setTimeout(() => (this.slow = true), SLOW_MS);
    const isFast = performance.now() - this.#typed < PAUSE_MS;
    this.#typed = performance.now();
    if (isFast && !now) this.#timer = setTimeout(() => void this.#ask(query, this.#abort.signal), PAUSE_MS);
    else void this.#ask(query, this.#abort.signal);
  }

  close(): void {
    clearTimeout(this.#timer);
    clearTimeout(this.#patience);
    this.#abort.abort();
  }

  async #ask(q: string, signal: AbortSignal): Promise<void> {
    try {
      const results = await get<Results>("/search", { query: { q, limit: SHOWN, facets: true }, signal });
      if (signal.aborted) return;
      const still = this.suggestions.filter(({ text }) => text.toLowerCase().includes(q.toLowerCase()));
      this.#show(q, { results, suggestions: still });
      this.#keep(q, { results, suggestions: [] });
      // Results are worth more than suggestions: these come after them, and results stand alone without them.
      const { items: suggestions } = await get<Suggestions>("/search/suggestions", { query: { q }, signal }).catch((): Suggestions => ({ items: [] }));
      if (signal.aborted) return;
      this.suggestions = suggestions;
      this.#keep(q, { results, suggestions });
    } catch (error) {
      if (signal.aborted) return;
      const problem = error instanceof Problem ? error : new Problem(-1, String(error));
      // A field that is typed half is no failure: what was found before stays.
      if (problem.status === 400) {
        this.hint = problem.message;
        return;
      }
      this.error = problem;
      if (!problem.passes) return;
      this.#timer = setTimeout(() => void this.#ask(q, signal), waitBefore(this.#attempt, problem.retryAfter));
      this.#attempt += 1;
    }
  }

  #keep(query: string, answer: Answer): void {
    this.#kept.delete(query);
    this.#kept.set(query, answer);
    if (this.#kept.size > MOST_KEPT) this.#kept.delete(this.#kept.keys().next().value as string);
  }

  #show(query: string, answer: Answer | null): void {
    clearTimeout(this.#patience);
    this.#patience = undefined;
    this.slow = false;
    this.found = query;
    this.#attempt = 0;
    this.results = answer?.results ?? null;
    this.suggestions = answer?.suggestions ?? [];
    this.error = null;
    this.hint = "";
  }
}

/** How many there are in the overview. */
export function countOf(results: Results): number {
  return results.artists.length + results.albums.length + results.tracks.length + results.playlists.length;
}
