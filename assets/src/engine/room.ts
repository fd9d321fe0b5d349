// How much is kept in a SourceBuffer: some seconds behind, half a minute to a minute ahead, and never more bytes than it holds.

export const BEHIND_S = 10;
export const AHEAD_LEAST_S = 30;
export const AHEAD_MOST_S = 60;
/** Chromium refuses at 12.3 MB, Firefox at 20.2. */
const MOST_BYTES = 9_000_000;
/** Removing is worth it from here on. */
const WORTH_S = 5;

/** Keeps account of what was appended. */
export class Room {
  most = MOST_BYTES;
  /** Full: nothing is appended before it is half empty again. */
  #full = false;
  #entries: { until: number; bytes: number }[] = [];

  get bytes(): number {
    return this.#entries.reduce((sum, entry) => sum + entry.bytes, 0);
  }

  appended(until: number, bytes: number): void {
    this.#entries.push({ until, bytes });
  }

  /** What stands before this time was removed. */
  removedBefore(seconds: number): void {
    this.#entries = this.#entries.filter((entry) => entry.until > seconds);
  }

  removedFrom(seconds: number): void {
    this.#entries = this.#entries.filter((entry) => entry.until <= seconds);
    this.#full = false;
  }

  /** The buffer refused: it holds less than was thought. */
  refused(): void {
    this.most = Math.max(1_000_000, Math.min(this.most, this.bytes) * 0.85);
    this.#full = true;
  }

  /** Up to where to remove, if at all. */
  evict(begin: number, now: number): number | null {
    const tight = this.bytes > this.most * 0.75;
    const until = now - (tight ? 2 : BEHIND_S);
    return until - begin > (tight ? 0.5 : WORTH_S) ? until : null;
  }

  /** May more be appended, with so many seconds ahead? */
  has(ahead: number): boolean {
    const [most, least] = [this.most, this.most * 0.7];
    if (this.#full) this.#full = ahead >= AHEAD_LEAST_S || this.bytes > least;
    else this.#full = ahead >= AHEAD_MOST_S || this.bytes > most;
    // What sounds within two seconds is needed whatever it weighs.
    if (this.#full && ahead < 2) this.#full = false;
    return !this.#full;
  }
}
