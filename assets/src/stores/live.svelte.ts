// What the server tells by itself while the page is open. A hidden tab that is silent hangs up, and calls again when it is seen.
import type { Schema } from "@/api/types";
import { waitBefore } from "@/api/client";
import { forgetAll } from "./query.svelte";
import { session } from "./session.svelte";
import { refreshAll, refreshWhenDue, retryAll } from "./shown";

const EVENTS = ["hello", "library", "queue", "now_playing", "services", "scan"] as const;
type Event = (typeof EVENTS)[number];
type PlayingTrack = Schema<"PlayingTrack">;
/** What the events say, by their names. */
interface Told extends Schema<"ScanState"> {
  library: string | null;
  away: string[];
  items: PlayingTrack[];
}

const HIDDEN_MS = 60_000;

class Live {
  connected = $state(false);
  /** It was cut off, and is not back yet. */
  lost = $state(false);
  /** The revision of one's lists. */
  library = $state<string | null>(null);
  /** The scan, for administrators. */
  scan = $state.raw<Schema<"ScanState"> | null>(null);
  /** Who listens to what in the house; `null` until it was told. */
  playing = $state.raw<readonly PlayingTrack[] | null>(null);
  #source: EventSource | null = null;
  #hiding: ReturnType<typeof setTimeout> | undefined;
  #calling: ReturnType<typeof setTimeout> | undefined;
  #calls = new Map<Event, Set<(data: unknown) => void>>();
  /** Must it be heard even when the page is hidden? */
  isNeeded: () => boolean = () => false;
  #wanted = false;
  #attempt = 0;

  constructor() {
    document.addEventListener("visibilitychange", () => {
      clearTimeout(this.#hiding);
      if (!document.hidden) refreshWhenDue();
      if (!this.#wanted) return;
      if (document.hidden) this.#hangUpLater();
      else this.#open();
    });
    addEventListener("online", () => {
      session.retry();
      retryAll();
      if (!this.#isHeard) return;
      this.#hangUp();
      this.#attempt = 0;
      this.#open();
    });
  }

  get #isHeard(): boolean {
    return this.#wanted && (!document.hidden || this.isNeeded());
  }

  start(): void {
    this.#wanted = true;
    this.#open();
  }

  stop(): void {
    this.#wanted = false;
    clearTimeout(this.#hiding);
    this.#hangUp();
    // Nothing of it is for the next listener.
    this.library = null;
    this.scan = null;
    this.playing = null;
  }

  /** As long as it is needed it is asked again and again whether it still is. */
  #hangUpLater(): void {
    this.#hiding = setTimeout(() => (this.isNeeded() ? this.#hangUpLater() : this.#hangUp()), HIDDEN_MS);
  }

  #hangUp(): void {
    clearTimeout(this.#calling);
    this.#source?.close();
    this.#source = null;
    this.connected = false;
    this.lost = false;
    session.tellAway(null);
  }

  on(event: Event, call: (data: unknown) => void): void {
    const calls = this.#calls.get(event) ?? new Set();
    this.#calls.set(event, calls.add(call));
  }

  #open(): void {
    if (this.#source || typeof EventSource === "undefined") return;
    clearTimeout(this.#calling);
    const source = (this.#source = new EventSource("/api/v1/events"));
    source.addEventListener("open", () => {
      this.connected = true;
      this.lost = false;
      this.#attempt = 0;
    });
    source.addEventListener("error", () => {
      this.connected = false;
      this.lost = true;
      session.tellAway(null);
      // The browser calls again by itself, unless something was answered that is no stream.
      if (source.readyState !== EventSource.CLOSED || this.#source !== source) return;
      this.#source = null;
      this.#calling = setTimeout(() => this.#isHeard && this.#open(), waitBefore(this.#attempt));
      this.#attempt += 1;
    });
    for (const event of EVENTS) {
      source.addEventListener(event, ({ data }) => this.#heard(event, data as string));
    }
  }

  #heard(event: Event, text: string): void {
    const data = parsed(text) as Partial<Told> | null;
    if (!data) return;
    if (event === "hello") this.#libraryIs(data.library);
    else if (event === "library") this.#libraryIs(String(data.revision ?? ""));
    else if (event === "now_playing") this.playing = data.items ?? [];
    else if (event === "scan") this.scan = data as Told;
    else if (event === "services") session.tellAway(data.away ?? []);
    for (const call of this.#calls.get(event) ?? []) call(data);
  }

  /** Lists that are shown are read anew when the library is another one. */
  #libraryIs(revision: string | null | undefined): void {
    if (!revision) return;
    const isNews = this.library !== null && this.library !== revision;
    this.library = revision;
    if (!isNews) return;
    forgetAll();
    refreshAll();
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
