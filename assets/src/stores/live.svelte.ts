// What the server tells by itself while the page is open. A hidden tab that is silent hangs up, and calls again when it is seen.
import { forgetAll, refreshAll } from "./query.svelte";
import { session } from "./session.svelte";

type Event = "library" | "queue" | "now_playing" | "services" | "scan";
const HIDDEN_MS = 60_000;

class Live {
  connected = $state(false);
  /** Grows when the library changed. */
  library = $state<string | number | null>(null);
  scan = $state.raw<unknown>(null);
  /** Grows when somebody begins or ends to listen. */
  listeners = $state(0);
  #source: EventSource | null = null;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #calls = new Map<Event, Set<(data: unknown) => void>>();
  /** Must it be heard even when the page is hidden? */
  isNeeded: () => boolean = () => false;
  #wanted = false;

  constructor() {
    document.addEventListener("visibilitychange", () => {
      clearTimeout(this.#timer);
      if (!this.#wanted) return;
      if (!document.hidden) this.#open();
      else this.#timer = setTimeout(() => !this.isNeeded() && this.#hangUp(), HIDDEN_MS);
    });
  }

  start(): void {
    this.#wanted = true;
    this.#open();
  }

  stop(): void {
    this.#wanted = false;
    this.#hangUp();
  }

  #hangUp(): void {
    this.#source?.close();
    this.#source = null;
    this.connected = false;
  }

  on(event: Event, call: (data: unknown) => void): void {
    const calls = this.#calls.get(event) ?? new Set();
    this.#calls.set(event, calls.add(call));
  }

  #open(): void {
    if (this.#source || typeof EventSource === "undefined") return;
    const source = (this.#source = new EventSource("/api/v1/events"));
    source.addEventListener("open", () => (this.connected = true));
    source.addEventListener("error", () => {
      this.connected = false;
      // The browser calls again by itself, unless the server refused.
      if (source.readyState === EventSource.CLOSED && this.#source === source) this.#source = null;
    });
    for (const event of ["library", "queue", "now_playing", "services", "scan"] as const) {
      source.addEventListener(event, ({ data }) => this.#heard(event, data as string));
    }
  }

  #heard(event: Event, text: string): void {
    const data = parsed(text);
    if (event === "library") this.#libraryIs((data as { revision?: string | number } | null)?.revision ?? null);
    else if (event === "scan") this.scan = data;
    else if (event === "now_playing") this.listeners += 1;
    else if (event === "services") this.#servicesAre(data);
    for (const call of this.#calls.get(event) ?? []) call(data);
  }

  #libraryIs(revision: string | number | null): void {
    const isNews = this.library !== null && this.library !== revision;
    this.library = revision;
    if (!isNews) return;
    forgetAll();
    refreshAll();
  }

  #servicesAre(data: unknown): void {
    const { away } = (data ?? {}) as { away?: string[] };
    if (away) session.away = away[0] ?? null;
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

export const live = new Live();
