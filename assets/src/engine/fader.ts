// How loud an element is: the listener's volume times a fade. Fades need no AudioContext.

/** Longer ones must be heard in a hidden page too, where no frame is drawn; timers of pages that sound are not slowed down. */
const SHORT_MS = 1_000;
const STEP_MS = 40;
const hidden = () => typeof document !== "undefined" && document.hidden;

export class Fader {
  #master = 1;
  #level = 1;
  #run = 0;

  constructor(readonly audio: { volume: number }) {}

  get level(): number {
    return this.#level;
  }

  set master(volume: number) {
    this.#master = Math.min(1, Math.max(0, volume));
    this.#apply();
  }

  /** At once. */
  set(level: number): void {
    this.#run += 1;
    this.#level = level;
    this.#apply();
  }

  /** Resolves true when it got there, false when another fade took over. Short ones are left out of a hidden page. */
  to(level: number, ms: number, shape: (done: number) => number = (done) => done): Promise<boolean> {
    const run = ++this.#run;
    const [from, began] = [this.#level, performance.now()];
    const isShort = ms <= SHORT_MS;
    if ((isShort && hidden()) || ms <= 0 || from === level) {
      this.set(level);
      return Promise.resolve(true);
    }
    return new Promise((resolve) => {
      const step = () => {
        if (run !== this.#run) return resolve(false);
        const done = Math.min(1, (performance.now() - began) / ms);
        this.#level = done === 1 ? level : from + (level - from) * shape(done);
        this.#apply();
        if (done === 1) resolve(true);
        else if (isShort && !hidden()) requestAnimationFrame(step);
        else setTimeout(step, STEP_MS);
      };
      step();
      // The page may be hidden before the next frame: then none comes.
      if (isShort) setTimeout(step, ms + 50);
    });
  }

  #apply(): void {
    this.audio.volume = Math.min(1, Math.max(0, this.#master * this.#level));
  }
}
