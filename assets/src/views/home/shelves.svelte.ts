// Which shelves of the home page have answered, and which cannot: so that the page shows itself as a whole, not piece by piece,
// and says once what is away.
import { SvelteMap } from "svelte/reactivity";
import type { Problem } from "@/api/client";

/** Whoever is slower appears later. */
const PATIENCE_MS = 600;

export class Shelves {
  #problems = new SvelteMap<string, Problem | null>();
  #late = $state(false);
  readonly count: number;

  constructor(count: number) {
    this.count = count;
    $effect(() => {
      const timer = setTimeout(() => (this.#late = true), PATIENCE_MS);
      return () => clearTimeout(timer);
    });
  }

  settle(name: string, problem: Problem | null): void {
    if (!this.#problems.has(name) || this.#problems.get(name) !== problem) this.#problems.set(name, problem);
  }

  get ready(): boolean {
    return this.#late || this.#problems.size >= this.count;
  }

  /** Shelves whose service is away, but comes back. */
  get away(): string[] {
    return [...this.#problems].flatMap(([name, problem]) => (problem?.passes ? [name] : []));
  }
}
