// @vitest-environment jsdom
// What the server tells: kept for whoever reads it, and hung up while nobody looks.
import { beforeEach, describe, expect, it, vi } from "vitest";
import { session } from "./session.svelte";

class Source extends EventTarget {
  static CLOSED = 2;
  static all: Source[] = [];
  readyState = 1;

  constructor() {
    super();
    Source.all.push(this);
  }
  close(): void {
    this.readyState = 2;
  }
  tell(event: string, data: unknown): void {
    this.dispatchEvent(new MessageEvent(event, { data: JSON.stringify(data) }));
  }
}

const begin = async () => {
  Source.all = [];
  vi.stubGlobal("EventSource", Source);
  vi.resetModules();
  const { live } = await import("./live.svelte");
  live.start();
  return { live, source: Source.all[0] as Source };
};

const hide = (hidden: boolean) => {
  Object.defineProperty(document, "hidden", { value: hidden, configurable: true });
  document.dispatchEvent(new Event("visibilitychange"));
};

beforeEach(() => session.tellAway(null));

describe("events", () => {
  it("are kept by their names, and told to whoever asked", async () => {
    const { live, source } = await begin();
    const heard = vi.fn();
    live.on("queue", heard);
    source.tell("hello", { version: "0.1.0", library: "12" });
    source.tell("queue", { track_count: 3, changed_at: "2026-01-01T00:00:00Z" });
    source.tell("now_playing", { items: [{ username: "anna" }], next_cursor: null });
    expect([live.library, live.playing?.length, heard.mock.calls.length]).toEqual(["12", 1, 1]);
    source.tell("library", { revision: "13" });
    expect(live.library).toBe("13");
    live.stop();
  });

  it("are heard again after the page was hidden, but not after signing out", async () => {
    vi.useFakeTimers();
    const { live, source } = await begin();
    hide(true);
    live.isNeeded = () => true;
    vi.advanceTimersByTime(120_000);
    expect(source.readyState).toBe(1);
    hide(true);
    live.isNeeded = () => false;
    vi.advanceTimersByTime(120_000);
    expect(source.readyState).toBe(2);
    hide(false);
    expect(Source.all.length).toBe(2);
    live.stop();
    hide(true);
    hide(false);
    expect(Source.all.length).toBe(2);
    vi.useRealTimers();
  });

  it("leave nothing for the next listener", async () => {
    const { live, source } = await begin();
    source.tell("hello", { library: "12" });
    source.tell("now_playing", { items: [{ username: "anna" }] });
    source.tell("scan", { phase: "reading" });
    live.stop();
    expect([live.library, live.playing, live.scan]).toEqual([null, null, null]);
  });

  it("are given up once nobody needs them any more, also long after the page was hidden", async () => {
    vi.useFakeTimers();
    const { live, source } = await begin();
    let isNeeded = true;
    live.isNeeded = () => isNeeded;
    hide(true);
    vi.advanceTimersByTime(600_000);
    expect(source.readyState).toBe(1);
    isNeeded = false;
    vi.advanceTimersByTime(60_000);
    expect(source.readyState).toBe(2);
    live.stop();
    hide(false);
    vi.useRealTimers();
  });

  it("are heard again as soon as the network is back", async () => {
    const { live, source } = await begin();
    dispatchEvent(new Event("online"));
    expect([source.readyState, Source.all.at(-1)?.readyState]).toEqual([2, 1]);
    const calls = Source.all.length;
    live.stop();
    dispatchEvent(new Event("online"));
    expect(Source.all.length).toBe(calls);
  });
});
