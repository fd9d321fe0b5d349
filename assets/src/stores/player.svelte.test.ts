// @vitest-environment jsdom
// The player on a model of the engine: what is pressed last plays, what goes on counts once, and queues are taken over once.
import { beforeEach, describe, expect, it, vi } from "vitest";
import { Problem } from "@/api/client";
import type { Account, Track } from "@/api/types";
import type { EngineHost, Playable } from "@/engine/engine";
import type { Rows } from "@/lib/rows.svelte";

const engines = vi.hoisted(() => [] as unknown[]);

class ModelEngine {
  item: Playable | null = null;
  position = 0;
  length = null;
  dry = false;
  constructor(readonly host: EngineHost) {
    engines.push(this);
  }
  play(item: Playable, seconds: number): void {
    [this.item, this.position] = [item, seconds];
    this.host.changed(item, []);
  }
  /** Time goes by. */
  reach(seconds: number): void {
    this.position = seconds;
    this.host.moved();
  }
  reload(): void {
    this.host.changed(this.item as Playable, []);
  }
  stop(): void {
    this.item = null;
  }
  pause(): void {}
  resume(): void {}
  revise(): void {}
  seek(): void {}
  forget(): void {}
  heardOf = () => null;
}
vi.mock("@/engine/engine", () => ({ Engine: ModelEngine }));

const { player } = await import("./player.svelte");
const { plays } = await import("./plays");
const { queue } = await import("./queue.svelte");
const { session } = await import("./session.svelte");
const { ui } = await import("./ui.svelte");
const { removeFromQueue } = await import("@/lib/queue-deeds");
const { live } = await import("./live.svelte");
await player.prepare();
const engine = engines[0] as ModelEngine;

const track = (id: number) => ({ id: `tr-${id}`, title: "", artists: [], album: { id: "al-1" }, duration_ms: 200_000, missing_since: null }) as unknown as Track;
const tracks = (count: number, from = 0) => Array.from({ length: count }, (_, place) => track(from + place));
const ids = () => queue.entries.map((entry) => entry.track.id).join(" ");
let answers: Record<string, () => Response | Promise<Response>> = {};

beforeEach(() => {
  vi.restoreAllMocks();
  answers = {};
  ui.notices = [];
  vi.stubGlobal("fetch", (url: string, { method }: RequestInit) => {
    const path = url.replace("/api/v1", "").split("?")[0] ?? "";
    return Promise.resolve(answers[`${method} ${path}`]?.() ?? Response.json({ items: [], track_ids: [] }));
  });
  session.account = { id: "ac-1" } as Account;
  player.pause();
  queue.replace([], -1, "");
});

/** A long list of which the first rows are here; the others are given when the test says so. */
class LongRows implements Rows<Track> {
  readonly loading = false;
  readonly error: Problem | null = null;
  give = (): void => {};
  constructor(readonly items: Track[]) {}
  get total(): number {
    return this.items.length;
  }
  at(row: number): Track | undefined {
    return row < 3 ? this.items[row] : undefined;
  }
  want(): void {}
  async take(from: number, most: number): Promise<Track[]> {
    await new Promise<void>((resolve) => (this.give = resolve));
    return this.items.slice(from, from + most);
  }
}

class AwayRows extends LongRows {
  override readonly error = new Problem(0, "The server does not answer");
  override take = () => Promise.resolve([]);
}

describe("playing a long list", () => {
  it("begins at once with a row that is here", async () => {
    const rows = new LongRows(tracks(9));
    await player.play(rows, 1, "tracks");
    expect([ids(), player.playing]).toEqual(["tr-1", true]);
    rows.give();
    await vi.waitFor(() => expect(ids()).toBe("tr-1 tr-2 tr-3 tr-4 tr-5 tr-6 tr-7 tr-8"));
  });

  it("plays what was pressed last, whichever is slower", async () => {
    const [slow, fast] = [new LongRows(tracks(9)), tracks(2, 20)];
    const first = player.play(slow, 5, "slow");
    await player.play(fast, 0, "fast");
    slow.give();
    await first;
    expect(ids()).toBe("tr-20 tr-21");
  });

  it("keeps the queue when the rows cannot be had, and says why", async () => {
    await player.play(tracks(2), 0, "test");
    await player.play(new AwayRows(tracks(9)), 5, "tracks");
    expect(ids()).toBe("tr-0 tr-1");
    expect(ui.notices.at(-1)?.text).toBe("The server does not answer");
  });
});

describe("plays", () => {
  it("are begun once when only the quality changes, and again when a track repeats", async () => {
    const begin = vi.spyOn(plays, "begin");
    await player.play(tracks(2), 0, "test");
    engine.reach(40);
    player.setQuality("medium" as never);
    expect(begin).toHaveBeenCalledTimes(1);
    engine.reach(199);
    engine.position = 0;
    engine.host.changed(engine.item as Playable, []);
    expect(begin).toHaveBeenCalledTimes(2);
    await player.play(tracks(2), 0, "test");
    expect(begin).toHaveBeenCalledTimes(3);
  });
});

describe("removing what plays", () => {
  it("stops at the end of the queue, and goes on elsewhere", async () => {
    await player.play(tracks(3), 1, "test");
    removeFromQueue(new Set([queue.current?.key ?? 0]));
    expect([player.playing, engine.item?.track.id]).toEqual([true, "tr-2"]);
    player.dry = true;
    removeFromQueue(new Set([queue.current?.key ?? 0]));
    expect([player.playing, player.dry, engine.item, player.track?.id]).toEqual([false, false, null, "tr-0"]);
  });
});

describe("the queue of another device", () => {
  const saved = (at: string) => Response.json({ track_ids: ["tr-7"], current: 0, position_ms: 5_000, changed_at: at });

  it("is offered once until it is taken or something plays here", async () => {
    let at = 0;
    answers["GET /me/queue"] = () => saved(`2026-01-0${(at += 1)}`);
    const calls: (() => void)[] = [];
    vi.spyOn(live, "on").mockImplementation((event, call) => void (event === "queue" && calls.push(() => call(null))));
    player.start();
    const settle = async () => {
      for (let turn = 0; turn < 5; turn += 1) await new Promise((done) => setTimeout(done, 0));
    };
    const changes = () => {
      for (const call of calls) call();
      return settle();
    };
    // What is to be saved is saved when the page is left.
    dispatchEvent(new Event("pagehide"));
    await settle();
    await changes();
    await changes();
    expect(ui.notices.length).toBe(1);
    await player.play(tracks(2), 0, "test");
    player.pause();
    await settle();
    await changes();
    expect(ui.notices.length).toBe(2);
  });

  it("is read at the begin as soon as the server can, but not over what was pressed meanwhile", async () => {
    vi.useFakeTimers();
    vi.spyOn(live, "start").mockImplementation(() => {});
    let asked = 0;
    answers["GET /me/queue"] = () => ((asked += 1) % 3 ? Response.json({ title: "Away" }, { status: 503 }) : saved("2026-02-01"));
    answers["GET /me/queue/tracks"] = () => Response.json({ items: [{ position: 0, track: track(7) }] });
    player.follow("ac-1");
    await vi.advanceTimersByTimeAsync(10_000);
    expect([asked, ids(), player.position]).toEqual([3, "tr-7", 5]);
    player.follow("ac-1");
    await vi.advanceTimersByTimeAsync(500);
    await player.play(tracks(2), 0, "test");
    await vi.advanceTimersByTimeAsync(10_000);
    expect([asked, ids()]).toEqual([4, "tr-0 tr-1"]);
    vi.useRealTimers();
  });
});
