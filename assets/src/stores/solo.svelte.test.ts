// @vitest-environment jsdom
// What sounds beside the queue, on models of the element and the engine: one at a time, and never beside the music.
import { flushSync } from "svelte";
import { beforeEach, describe, expect, it, vi } from "vitest";
import type { Account, Track } from "@/api/types";
import type { EngineHost, Playable } from "@/engine/engine";
import type { Piece } from "./solo.svelte";

class ModelAudio extends EventTarget {
  static last: ModelAudio;
  preload = "";
  volume = 1;
  muted = false;
  paused = true;
  ended = false;
  currentTime = 0;
  duration = Number.NaN;
  error: unknown = null;
  refusal: DOMException | null = null;
  tuned = 0;
  #source: string | null = null;
  constructor() {
    super();
    ModelAudio.last = this;
  }
  play(): Promise<void> {
    this.paused = false;
    return this.refusal ? Promise.reject(this.refusal) : Promise.resolve();
  }
  pause(): void {
    this.paused = true;
  }
  load(): void {
    this.paused = true;
  }
  getAttribute(): string | null {
    return this.#source;
  }
  hasAttribute(): boolean {
    return this.#source !== null;
  }
  setAttribute(_name: string, value: string): void {
    this.#source = value;
    this.tuned += 1;
    [this.currentTime, this.error, this.ended] = [0, null, false];
  }
  removeAttribute(): void {
    this.#source = null;
  }
  tell(name: string): void {
    this.dispatchEvent(new Event(name));
  }
}
class ModelEngine {
  item: Playable | null = null;
  source = { forget: () => {}, heard: new Map() };
  constructor(readonly host: EngineHost) {}
  play(item: Playable): void {
    this.item = item;
  }
  stop(): void {}
  pause(): void {}
  resume(): void {}
  revise(): void {}
}
class Metadata {
  readonly title: string;
  constructor({ title }: { title: string }) {
    this.title = title;
  }
}
vi.mock("@/engine/engine", () => ({ Engine: ModelEngine }));
vi.stubGlobal("Audio", ModelAudio);
vi.stubGlobal("BroadcastChannel", undefined);
vi.stubGlobal("MediaMetadata", Metadata);
const handlers: Record<string, () => void> = {};
const system = { metadata: null as Metadata | null, playbackState: "none", setActionHandler: (name: string, act: () => void) => (handlers[name] = act), setPositionState: () => {} };
Object.defineProperty(navigator, "mediaSession", { value: system });

const { control } = await import("./media_session");
const { player } = await import("./player.svelte");
const { session } = await import("./session.svelte");
const { solo } = await import("./solo.svelte");
const { ui } = await import("./ui.svelte");

const station = (id: string): Piece => ({ id, title: `Radio ${id}`, href: "/stations", path: `/radio-stations/${id}/stream`, live: true });
const left = vi.fn();
const episode: Piece = { id: "ep-1", title: "Episode", href: "/", path: "/episodes/ep-1/stream", live: false, from: 30, length: 100, left };
const tracks = [{ id: "tr-1", title: "Track", artists: [], album: { id: "al-1", title: "" }, duration_ms: 200_000, missing_since: null }] as unknown as Track[];
const audio = () => ModelAudio.last;
let answer: () => Response;

beforeEach(() => {
  session.account = { id: "ac-1" } as Account;
  answer = () => Response.json({ items: [], track_ids: [] });
  vi.stubGlobal("fetch", () => Promise.resolve(answer()));
  ui.notices = [];
  left.mockClear();
  player.pause();
  solo.close();
  flushSync();
  control({ play: () => player.resume(), pause: () => player.pause(), next: () => {}, previous: () => {}, seek: () => {} });
});

describe("a station", () => {
  it("connects, plays, and is left when it is paused", () => {
    solo.toggle(station("a"));
    expect([solo.stateOf("a"), solo.stateOf("b")]).toEqual(["connecting", "paused"]);
    expect(audio().getAttribute()).toBe("/api/v1/radio-stations/a/stream");
    audio().tell("playing");
    expect(solo.stateOf("a")).toBe("playing");
    audio().tell("waiting");
    expect(solo.stateOf("a")).toBe("connecting");
    solo.toggle(station("a"));
    expect([solo.state, audio().hasAttribute()]).toEqual(["paused", false]);
    solo.toggle();
    expect([solo.state, audio().hasAttribute()]).toEqual(["connecting", true]);
  });

  it("gives way to another one", () => {
    solo.toggle(station("a"));
    audio().tell("playing");
    solo.toggle(station("b"));
    expect([solo.stateOf("a"), solo.stateOf("b")]).toEqual(["paused", "connecting"]);
    expect(audio().getAttribute()).toBe("/api/v1/radio-stations/b/stream");
  });

  it("says why it does not play, in the server's words", async () => {
    answer = () => Response.json({ detail: "the station cannot be heard: it is away" }, { status: 502 });
    solo.toggle(station("a"));
    audio().error = {};
    audio().tell("error");
    await vi.waitFor(() => expect(solo.problem).toBe("The station cannot be heard: it is away"));
    expect([solo.stateOf("a"), audio().hasAttribute()]).toEqual(["failed", false]);
    expect(ui.notices.map(({ text, kind }) => [text, kind])).toEqual([[solo.problem, "wrong"]]);
    solo.toggle(station("a"));
    expect([solo.state, solo.problem]).toEqual(["connecting", null]);
  });

  it("says that the browser cannot play it where the server sends it", async () => {
    solo.toggle(station("a"));
    audio().tell("error");
    await vi.waitFor(() => expect(solo.problem).toBe("This browser cannot play what Radio a sends."));
  });

  it("says nothing of one that was left meanwhile", async () => {
    let give = (_: Response) => {};
    vi.stubGlobal("fetch", () => new Promise<Response>((resolve) => (give = resolve)));
    solo.toggle(station("a"));
    audio().tell("error");
    solo.toggle(station("b"));
    give(Response.json({ detail: "away" }, { status: 502 }));
    await new Promise((resolve) => setTimeout(resolve));
    expect([solo.state, solo.problem, ui.notices]).toEqual(["connecting", null, []]);
  });

  it("is tuned in to again when it breaks off after a while, and is told to have ended when it does at once", async () => {
    solo.toggle(station("a"));
    const before = audio().tuned;
    audio().tell("playing");
    audio().currentTime = 60;
    audio().tell("error");
    expect([solo.state, audio().tuned - before]).toEqual(["connecting", 1]);
    audio().ended = true;
    audio().tell("ended");
    await vi.waitFor(() => expect(solo.problem).toBe("Radio a has stopped sending."));
    expect(audio().tuned - before).toBe(1);
  });

  it("waits for a press where the browser wants one", async () => {
    solo.toggle(station("a"));
    solo.close();
    audio().refusal = new DOMException("", "NotAllowedError");
    solo.toggle(station("a"));
    await vi.waitFor(() => expect(ui.notices.map(({ text }) => text)).toEqual(["Press play to listen"]));
    expect(solo.state).toBe("paused");
    audio().refusal = null;
  });
});

describe("beside the queue", () => {
  it("the music pauses for it, and ends it when it plays again", async () => {
    await player.play(tracks, 0, "test");
    solo.toggle(station("a"));
    flushSync();
    expect([player.playing, solo.state]).toEqual([false, "connecting"]);
    player.resume();
    flushSync();
    expect([player.playing, solo.piece, audio().hasAttribute()]).toEqual([true, null, false]);
  });

  it("the system's controls are its own until the queue plays again", async () => {
    await player.play(tracks, 0, "test");
    solo.toggle(station("a"));
    expect([system.metadata?.title, system.playbackState]).toEqual(["Radio a", "playing"]);
    handlers.pause?.();
    expect([solo.state, system.playbackState, player.playing]).toEqual(["paused", "paused", false]);
    handlers.play?.();
    expect([solo.state, player.playing]).toEqual(["connecting", false]);
    player.resume();
    flushSync();
    expect(system.playbackState).toBe("playing");
    handlers.pause?.();
    expect(player.playing).toBe(false);
  });

  it("is as loud as the player", () => {
    player.setVolume(0.5);
    solo.toggle(station("a"));
    flushSync();
    expect(audio().volume).toBeCloseTo(0.25);
    player.setVolume(1);
    player.mute(true);
    flushSync();
    expect([audio().volume, audio().muted]).toEqual([1, true]);
    player.mute(false);
  });

  it("ends when one signs out", () => {
    solo.toggle(station("a"));
    session.account = null;
    flushSync();
    expect([solo.piece, audio().hasAttribute()]).toEqual([null, false]);
  });
});

describe("an episode", () => {
  it("begins where it was left, and tells where it is left", () => {
    solo.toggle(episode);
    expect([audio().currentTime, solo.length]).toEqual([30, 100]);
    audio().currentTime = 42;
    audio().tell("timeupdate");
    solo.toggle(episode);
    expect(left).toHaveBeenLastCalledWith(42, 100);
    expect([solo.state, audio().hasAttribute()]).toEqual(["paused", true]);
    solo.toggle(episode);
    expect(audio().currentTime).toBe(42);
    solo.seek(500);
    expect(audio().currentTime).toBe(100);
    solo.toggle(station("a"));
    expect(left).toHaveBeenLastCalledWith(100, 100);
  });
});
