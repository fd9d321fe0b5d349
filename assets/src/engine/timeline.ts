// The one timeline that tracks are laid on, sample after sample: where a piece begins, what of a stream is let through.

/** What the server says of a stream (`x-hexachord-sound`), in frames of the stream. */
export interface Sound {
  rate: number;
  channels: number;
  /** Where its first frame stands in the track's file. */
  start: number;
  /** By how many frames the stream is late on its own timeline. */
  delay: number;
  /** How many are to be heard; `null`: nobody knows before the end. */
  frames: number | null;
}

/** Reads `rate=48000; channels=2; start=0; delay=312; frames=14112000`. */
export function soundOf(header: string | null): Sound | null {
  const fields = new Map((header ?? "").split(";").map((field) => field.trim().split("=") as [string, string]));
  const of = (name: string) => (fields.has(name) ? Number(fields.get(name)) : NaN);
  const [rate, start, delay, frames] = [of("rate"), of("start"), of("delay"), of("frames")];
  if (!(rate > 0) || !(start >= 0) || !(delay >= 0)) return null;
  return { rate, channels: of("channels") || 2, start, delay, frames: Number.isFinite(frames) ? frames : null };
}

/** What an append is let through by, in seconds. */
export interface Window {
  begin: number;
  end: number;
  offset: number;
}

/** A quarter of a sample inside keeps rounding to microseconds from taking the neighbour. */
const INSIDE = 0.25;

/** A track's place on the timeline. Its length is known once the server answered. */
export class Piece<T> {
  /** The first sample on the timeline, counted at `rate`. */
  start: number;
  rate: number;
  /** Which frame of the file stands at `start`. */
  origin = 0;
  frames: number | null = null;
  /** The server answered: `rate` and `start` are final. */
  known = false;
  /** All of it, up to its end, was appended. */
  complete = false;
  /** Its stream ended before its promised end once. */
  short = false;
  /** Where in the track feeding begins when nothing of it is there, in milliseconds. */
  fromMs: number;

  constructor(
    readonly item: T,
    start: { samples: number; rate: number },
    fromMs = 0,
  ) {
    this.start = start.samples;
    this.rate = start.rate;
    this.fromMs = fromMs;
  }

  /** Takes what the server says. `origin` is where the track begins in its file (a cue sheet may cut it out). */
  learn(sound: Sound, origin: number): void {
    if (!this.known) {
      // Never before the end of the one before: at another rate it begins less than one sample later.
      if (sound.rate !== this.rate) this.start = Math.ceil((this.start * sound.rate) / this.rate);
      this.rate = sound.rate;
      this.origin = origin;
      this.known = true;
    }
    if (sound.frames !== null) this.frames = sound.start - this.origin + sound.frames;
  }

  /** How a stream of this track is appended; what stands before sample `from` of the timeline is there already. */
  window(sound: Sound, from = 0): Window {
    const place = this.start + sound.start - this.origin;
    const end = this.frames === null ? Infinity : (this.start + this.frames + INSIDE) / this.rate;
    return {
      begin: (Math.max(place, from) + INSIDE) / this.rate,
      end,
      offset: (place + INSIDE - sound.start - sound.delay) / this.rate,
    };
  }

  /** The sample that stands at a time which a buffer tells as its end. */
  sampleAt(seconds: number): number {
    return Math.max(this.start, Math.round(seconds * this.rate - INSIDE));
  }

  /** Seconds on the timeline. */
  get begins(): number {
    return this.start / this.rate;
  }

  get ends(): number {
    return this.frames === null ? Infinity : (this.start + this.frames) / this.rate;
  }

  /** Where the next one begins. */
  get next(): { samples: number; rate: number } {
    return { samples: this.start + (this.frames ?? 0), rate: this.rate };
  }
}

/** The piece that sounds at a time: the last one that has begun. */
export function pieceAt<T>(pieces: readonly Piece<T>[], seconds: number): Piece<T> | undefined {
  let found = pieces[0];
  for (const piece of pieces) if (piece.begins <= seconds + 0.001) found = piece;
  return found;
}
