// One SourceBuffer, one thing at a time: appends, removals, changes of codec, in the order in which they were asked for.
import { Problem } from "@/api/client";
import type { Media } from "./abilities";
import type { Window } from "./timeline";

/** Farther than any timeline reaches. */
const FAR_S = 1e8;

/** What the browser itself says cannot be decoded. */
export const undecodable = () => new Problem(-2, "This browser cannot play it");

export class Appender {
  #buffer: SourceBuffer | undefined;
  #mime = "";
  #last: Promise<unknown> = Promise.resolve();
  readonly #opened: Promise<void>;

  constructor(readonly media: Media) {
    this.#opened = new Promise((opened) => media.addEventListener("sourceopen", () => opened(), { once: true }));
    // One may go where nothing is yet: without it a browser only seeks where something is buffered.
    void this.#opened.then(() => media.setLiveSeekableRange?.(0, FAR_S));
  }

  get buffered(): TimeRanges | null {
    try {
      return this.#buffer?.buffered ?? null;
    } catch {
      return null; // the element let go of its source
    }
  }

  /** The end of all that is here. */
  get end(): number | null {
    const ranges = this.buffered;
    return ranges?.length ? ranges.end(ranges.length - 1) : null;
  }

  get begin(): number | null {
    const ranges = this.buffered;
    return ranges?.length ? ranges.start(0) : null;
  }

  /** Seconds that are here without a hole from a time on; `null`: that time is not here. */
  aheadOf(seconds: number): number | null {
    const ranges = this.buffered;
    for (let place = 0; ranges && place < ranges.length; place += 1) {
      if (ranges.start(place) <= seconds + 0.05 && seconds < ranges.end(place)) return ranges.end(place) - seconds;
    }
    return null;
  }

  /** The next stream is appended through this window. */
  begins(mime: string, window: Window): Promise<void> {
    return this.#next(async () => {
      await this.#opened;
      if (!this.#buffer) {
        this.#buffer = this.media.addSourceBuffer(mime);
        this.#buffer.mode = "segments";
      } else {
        this.#buffer.abort();
        if (mime !== this.#mime) this.#buffer.changeType(mime);
      }
      this.#mime = mime;
      const buffer = this.#buffer;
      buffer.appendWindowStart = 0;
      buffer.appendWindowEnd = window.end;
      buffer.appendWindowStart = window.begin;
      buffer.timestampOffset = window.offset;
    });
  }

  /** Throws QuotaExceededError when the buffer is full; nothing was appended then. */
  append(chunk: Uint8Array): Promise<void> {
    return this.#next(async () => {
      const buffer = this.#buffer;
      if (!buffer) throw undecodable();
      const done = settled(buffer);
      try {
        buffer.appendBuffer(chunk as Uint8Array<ArrayBuffer>);
      } catch (error) {
        done.cancel();
        throw error;
      }
      await done.promise;
    });
  }

  remove(from: number, to: number): Promise<void> {
    return this.#next(async () => {
      const buffer = this.#buffer;
      if (!buffer || !(to > from) || this.media.readyState === "closed" || Number.isNaN(this.media.duration)) return;
      const done = settled(buffer);
      buffer.remove(Math.max(0, from), to);
      await done.promise;
      // It had come to its end; what comes now may be longer.
      if (to === Infinity && this.media.readyState === "open" && this.media.duration !== Infinity) this.media.duration = Infinity;
    });
  }

  /** Forgets the half of a fragment that came before a stream broke. */
  forgetRest(): Promise<void> {
    return this.#next(async () => {
      if (this.media.readyState === "open") this.#buffer?.abort();
    });
  }

  /** Nothing follows: the element may end. */
  finish(): Promise<void> {
    return this.#next(async () => {
      if (this.media.readyState === "open" && this.#buffer) this.media.endOfStream();
    });
  }

  #next<R>(work: () => Promise<R>): Promise<R> {
    const run = this.#last.then(work, work);
    this.#last = run.catch(() => {});
    return run;
  }
}

/** Resolves once the buffer is at rest again. */
function settled(buffer: SourceBuffer): { promise: Promise<void>; cancel: () => void } {
  let cancel = () => {};
  const promise = new Promise<void>((resolve, reject) => {
    const ended = () => {
      cancel();
      resolve();
    };
    const failed = () => {
      cancel();
      reject(undecodable());
    };
    cancel = () => {
      buffer.removeEventListener("updateend", ended);
      buffer.removeEventListener("error", failed);
    };
    buffer.addEventListener("updateend", ended);
    buffer.addEventListener("error", failed);
  });
  return { promise, cancel };
}
