// What plays next: the queue of tracks, its order, repeat and shuffle. It knows nothing of sound.
import type { Track } from "@/api/types";

export type Repeat = "off" | "all" | "one";

/** A track at its place; the same track may be queued twice, so each entry has a key of its own. */
export interface Entry {
  key: number;
  track: Track;
  /** From where it was queued: `album:al-…`, `search`, `radio:tr-…`. */
  source: string;
}

class Queue {
  entries = $state.raw<readonly Entry[]>([]);
  /** Which entry plays; −1: none. */
  index = $state(-1);
  repeat = $state<Repeat>("off");
  #last = 0;

  get current(): Entry | undefined {
    return this.entries[this.index];
  }

  #make(tracks: readonly Track[], source: string): Entry[] {
    return tracks.map((track) => ({ key: ++this.#last, track, source }));
  }

  replace(tracks: readonly Track[], index: number, source: string): void {
    this.entries = this.#make(tracks, source);
    this.index = Math.min(index, tracks.length - 1);
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
    return entries;
  }

  removeKeys(keys: ReadonlySet<number>): void {
    const current = this.current;
    const before = this.entries.slice(0, this.index).filter((entry) => !keys.has(entry.key)).length;
    this.entries = this.entries.filter((entry) => !keys.has(entry.key));
    this.index = current && !keys.has(current.key) ? before : Math.min(before, this.entries.length - 1);
  }

  /** The entry that comes after the current one, as repeat has it; missing tracks are passed over. */
  get following(): number {
    const playable = (place: number) => !this.entries[place]?.track.missing_since;
    for (let place = this.index + 1; place < this.entries.length; place += 1) if (playable(place)) return place;
    if (this.repeat !== "all") return -1;
    for (let place = 0; place <= this.index; place += 1) if (playable(place)) return place;
    return -1;
  }
}

export const queue = new Queue();
