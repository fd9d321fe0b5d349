// The queue under everything that people do to it, in any order: what plays goes on playing, nothing is lost, all is undone.
import { describe, expect, it } from "vitest";
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
});
