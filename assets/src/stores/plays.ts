// Plays, told to the server as they go: how much was really heard, wherever the position stands. What could not be told is
// kept in this browser, with the time when it was heard, and told later.
import { post, Problem } from "@/api/client";
import type { Track } from "@/api/types";
import { session } from "./session.svelte";

const MINUTE = 60_000;
/** What is on for less was only passed by. */
const LEAST = 5_000;
/** Each report has a place of its own, so that open tabs do not write over each other's. */
const OUTBOX = "hexachord.plays.";
/** Where all of them stood in one list before. */
const OLD_OUTBOX = "hexachord.plays";
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
  /** Whose ears: whoever is signed in when it is told may be another one. */
  account: string;
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
    void this.finish();
    const account = session.account?.id;
    if (!account) return;
    const half = track.duration_ms / 2;
    const started = new Date().toISOString();
    this.#on = { id: name(), account, track, source, started, ms: 0, told: 0, due: Math.min(30_000, half), position, at: performance.now() };
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
    if (on.ms >= on.due) void this.report();
  }

  /** Writes down what was heard so far, and tells it. */
  report(): Promise<void> {
    const on = this.#on;
    if (on && on.ms > on.told && on.ms >= Math.min(LEAST, on.track.duration_ms / 2)) {
      on.told = on.ms;
      const marks = [30_000, on.track.duration_ms / 2, (Math.floor(on.ms / MINUTE) + 1) * MINUTE];
      on.due = Math.min(...marks.filter((mark) => mark > on.ms));
      const { account, id, track, started, source } = on;
      this.#keep({ account, id, track_id: track.id, started_at: started, listened_ms: Math.round(on.ms), source });
    }
    return this.send();
  }

  finish(): Promise<void> {
    const told = this.report();
    this.#on = null;
    return told;
  }

  /** Tells what the server does not know yet, of the account that is here. Resolves when one batch was answered. */
  async send(): Promise<void> {
    const account = session.account?.id;
    const mine = [...this.#unsent.values()].filter((report) => report.account === account && !this.#onTheirWay.has(report));
    const batch = mine.slice(0, MOST_SENT);
    const answered = await Promise.all(batch.map((report) => this.#tell(report)));
    if (mine.length > MOST_SENT && answered.every(Boolean)) void this.send();
  }

  /** Did the server take it, or refuse it for good? */
  async #tell(report: Report): Promise<boolean> {
    this.#onTheirWay.add(report);
    const { account: _, ...body } = report;
    try {
      await post("/plays", body, { keepalive: true });
    } catch (error) {
      const status = error instanceof Problem ? error.status : 0;
      if (status === 0 || status >= 500 || [401, 408, 429].includes(status)) return false; // told again with the next one
    } finally {
      this.#onTheirWay.delete(report);
    }
    if (this.#unsent.get(report.id) === report) this.#unsent.delete(report.id);
    // Another tab may have heard more of it meanwhile.
    if (localStorage.getItem(OUTBOX + report.id) === JSON.stringify(report)) localStorage.removeItem(OUTBOX + report.id);
    return true;
  }

  #keep(report: Report): void {
    this.#unsent.set(report.id, report);
    while (this.#unsent.size > MOST_UNSENT) {
      const oldest = this.#unsent.keys().next().value as string;
      this.#unsent.delete(oldest);
      localStorage.removeItem(OUTBOX + oldest);
    }
    store(report);
  }
}

function store(report: Report): void {
  try {
    localStorage.setItem(OUTBOX + report.id, JSON.stringify(report));
  } catch {
    // No room: what is kept in memory is told all the same.
  }
}

/** What was not told yet, the oldest first. */
function readOutbox(): Report[] {
  const old = parsed<Report[]>(OLD_OUTBOX);
  if (Array.isArray(old)) for (const report of old) store(report);
  localStorage.removeItem(OLD_OUTBOX);
  const keys = Array.from({ length: localStorage.length }, (_, place) => localStorage.key(place) as string);
  const reports = keys.filter((key) => key.startsWith(OUTBOX)).map((key) => parsed<Report>(key));
  return reports.filter((report) => report !== null).sort((one, other) => one.started_at.localeCompare(other.started_at));
}

function parsed<T>(key: string): T | null {
  try {
    return JSON.parse(localStorage.getItem(key) ?? "null") as T | null;
  } catch {
    return null;
  }
}

export const plays = new Plays();
