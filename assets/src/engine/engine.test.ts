// @vitest-environment jsdom
// The engine on model decks: what is passed over and told, when it waits, and how one deck follows the other.
import { beforeEach, describe, expect, it, vi } from "vitest";
import { Problem } from "@/api/client";
import type { Track } from "@/api/types";
import { Engine, type EngineHost, type Playable, type Refusal } from "./engine";
import { ModelAudio, ModelMedia, RATE, rest, streamOf } from "./model";

const item = (key: number, seconds = 30): Playable => ({
  key,
  track: { id: `tr-${key}`, codec: "flac", bitrate_kbps: 900, excerpt: null, duration_ms: seconds * 1000 } as unknown as Track,
});

class House implements EngineHost {
  said: string[] = [];
  order: number[] = [];
  lengths = new Map<number, number>();
  problems = new Map<number, { status: number; detail: string; lacks?: string }>();
  audios: ModelAudio[] = [];
  engine: Engine;

  constructor(seconds: Record<number, number>) {
    for (const [key, length] of Object.entries(seconds)) this.lengths.set(Number(key), length * RATE);
    this.order = [...this.lengths.keys()];
    vi.stubGlobal("fetch", (url: string) => Promise.resolve(this.answer(url)));
    this.engine = new Engine(this, () => {
      const audio = new ModelAudio();
      this.audios.push(audio);
      return audio as unknown as HTMLAudioElement;
    });
  }

  asked: string[] = [];
  answer(url: string): Response {
    this.asked.push(url);
    const key = Number(/tr-(\d+)/.exec(url)?.[1]);
    const problem = this.problems.get(key);
    if (problem && (problem.lacks !== "bitrate" || url.includes("flac"))) return Response.json({ title: "", ...problem }, { status: problem.status });
    const length = this.lengths.get(key) as number;
    const headers = { "content-type": "audio/mp4", "x-hexachord-sound": `rate=${RATE}; channels=2; start=0; delay=0; frames=${length}` };
    return new Response(streamOf(length) as Uint8Array<ArrayBuffer>, { headers });
  }

  following({ key }: Playable, refused: ReadonlySet<number>): Playable | null {
    const next = this.order.slice(this.order.indexOf(key) + 1).find((each) => !refused.has(each));
    return next === undefined ? null : item(next, (this.lengths.get(next) ?? 0) / RATE);
  }
  neighbours(one: Playable, other: Playable): boolean {
    return one.key === 1 && other.key === 2;
  }
  quality = () => "auto" as const;
  loudness = () => "off" as const;
  changed({ key }: Playable, refusals: readonly Refusal[]): void {
    for (const refusal of refusals) this.said.push(`skipped ${refusal.item.key}: ${refusal.problem.message}`);
    this.said.push(`plays ${key}`);
  }
  moved(): void {}
  ended(refusals: readonly Refusal[]): void {
    this.said.push(["ended", ...refusals.map((refusal) => refusal.item.key)].join(" "));
  }
  waits(problem: Problem | null): void {
    this.said.push(`waits: ${problem?.message ?? "no more"}`);
  }
  failed({ item: { key }, problem }: Refusal, fatal: boolean): void {
    this.said.push(`failed ${key}: ${problem.message}${fatal ? ", fatal" : ""}`);
  }
  pressNeeded(): void {}
  heardOf(): void {}

  get deck(): ModelAudio {
    return this.audios[0] as ModelAudio;
  }
}

beforeEach(() => {
  ModelMedia.all = [];
  vi.stubGlobal("MediaSource", Object.assign(ModelMedia, { isTypeSupported: () => true }));
  vi.stubGlobal("URL", Object.assign(URL, { createObjectURL: () => "blob:test", revokeObjectURL: () => {} }));
});

describe("what cannot be had", () => {
  it("is passed over before it is due, and told in the server's words when it would have been", async () => {
    const house = new House({ 1: 10, 2: 10, 3: 10 });
    house.problems.set(2, { status: 404, detail: "this track is gone" });
    house.engine.play(item(1));
    await rest();
    expect(house.said).toEqual(["plays 1"]);
    await house.deck.reach(10.5);
    expect(house.said).toEqual(["plays 1", "skipped 2: This track is gone", "plays 3"]);
  });

  it("is told at the end where nothing else follows", async () => {
    const house = new House({ 1: 10, 2: 10 });
    house.problems.set(2, { status: 422, detail: "damaged" });
    house.engine.play(item(1));
    await rest();
    house.deck.dispatchEvent(new Event("ended"));
    expect(house.said.at(-1)).toBe("ended 2");
  });

  it("is told at once when it is what was pressed, and stops where all would be refused", async () => {
    const house = new House({ 1: 10, 2: 10 });
    house.problems.set(1, { status: 402, detail: "your plan has one stream", lacks: "streams" });
    house.engine.play(item(1));
    await rest();
    expect(house.said).toEqual(["plays 1", "failed 1: Your plan has one stream, fatal"]);
  });

  it("is asked for as Opus where the plan has no room for FLAC", async () => {
    const house = new House({ 1: 10 });
    house.problems.set(1, { status: 402, detail: "too many bits", lacks: "bitrate" });
    house.engine.play(item(1));
    await rest();
    expect(house.asked.map((url) => /format=([a-z0-9-]+)/.exec(url)?.[1])).toEqual(["flac-mp4", "opus-mp4"]);
    expect(house.said).toEqual(["plays 1"]);
  });
});

describe("crossfade", () => {
  it("takes the other deck for what is no neighbour, and is begun when it is due", async () => {
    const house = new House({ 1: 10, 2: 30, 3: 30 });
    house.engine.crossfade = 5;
    house.engine.play(item(1));
    await rest();
    // Neighbours are joined on one deck, and nothing more.
    expect(ModelMedia.all.length).toBe(1);
    await house.deck.reach(12);
    await house.deck.reach(34);
    expect(house.said).toEqual(["plays 1", "plays 2"]);
    expect(house.audios[1]?.paused).toBe(true);
    await rest();
    await house.deck.reach(35.5);
    expect(house.said.at(-1)).toBe("plays 3");
    expect([house.deck.paused, house.audios[1]?.paused]).toEqual([false, false]);
  });

  /** Just before the end of the first of two tracks that fade into each other. */
  async function nearEnd(seconds: Record<number, number>, crossfade: number): Promise<House> {
    const house = new House(seconds);
    house.neighbours = () => false;
    house.engine.crossfade = crossfade;
    house.engine.play(item(1));
    await rest();
    await house.deck.reach(10);
    await rest();
    return house;
  }

  it("does not begin while the music falls asleep", async () => {
    const house = await nearEnd({ 1: 20, 2: 30 }, 5);
    void house.engine.fadeOut(8_000);
    await house.deck.reach(16);
    house.deck.dispatchEvent(new Event("ended"));
    await rest();
    expect(house.said).toEqual(["plays 1", "ended"]);
    expect(house.audios[1]?.paused).toBe(true);
  });

  it("lasts by the clock, however fast the music is, and at most half of what comes", async () => {
    const fast = await nearEnd({ 1: 40, 2: 30 }, 4);
    fast.engine.speed = 2;
    await fast.deck.reach(31);
    expect(fast.said).toEqual(["plays 1"]);
    await fast.deck.reach(32.5);
    expect(fast.said).toEqual(["plays 1", "plays 2"]);
    const short = await nearEnd({ 1: 20, 2: 6 }, 8);
    await short.deck.reach(16);
    expect(short.said).toEqual(["plays 1"]);
    await short.deck.reach(17.5);
    expect(short.said).toEqual(["plays 1", "plays 2"]);
  });

  it("lets go of what it made ready when tracks are joined again", async () => {
    const house = await nearEnd({ 1: 20, 2: 30 }, 5);
    house.engine.crossfade = 0;
    house.engine.revise();
    await rest();
    await house.deck.reach(20.5);
    expect(house.said).toEqual(["plays 1", "plays 2"]);
    expect(house.engine.audio).toBe(house.deck);
    expect(ModelMedia.all[1]?.buffer.buffered.length).toBe(0);
  });
});

describe("repeating one track", () => {
  it("does not cut it off when it cannot be had a second time", async () => {
    const house = new House({ 1: 10, 2: 10 });
    house.following = ({ key }, refused) => (key === 1 && !refused.has(1) ? item(1) : key === 1 ? item(2) : null);
    const answer = house.answer.bind(house);
    house.answer = (url) => {
      const response = answer(url);
      house.problems.set(1, { status: 404, detail: "gone by now" });
      return response;
    };
    house.engine.play(item(1));
    await rest();
    expect(house.said).toEqual(["plays 1"]);
    await house.deck.reach(10.5);
    expect(house.said).toEqual(["plays 1", "skipped 1: Gone by now", "plays 2"]);
  });
});
