// What plays next: the queue of tracks, its order, repeat and shuffle. It knows nothing of sound.
import { Problem, waitBefore } from "@/api/client";
import type { Track } from "@/api/types";
import { moved, restored, returned, spread, type Random } from "@/lib/order";

export type Repeat = "off" | "all" | "one";

/** A track at its place; the same track may be queued twice, so each entry has a key of its own. */
export interface Entry {
  key: number;
  track: Track;
  /** From where it was queued: `album:al-…`, `search`, `radio:tr-…`. */
  source: string;
}

/** Where more comes from when the end is near: the rest of a long list, or a radio. */
export interface More {
  source: string;
  /** `[]`: there is nothing more. */
  fetch(): Promise<readonly Track[]>;
}

/** So many are left when more is fetched. */
const FEW = 5;

export class Queue {
  entries = $state.raw<readonly Entry[]>([]);
  /** Which entry plays; −1: none. */
  index = $state(-1);
  repeat = $state<Repeat>("off");
  /** The order before shuffling, while it is shuffled. */
  #ordered = $state.raw<readonly Entry[] | null>(null);
  #more = $state.raw<More | null>(null);
  #fetching = false;
  #failed = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #last = 0;
  /** Grows when another queue is begun: what was removed from the one before does not come back. */
  #round = 0;
  #listeners = new Set<(ranOut: boolean) => void>();

  constructor(readonly random: Random = Math.random) {}

  get current(): Entry | undefined {
    return this.entries[this.index];
  }

  get shuffled(): boolean {
    return this.#ordered !== null;
  }

  /** Where more comes from by itself: `radio:tr-…`; `null`: the end is the end. */
  get continues(): string | null {
    return this.#more?.source ?? null;
  }

  /** Calls after every change of what is queued or how it goes on. `ranOut`: what played was removed, and nothing follows it. */
  onChange(call: (ranOut: boolean) => void): () => void {
    this.#listeners.add(call);
    return () => this.#listeners.delete(call);
  }

  #changed(ranOut = false): void {
    for (const call of this.#listeners) call(ranOut);
    void this.#refill();
  }

  #make(tracks: readonly Track[], source: string): Entry[] {
    return tracks.map((track) => ({ key: ++this.#last, track, source }));
  }

  replace(tracks: readonly Track[], index: number, source: string, more: More | null = null): void {
    this.#round += 1;
    this.entries = this.#make(tracks, source);
    this.index = Math.min(index, tracks.length - 1);
    this.#more = more;
    this.#ordered = null;
    this.#changed();
  }

  /** After the one that plays. */
  addNext(tracks: readonly Track[], source: string): readonly Entry[] {
    return this.insert(this.index + 1, this.#make(tracks, source));
  }

  add(tracks: readonly Track[], source: string): readonly Entry[] {
    return this.insert(this.entries.length, this.#make(tracks, source));
  }

  insert(at: number, entries: readonly Entry[]): readonly Entry[] {
    this.entries = [...this.entries.slice(0, at), ...entries, ...this.entries.slice(at)];
    if (at <= this.index) this.index += entries.length;
    this.#changed();
    return entries;
  }

  removeKeys(keys: ReadonlySet<number>): void {
    const { current } = this;
    const before = this.entries.slice(0, this.index).filter((entry) => !keys.has(entry.key)).length;
    this.entries = this.entries.filter((entry) => !keys.has(entry.key));
    const isGone = current !== undefined && keys.has(current.key);
    const ranOut = isGone && before === this.entries.length;
    if (!ranOut) this.index = current ? before : Math.min(before, this.entries.length - 1);
    else this.index = this.repeat === "all" && before > 0 ? 0 : before - 1;
    this.#changed(ranOut && this.repeat !== "all");
  }

  /** Removes and returns what brings it back to where it was. */
  take(keys: ReadonlySet<number>): () => void {
    const undo = this.#undo(this.entries.filter(({ key }) => keys.has(key)));
    this.removeKeys(keys);
    return undo;
  }

  /** Everything but the one that plays goes; returns what brings it back. */
  clear(): () => void {
    const { current } = this;
    const undo = this.#undo(this.entries.filter((entry) => entry !== current));
    this.entries = current ? [current] : [];
    this.index = current ? 0 : -1;
    this.#more = null;
    this.#ordered = null;
    this.#changed();
    return undo;
  }

  /** Brings back what an act takes away, and leaves what came since. */
  #undo(gone: readonly Entry[]): () => void {
    const [before, ordered, more, round, key] = [this.entries, this.#ordered, this.#more, this.#round, this.current?.key];
    return () => {
      if (round !== this.#round) return;
      // What plays by now goes on, wherever it stands then.
      const now = this.current?.key ?? key;
      this.entries = returned(before, gone, this.entries);
      this.#ordered ??= ordered;
      this.#more ??= more;
      this.index = this.entries.findIndex((entry) => entry.key === now);
      this.#changed();
    };
  }

  move(from: number, to: number): void {
    if (from === to || to < 0 || to >= this.entries.length) return;
    const key = this.current?.key;
    this.entries = moved(this.entries, from, to);
    this.index = this.entries.findIndex((entry) => entry.key === key);
    this.#changed();
  }

  /** Sets what plays, by its key. */
  at(key: number): boolean {
    const place = this.entries.findIndex((entry) => entry.key === key);
    if (place < 0) return false;
    if (place !== this.index) {
      this.index = place;
      void this.#refill();
    }
    return true;
  }

  /** What plays stays first; the rest is shuffled so that artists are spread. Again: back to the order before. */
  shuffle(on = !this.shuffled): void {
    if (on === this.shuffled) return;
    const { current } = this;
    if (on) {
      this.#ordered = this.entries;
      const rest = this.entries.filter((entry) => entry !== current);
      const spreadOut = spread(rest, ({ track }) => track.artists[0]?.id ?? track.display_artist, this.random);
      this.entries = current ? [current, ...spreadOut] : spreadOut;
    } else {
      this.entries = restored(this.#ordered ?? [], this.entries);
      this.#ordered = null;
    }
    this.index = current ? this.entries.indexOf(current) : this.entries.length > 0 ? 0 : -1;
    this.#changed();
  }

  setRepeat(repeat: Repeat): void {
    this.repeat = repeat;
    this.#changed();
  }

  async #refill(): Promise<void> {
    const more = this.#more;
    if (!more || this.#fetching || this.entries.length - 1 - this.index > FEW) return;
    clearTimeout(this.#timer);
    this.#fetching = true;
    try {
      const tracks = await more.fetch();
      this.#failed = 0;
      if (this.#more === more) {
        if (tracks.length === 0) this.#more = null;
        else this.add(tracks, more.source);
      }
    } catch (error) {
      // Otherwise it is asked for again with the next change.
      if (error instanceof Problem && error.passes) this.#timer = setTimeout(() => void this.#refill(), waitBefore(this.#failed++, error.retryAfter));
    } finally {
      this.#fetching = false;
      // Another queue was begun meanwhile.
      if (this.#more && this.#more !== more) void this.#refill();
    }
  }

  /** The entry that comes after the current one, as repeat has it; missing tracks are passed over. */
  get following(): number {
    return this.after(this.index);
  }

  /** The place after a place; missing tracks and `refused` keys are passed over. */
  after(index: number, refused: ReadonlySet<number> = new Set()): number {
    const playable = (place: number) => {
      const entry = this.entries[place];
      return entry !== undefined && !entry.track.missing_since && !refused.has(entry.key);
    };
    for (let place = index + 1; place < this.entries.length; place += 1) if (playable(place)) return place;
    if (this.repeat !== "all") return -1;
    for (let place = 0; place <= index; place += 1) if (playable(place)) return place;
    return -1;
  }
}

export const queue = new Queue();
