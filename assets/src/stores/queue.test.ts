// The queue under everything that people do to it, in any order: what plays goes on playing, nothing is lost, all is undone.
import { describe, expect, it, vi } from "vitest";
import { Problem } from "@/api/client";
import type { Track } from "@/api/types";
import { seeded } from "@/lib/seeded";
import { Queue } from "./queue.svelte";

const track = (id: number, missing = false) =>
  ({ id: `tr-${id}`, artists: [{ id: `ar-${id % 4}`, name: "" }], display_artist: "", missing_since: missing ? "2026-01-01" : null }) as unknown as Track;
const tracks = (count: number, from = 0) => Array.from({ length: count }, (_, place) => track(from + place));
const ids = (queue: Queue) => queue.entries.map((entry) => entry.track.id).join(" ");

describe("whatever is done", () => {
  it("keeps what plays, and each entry once", () => {
    for (let seed = 1; seed <= 150; seed += 1) {
      const random = seeded(seed);
      const below = (count: number) => Math.floor(random() * count);
      const queue = new Queue(random);
      queue.replace(tracks(10), below(10), "test");
      for (let step = 0; step < 40; step += 1) {
        const playing = queue.current?.key;
        const count = queue.entries.length;
        const others = queue.entries.filter((entry) => entry.key !== playing);
        const victim = others[below(Math.max(1, others.length))]?.key;
        const acts = [
          () => queue.addNext(tracks(2, 100 + step), "next"),
          () => queue.add(tracks(2, 200 + step), "end"),
          () => queue.move(below(count), below(count)),
          () => queue.shuffle(),
          () => victim !== undefined && queue.removeKeys(new Set([victim])),
          () => victim !== undefined && queue.take(new Set([victim]))(),
          () => queue.clear()(),
        ];
        acts[below(acts.length)]?.();
        expect(queue.current?.key).toBe(playing);
        expect(new Set(queue.entries.map(({ key }) => key)).size).toBe(queue.entries.length);
        expect(queue.index).toBeLessThan(queue.entries.length);
      }
    }
  });

  it("is restored after shuffling, with what was added and without what was removed", () => {
    const queue = new Queue(seeded(3));
    queue.replace(tracks(12), 4, "test");
    const before = ids(queue);
    queue.shuffle();
    expect(queue.shuffled).toBe(true);
    expect(queue.index).toBe(0);
    expect(ids(queue)).not.toBe(before);
    queue.shuffle();
    expect([ids(queue), queue.index]).toEqual([before, 4]);
  });

  it("brings back what was removed and cleared", () => {
    const queue = new Queue();
    queue.replace(tracks(6), 2, "test");
    const before = ids(queue);
    const gone = queue.take(new Set([queue.entries[0]?.key ?? 0, queue.entries[4]?.key ?? 0]));
    expect([ids(queue), queue.current?.track.id]).toEqual(["tr-1 tr-2 tr-3 tr-5", "tr-2"]);
    gone();
    expect([ids(queue), queue.index]).toEqual([before, 2]);
    const cleared = queue.clear();
    expect(ids(queue)).toBe("tr-2");
    cleared();
    expect([ids(queue), queue.index]).toEqual([before, 2]);
  });
});

describe("undoing", () => {
  it("brings back only what was taken away: what came since stays, where it is", () => {
    const queue = new Queue();
    queue.replace(tracks(5), 2, "test");
    const cleared = queue.clear();
    queue.addNext([track(7)], "next");
    queue.add([track(8)], "end");
    cleared();
    expect([ids(queue), queue.current?.track.id]).toEqual(["tr-0 tr-1 tr-2 tr-3 tr-4 tr-7 tr-8", "tr-2"]);
    const removed = queue.take(new Set([queue.entries[1]?.key ?? 0]));
    queue.move(0, 5);
    removed();
    expect(ids(queue)).toBe("tr-2 tr-3 tr-4 tr-7 tr-8 tr-0 tr-1");
  });

  it("does nothing when another queue was begun", () => {
    const queue = new Queue();
    queue.replace(tracks(5), 2, "test");
    const cleared = queue.clear();
    queue.replace(tracks(3, 20), 1, "other");
    cleared();
    expect([ids(queue), queue.index]).toEqual(["tr-20 tr-21 tr-22", 1]);
  });

  it("brings back what played, when nothing plays any more", () => {
    const queue = new Queue();
    queue.replace(tracks(2), 1, "test");
    const gone = queue.take(new Set(queue.entries.map(({ key }) => key)));
    expect([ids(queue), queue.index]).toEqual(["", -1]);
    gone();
    expect([ids(queue), queue.index]).toEqual(["tr-0 tr-1", 1]);
  });
});

describe("removing what plays", () => {
  const outcome = (repeat: "off" | "all", index: number) => {
    const queue = new Queue();
    queue.replace(tracks(3), index, "test");
    queue.setRepeat(repeat);
    let told: boolean | null = null;
    queue.onChange((ranOut) => (told = ranOut));
    queue.removeKeys(new Set([queue.current?.key ?? 0]));
    return [queue.current?.track.id, told];
  };

  it("goes on with the one after it, and says so when there is none", () => {
    expect(outcome("off", 1)).toEqual(["tr-2", false]);
    expect(outcome("off", 2)).toEqual(["tr-1", true]);
    expect(outcome("all", 2)).toEqual(["tr-0", false]);
  });
});

describe("what follows", () => {
  it("passes over what is missing or refused, and begins anew where all repeats", () => {
    const queue = new Queue();
    queue.replace([track(0), track(1, true), track(2), track(3)], 0, "test");
    expect(queue.following).toBe(2);
    expect(queue.after(0, new Set([queue.entries[2]?.key ?? 0]))).toBe(3);
    expect(queue.after(3)).toBe(-1);
    queue.setRepeat("all");
    expect(queue.after(3)).toBe(0);
  });

  it("is fetched when few are left, and no more when there is nothing more", async () => {
    const queue = new Queue();
    let asked = 0;
    const more = { source: "radio:tr-0", fetch: () => Promise.resolve((asked += 1) < 3 ? tracks(4, asked * 10) : []) };
    queue.replace(tracks(3), 0, "radio:tr-0", more);
    for (let turn = 0; turn < 30; turn += 1) await Promise.resolve();
    // Three, and four more, leave six behind the first: enough.
    expect(queue.entries.length).toBe(7);
    queue.at(queue.entries[3]?.key ?? 0);
    for (let turn = 0; turn < 30; turn += 1) await Promise.resolve();
    expect([queue.entries.length, queue.continues]).toEqual([11, "radio:tr-0"]);
    queue.at(queue.entries[8]?.key ?? 0);
    for (let turn = 0; turn < 30; turn += 1) await Promise.resolve();
    expect([queue.entries.length, queue.continues]).toEqual([11, null]);
  });

  it("is fetched also when an older question is still on its way", async () => {
    const queue = new Queue();
    let answer = (_: Track[]) => {};
    const slow = { source: "slow", fetch: () => new Promise<Track[]>((done) => (answer = done)) };
    queue.replace(tracks(1), 0, "slow", slow);
    queue.replace(tracks(1, 5), 0, "radio", { source: "radio", fetch: () => Promise.resolve(tracks(9, 10)) });
    answer(tracks(9, 30));
    for (let turn = 0; turn < 30; turn += 1) await Promise.resolve();
    expect(ids(queue)).toBe("tr-5 tr-10 tr-11 tr-12 tr-13 tr-14 tr-15 tr-16 tr-17 tr-18");
  });

  it("is asked for again by itself when the server was away", async () => {
    vi.useFakeTimers();
    const queue = new Queue();
    let asked = 0;
    const fetch = () => ((asked += 1) < 3 ? Promise.reject(new Problem(503, "Away")) : Promise.resolve(tracks(9, 10)));
    queue.replace(tracks(1), 0, "radio", { source: "radio", fetch });
    await vi.advanceTimersByTimeAsync(500);
    expect([asked, queue.entries.length]).toEqual([1, 1]);
    await vi.advanceTimersByTimeAsync(5_000);
    expect([asked, queue.entries.length]).toEqual([3, 10]);
    vi.useRealTimers();
  });
});
