// A model of what browsers do with a MediaSource, for tests: it keeps which samples stand where, and refuses as they do.
// Streams are bytes of the tests' own: a header of eight (the media time of the first frame, in frames), then one for each
// 4,800 frames.

const FRAMES = 4_800;
export const RATE = 48_000;

/** The stream of a track whose sample `n` is known by `n`: `from` frames behind its begin, as far as `length`. */
export function streamOf(length: number, from = 0, delay = 0): Uint8Array {
  const bytes = new Uint8Array(8 + Math.ceil((length - from) / FRAMES));
  new DataView(bytes.buffer).setFloat64(0, from + delay);
  return bytes;
}

/** What stands in a buffer: from, to (seconds), and which stream it is of. */
interface Frame {
  from: number;
  to: number;
}

export class ModelBuffer extends EventTarget {
  mode = "segments";
  updating = false;
  appendWindowStart = 0;
  appendWindowEnd = Infinity;
  timestampOffset = 0;
  frames: Frame[] = [];
  mimes: string[] = [];
  /** Every removal, and every window that was appended through. */
  removed: [number, number][] = [];
  windows: { begin: number; end: number; offset: number }[] = [];
  most = Infinity;

  constructor(readonly media: { readyState: string; duration: number }) {
    super();
  }
  #time: number | null = null;
  #rest: number[] = [];

  get buffered() {
    const ranges: [number, number][] = [];
    for (const { from, to } of [...this.frames].sort((one, other) => one.from - other.from)) {
      const last = ranges.at(-1);
      if (last && from <= last[1] + 1e-5) last[1] = Math.max(last[1], to);
      else ranges.push([from, to]);
    }
    const at = (place: number) => ranges[place] as [number, number];
    return { length: ranges.length, start: (place: number) => at(place)[0], end: (place: number) => at(place)[1] };
  }

  abort(): void {
    if (this.updating) throw new DOMException("updating", "InvalidStateError");
    [this.#time, this.#rest] = [null, []];
    [this.appendWindowStart, this.appendWindowEnd] = [0, Infinity];
  }

  changeType(mime: string): void {
    this.mimes.push(mime);
  }

  appendBuffer(chunk: Uint8Array): void {
    if (this.updating) throw new DOMException("updating", "InvalidStateError");
    if (this.frames.length + chunk.length > this.most) throw new DOMException("full", "QuotaExceededError");
    this.media.readyState = "open";
    if (Number.isNaN(this.media.duration)) this.media.duration = Infinity;
    this.#rest.push(...chunk);
    this.#later(() => {
      if (this.#time === null) {
        if (this.#rest.length < 8) return;
        this.#time = new DataView(new Uint8Array(this.#rest.splice(0, 8)).buffer).getFloat64(0);
        this.windows.push({ begin: this.appendWindowStart, end: this.appendWindowEnd, offset: this.timestampOffset });
      }
      for (; this.#rest.length > 0; this.#rest.shift()) this.#place((this.#time += FRAMES) - FRAMES);
    });
  }

  #place(time: number): void {
    const from = Math.max(this.appendWindowStart, this.timestampOffset + time / RATE);
    const to = Math.min(this.appendWindowEnd, this.timestampOffset + (time + FRAMES) / RATE);
    if (to - from < 1e-9) return;
    this.frames = this.frames.flatMap((frame) => cut(frame, from, to));
    this.frames.push({ from, to });
  }

  remove(from: number, to: number): void {
    if (this.updating) throw new DOMException("updating", "InvalidStateError");
    this.media.readyState = "open";
    this.removed.push([from, to]);
    this.#later(() => (this.frames = this.frames.filter((frame) => frame.from < from || frame.from >= to)));
  }

  #later(work: () => void): void {
    this.updating = true;
    queueMicrotask(() => {
      work();
      this.updating = false;
      this.dispatchEvent(new Event("updateend"));
    });
  }
}

/** What is left of a frame when another is laid over it. */
function cut(frame: Frame, from: number, to: number): Frame[] {
  if (frame.to <= from + 1e-9 || frame.from >= to - 1e-9) return [frame];
  return frame.from < from - 1e-9 ? [{ from: frame.from, to: from }] : [];
}

export class ModelMedia extends EventTarget {
  static all: ModelMedia[] = [];
  readyState = "open";
  duration = NaN;
  live: [number, number] | null = null;
  buffer = new ModelBuffer(this);

  setLiveSeekableRange(from: number, to: number): void {
    this.live = [from, to];
  }

  /** Where one may go to: nearest to what is wanted, or nowhere. */
  seekable(seconds: number): number | null {
    const { length, end } = this.buffer.buffered;
    const latest = this.duration === Infinity ? Math.max(this.live?.[1] ?? -1, length ? end(length - 1) : -1) : this.duration;
    return latest >= 0 ? Math.min(seconds, latest) : null;
  }

  constructor() {
    super();
    ModelMedia.all.push(this);
    queueMicrotask(() => this.dispatchEvent(new Event("sourceopen")));
  }

  addSourceBuffer(mime: string): ModelBuffer {
    this.buffer.mimes.push(mime);
    return this.buffer;
  }

  endOfStream(): void {
    this.readyState = "ended";
    const { length, end } = this.buffer.buffered;
    this.duration = length ? end(length - 1) : 0;
  }
}

export class ModelAudio extends EventTarget {
  #time = 0;
  paused = true;
  volume = 1;
  muted = false;
  src = "";
  error: unknown = null;
  playbackRate = 1;
  defaultPlaybackRate = 1;
  disableRemotePlayback = false;

  get currentTime(): number {
    return this.#time;
  }

  set currentTime(seconds: number) {
    const media = ModelMedia.all.at(-1);
    if (!media || Number.isNaN(media.duration)) this.#time = seconds;
    else this.#time = media.seekable(seconds) ?? this.#time;
  }

  play(): Promise<void> {
    this.paused = false;
    return Promise.resolve();
  }

  pause(): void {
    this.paused = true;
  }

  /** Time goes by. */
  async reach(seconds: number): Promise<void> {
    this.#time = seconds;
    this.dispatchEvent(new Event("timeupdate"));
    await rest();
  }
}

/** Until everything that follows from what happened has happened. */
export async function rest(): Promise<void> {
  for (let turn = 0; turn < 12; turn += 1) await new Promise((done) => setTimeout(done, 0));
}
