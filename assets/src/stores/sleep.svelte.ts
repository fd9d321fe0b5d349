// The sleep timer: the music ends softly after some minutes, or with the track.

const FADE_MS = 8_000;

export interface Sleeper {
  /** Softer and softer, then silence; false when it was interrupted. */
  fadeOut(ms: number): Promise<boolean>;
  pause(): void;
  /** What follows is no longer what followed. */
  revise(): void;
}

class Sleep {
  /** When the music ends (`Date.now()`); `null`: not by the clock. */
  until = $state<number | null>(null);
  /** It ends with the track that is on. */
  atEnd = $state(false);
  #timer: ReturnType<typeof setTimeout> | undefined;
  #sleeper: Sleeper | null = null;

  get on(): boolean {
    return this.atEnd || this.until !== null;
  }

  serve(sleeper: Sleeper): void {
    this.#sleeper = sleeper;
  }

  after(minutes: number): void {
    this.off();
    this.until = Date.now() + minutes * 60_000;
    this.#timer = setTimeout(() => void this.#fall(), minutes * 60_000);
  }

  withTrack(): void {
    this.off();
    this.atEnd = true;
    this.#sleeper?.revise();
  }

  off(): void {
    clearTimeout(this.#timer);
    const wasAtEnd = this.atEnd;
    this.until = null;
    this.atEnd = false;
    if (wasAtEnd) this.#sleeper?.revise();
  }

  async #fall(): Promise<void> {
    const sleeper = this.#sleeper;
    if (sleeper && (await sleeper.fadeOut(FADE_MS))) sleeper.pause();
    this.off();
  }
}

export const sleep = new Sleep();
