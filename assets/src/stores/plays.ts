// Plays, told to the server as they go: how much was really heard, wherever the position stands. What could not be told is
// kept in this browser, with the time when it was heard, and told later.
import { post, Problem } from "@/api/client";
import type { Track } from "@/api/types";
import { session } from "./session.svelte";

const MINUTE = 60_000;
/** What is on for less was only passed by. */
const LEAST = 5_000;
const OUTBOX = "hexachord.plays";
const MOST_UNSENT = 500;
/** In one go. */
const MOST_SENT = 20;

interface Report {
  account: string;
  id: string;
  track_id: string;
  started_at: string;
  listened_ms: number;
  source: string;
}

interface Listening {
  id: string;
  track: Track;
  source: string;
  started: string;
  ms: number;
  told: number;
  due: number;
  position: number;
  at: number;
}

/** `crypto.randomUUID` is missing on plain http. */
const name = () => [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, "0")).join("");

export class Plays {
  #on: Listening | null = null;
  #unsent: Map<string, Report>;
  #onTheirWay = new Set<Report>();

  constructor() {
    this.#unsent = new Map(readOutbox().map((report) => [report.id, report]));
  }

  /** A track begins to be heard. */
  begin(track: Track, source: string, position: number): void {
    this.finish();
    const half = track.duration_ms / 2;
    const started = new Date().toISOString();
    this.#on = { id: name(), track, source, started, ms: 0, told: 0, due: Math.min(30_000, half), position, at: performance.now() };
  }

  /** The position jumped: what lies between was not heard. */
  moved(position: number): void {
    if (this.#on) [this.#on.position, this.#on.at] = [position, performance.now()];
  }

  /** Never more than the time that went by (at that speed), and nothing while the music stalls. */
  heard(position: number, speed: number): void {
    const on = this.#on;
    if (!on) return;
    const went = (performance.now() - on.at) * speed;
    on.ms += Math.min(Math.max(0, (position - on.position) * 1000), went);
    this.moved(position);
    if (on.ms >= on.due) this.report();
  }

  /** Writes down what was heard so far, and tells it. */
  report(): void {
    const on = this.#on;
    const account = session.account?.id;
    if (on && account && on.ms > on.told && on.ms >= Math.min(LEAST, on.track.duration_ms / 2)) {
      on.told = on.ms;
      const marks = [30_000, on.track.duration_ms / 2, (Math.floor(on.ms / MINUTE) + 1) * MINUTE];
      on.due = Math.min(...marks.filter((mark) => mark > on.ms));
      this.#unsent.set(on.id, { account, id: on.id, track_id: on.track.id, started_at: on.started, listened_ms: Math.round(on.ms), source: on.source });
      while (this.#unsent.size > MOST_UNSENT) this.#unsent.delete(this.#unsent.keys().next().value as string);
      this.#keep();
    }
    this.send();
  }

  finish(): void {
    this.report();
    this.#on = null;
  }

  /** Tells what the server does not know yet, of the account that is here. */
  send(): void {
    const account = session.account?.id;
    const mine = [...this.#unsent.values()].filter((report) => report.account === account && !this.#onTheirWay.has(report));
    for (const report of mine.slice(0, MOST_SENT)) void this.#tell(report);
  }

  async #tell(report: Report): Promise<void> {
    this.#onTheirWay.add(report);
    const { account: _, ...body } = report;
    try {
      await post("/plays", body, { keepalive: true });
    } catch (error) {
      const status = error instanceof Problem ? error.status : 0;
      if (status === 0 || status >= 500 || [401, 408, 429].includes(status)) return; // told again with the next one
    } finally {
      this.#onTheirWay.delete(report);
    }
    if (this.#unsent.get(report.id) === report) this.#unsent.delete(report.id);
    this.#keep();
  }

  #keep(): void {
    try {
      localStorage.setItem(OUTBOX, JSON.stringify([...this.#unsent.values()]));
    } catch {
      // No room: what is kept in memory is told all the same.
    }
  }
}

function readOutbox(): Report[] {
  try {
    const stored: unknown = JSON.parse(localStorage.getItem(OUTBOX) ?? "[]");
    return Array.isArray(stored) ? (stored as Report[]) : [];
  } catch {
    return [];
  }
}

export const plays = new Plays();
