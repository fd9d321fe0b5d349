// @vitest-environment jsdom
// A deck on a model of a SourceBuffer: joins, queue edits, seeks, eviction, breaks of the network.
import { beforeEach, describe, expect, it, vi } from "vitest";
import { Problem } from "@/api/client";
import type { Track } from "@/api/types";
import type { Deck, DeckHost, Playable, Verdict } from "./deck";
import { ModelAudio, ModelMedia, RATE, rest, streamOf, type ModelBuffer } from "./model";
import type { Opened } from "./source";
import { StreamDeck } from "./stream_deck";

const SECOND = RATE;
const item = (key: number): Playable => ({ key, track: { id: `tr-${key}` } as Track });

class World implements DeckHost {
  lengths = new Map<number, number>();
  order: number[] = [];
  asked: { key: number; startMs: number }[] = [];
  said: string[] = [];
  verdict: Verdict = { retryMs: 0 };
  /** Chunks of a stream before it breaks. */
  breaks = new Map<number, number>();
  refuse = new Map<number, Problem>();
  audio = new ModelAudio();
  deck: StreamDeck;

  constructor(seconds: Record<number, number>) {
    for (const [key, length] of Object.entries(seconds)) this.lengths.set(Number(key), Math.round(length * SECOND));
    this.order = [...this.lengths.keys()];
    const source = { open: (wanted: Playable, startMs: number) => this.open(wanted, startMs) };
    this.deck = new StreamDeck(this.audio as unknown as HTMLAudioElement, source, this, ModelMedia as never);
  }

  open({ key }: Playable, startMs: number): Promise<Opened> {
    this.asked.push({ key, startMs });
    const refusal = this.refuse.get(key);
    if (refusal) return Promise.reject(refusal);
    const length = this.lengths.get(key) as number;
    const start = Math.round((startMs * SECOND) / 1000);
    const bytes = streamOf(length, start, 312);
    let place = 0;
    const read = async () => {
      const left = this.breaks.get(key);
      if (left !== undefined) {
        if (left === 0) {
          this.breaks.delete(key);
          throw new Problem(0, "The connection broke");
        }
        this.breaks.set(key, left - 1);
      }
      if (place >= bytes.length) return null;
      place += 13;
      return bytes.slice(place - 13, place);
    };
    const sound = { rate: RATE, channels: 2, start, delay: 312, frames: length - start };
    return Promise.resolve({ sound, mime: "audio/mp4", origin: 0, heard: {} as Opened["heard"], read });
  }

  following({ key }: Playable): Playable | null {
    const next = this.order[this.order.indexOf(key) + 1];
    return next === undefined ? null : item(next);
  }
  failed(_: Deck, { key }: Playable, problem: Problem): Verdict {
    this.said.push(`failed ${key}: ${problem.message}`);
    if (this.verdict === "skip") this.order = this.order.filter((each) => each !== key);
    return this.verdict;
  }
  changed(_: Deck, { key }: Playable): void {
    this.said.push(`changed ${key}`);
  }
  moved(): void {}
  ended(): void {
    this.said.push("ended");
  }
  refused(): void {}

  get buffer(): ModelBuffer {
    return (ModelMedia.all.at(-1) as ModelMedia).buffer;
  }
  get ranges(): [number, number][] {
    const { buffered } = this.buffer;
    return Array.from({ length: buffered.length }, (_, place) => [buffered.start(place), buffered.end(place)]);
  }
}

beforeEach(() => {
  ModelMedia.all = [];
  vi.stubGlobal("URL", Object.assign(URL, { createObjectURL: () => "blob:test", revokeObjectURL: () => {} }));
});

describe("joins", () => {
  it("lays tracks one behind the other without a hole, ahead of time", async () => {
    const world = new World({ 1: 10.1234, 2: 7.77, 3: 5 });
    world.deck.jump(item(1), 0, true);
    await rest();
    expect(world.audio.paused).toBe(false);
    expect(world.ranges.length).toBe(1);
    expect(world.ranges[0]?.[1]).toBeCloseTo(10.1234 + 7.77 + 5, 3);
    const { windows } = world.buffer;
    expect(windows.map((window) => Math.round(window.begin * RATE - 0.25))).toEqual([0, 485_923, 858_883]);
    for (const [place, window] of windows.entries()) if (place) expect(window.begin).toBeCloseTo(windows[place - 1]?.end ?? 0, 9);
    expect(ModelMedia.all[0]?.readyState).toBe("ended");
  });

  it("tells the track that sounds, and the position in it", async () => {
    const world = new World({ 1: 10, 2: 10 });
    world.deck.jump(item(1), 0, true);
    await rest();
    await world.audio.reach(12.5);
    expect(world.said).toEqual(["changed 1", "changed 2"]);
    expect(world.deck.position).toBeCloseTo(2.5, 3);
    expect(world.deck.length).toBeCloseTo(10, 6);
    world.audio.dispatchEvent(new Event("ended"));
    expect(world.said.at(-1)).toBe("ended");
  });
});

describe("edits", () => {
  it("replaces what follows and leaves what sounds untouched", async () => {
    const world = new World({ 1: 20, 2: 10, 3: 10 });
    world.order = [1, 2];
    world.deck.jump(item(1), 0, true);
    await rest();
    await world.audio.reach(5);
    const before = world.buffer.frames.filter((frame) => frame.from < 19.9).length;
    world.order = [1, 3, 2];
    world.deck.revise();
    await rest();
    expect(world.buffer.removed.at(-1)?.[0]).toBeCloseTo(20, 6);
    expect(world.buffer.removed.every(([from]) => from === 0 || from >= 20)).toBe(true);
    expect(world.asked.map(({ key }) => key)).toEqual([1, 2, 3, 2]);
    expect(world.audio.currentTime).toBe(5);
    expect(world.buffer.frames.filter((frame) => frame.from < 19.9).length).toBe(before);
    await world.audio.reach(21);
    expect(world.said.at(-1)).toBe("changed 3");
  });

  it("leaves nothing of what was removed when two edits come at once", async () => {
    const world = new World({ 1: 20, 2: 10, 3: 4 });
    world.order = [1, 2];
    world.deck.jump(item(1), 0, true);
    await rest();
    world.order = [1, 3];
    world.deck.revise();
    world.order = [1];
    world.deck.revise();
    await rest();
    expect(world.ranges.length).toBe(1);
    expect(world.ranges[0]?.[1]).toBeCloseTo(20, 3);
    world.order = [1, 3];
    world.deck.revise();
    await rest();
    expect(world.ranges[0]?.[1]).toBeCloseTo(24, 3);
  });

  it("does not fetch again what is on its way when something is added", async () => {
    const world = new World({ 1: 100, 2: 10 });
    world.order = [1];
    world.deck.jump(item(1), 0, true);
    await rest();
    world.order = [1, 2];
    world.deck.revise();
    await world.audio.reach(60);
    await world.audio.reach(70);
    expect(world.asked.map(({ key }) => key)).toEqual([1, 2]);
  });

  it("appends what is added when all was appended already", async () => {
    const world = new World({ 1: 10, 2: 10 });
    world.order = [1];
    world.deck.jump(item(1), 0, true);
    await rest();
    expect(ModelMedia.all[0]?.readyState).toBe("ended");
    world.order = [1, 2];
    world.deck.revise();
    await rest();
    expect(world.asked.map(({ key }) => key)).toEqual([1, 2]);
    expect(world.ranges[0]?.[1]).toBeCloseTo(20, 3);
  });

  it("repeats one track by appending it again", async () => {
    const world = new World({ 1: 4 });
    world.following = () => item(1);
    world.deck.jump(item(1), 0, true);
    await rest();
    await world.audio.reach(4.5);
    expect(world.said).toEqual(["changed 1", "changed 1"]);
    expect(world.deck.position).toBeCloseTo(0.5, 3);
  });

  it("takes an edit in the middle of a jump", async () => {
    const world = new World({ 1: 100, 2: 10, 3: 100, 4: 10 });
    world.order = [1, 2];
    world.deck.jump(item(1), 0, true);
    await rest();
    await world.audio.reach(30);
    world.order = [3, 2];
    world.deck.jump(item(3), 0, true);
    world.order = [3, 4];
    world.deck.revise();
    await new Promise((done) => setTimeout(done, 150));
    await rest();
    expect(world.audio.currentTime).toBe(0);
    await world.audio.reach(60);
    expect(world.asked.map(({ key }) => key)).toEqual([1, 3, 4]);
    expect(world.ranges.length).toBe(1);
    expect(world.ranges[0]?.[1]).toBeCloseTo(110, 3);
  });

  it("goes to the next track at once when it is here", async () => {
    const world = new World({ 1: 20, 2: 10 });
    world.deck.jump(item(1), 0, false);
    await rest();
    world.deck.jump(item(2), 0, false);
    await rest();
    expect(world.asked.length).toBe(2);
    expect(world.audio.currentTime).toBeCloseTo(20, 3);
  });
});

describe("seeks", () => {
  it("moves within what is here, and fetches anew outside, at the same place", async () => {
    const world = new World({ 1: 200, 2: 10 });
    world.deck.jump(item(1), 0, false);
    await rest();
    world.deck.seek(30);
    await rest();
    expect(world.asked.length).toBe(1);
    expect(world.deck.position).toBeCloseTo(30, 3);
    world.deck.seek(150.5);
    await rest();
    expect(world.asked[1]).toEqual({ key: 1, startMs: 150_480 });
    expect(world.deck.position).toBeCloseTo(150.5, 3);
    expect(world.ranges[0]?.[0]).toBeCloseTo(150.48, 3);
    await world.audio.reach(170);
    // What follows is still where it belongs.
    expect(Math.round((world.buffer.windows.at(-1)?.begin ?? 0) * RATE - 0.25)).toBe(200 * SECOND);
  });

  it("goes where it was sent last, also before an earlier seek got there", async () => {
    const world = new World({ 1: 400 });
    world.deck.jump(item(1), 0, true);
    await rest();
    await world.audio.reach(30);
    world.deck.seek(300);
    world.deck.seek(35);
    await new Promise((done) => setTimeout(done, 150));
    await rest();
    expect(world.audio.currentTime).toBeCloseTo(35, 3);
    expect(world.deck.position).toBeCloseTo(35, 3);
    expect(world.ranges.length).toBe(1);
    expect(world.ranges[0]?.[0]).toBeLessThanOrEqual(35);
    expect(world.ranges[0]?.[1]).toBeGreaterThan(60);
  });

  it("begins a restored track where it was", async () => {
    const world = new World({ 1: 100 });
    world.deck.jump(item(1), 42, false);
    await rest();
    expect(world.asked).toEqual([{ key: 1, startMs: 42_000 }]);
    expect(world.deck.position).toBeCloseTo(42, 3);
    expect(world.audio.paused).toBe(true);
  });
});

describe("room", () => {
  it("keeps ten seconds behind and a minute ahead", async () => {
    const world = new World({ 1: 600 });
    world.deck.jump(item(1), 0, true);
    await rest();
    expect(world.ranges[0]?.[1]).toBeLessThan(62);
    for (let second = 1; second <= 100; second += 1) await world.audio.reach(second);
    expect(world.ranges[0]?.[0]).toBeGreaterThan(80);
    expect(world.ranges[0]?.[0]).toBeLessThanOrEqual(90.01);
    expect(world.ranges[0]?.[1]).toBeGreaterThan(130);
    expect(world.ranges[0]?.[1]).toBeLessThan(163);
  });

  it("opens the next stream only when there is room for it", async () => {
    const world = new World({ 1: 60.2, 2: 100 });
    world.deck.jump(item(1), 0, true);
    await rest();
    expect(world.asked.map(({ key }) => key)).toEqual([1]);
    await world.audio.reach(40);
    expect(world.asked.map(({ key }) => key)).toEqual([1, 2]);
  });

  it("removes and tries again when the browser refuses", async () => {
    const world = new World({ 1: 300 });
    world.deck.jump(item(1), 0, true);
    await rest();
    world.buffer.most = world.buffer.frames.length;
    for (let second = 1; second <= 60; second += 1) await world.audio.reach(second);
    expect(world.said.filter((each) => each.startsWith("failed"))).toEqual([]);
    expect(world.ranges.length).toBe(1);
    expect(world.ranges[0]?.[1]).toBeGreaterThan(62);
  });
});

describe("breaks", () => {
  it("goes on exactly where a stream broke", async () => {
    const world = new World({ 1: 30, 2: 5 });
    world.breaks.set(1, 9);
    world.deck.jump(item(1), 0, true);
    await rest();
    await rest();
    expect(world.said).toContain("failed 1: The connection broke");
    expect(world.asked[1]?.startMs).toBeGreaterThan(5_000);
    expect(world.ranges.length).toBe(1);
    expect(world.ranges[0]?.[1]).toBeCloseTo(35, 3);
  });

  it("passes over what cannot be had", async () => {
    const world = new World({ 1: 10, 2: 10, 3: 10 });
    world.refuse.set(2, new Problem(404, "Gone"));
    world.verdict = "skip";
    world.deck.jump(item(1), 0, true);
    await rest();
    await world.audio.reach(11);
    expect(world.said).toEqual(["changed 1", "failed 2: Gone", "changed 3"]);
  });
});
