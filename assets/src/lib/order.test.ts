// Orders: nothing is lost, artists are spread, and what was shuffled is restored.
import { describe, expect, it } from "vitest";
import { moved, restored, shuffled, spread } from "./order";
import { seeded } from "./seeded";

describe("spread", () => {
  it("loses nothing, and lets an artist follow himself hardly ever", () => {
    for (let seed = 1; seed <= 200; seed += 1) {
      const random = seeded(seed);
      const artists = 3 + Math.floor(random() * 10);
      const items = Array.from({ length: 20 + Math.floor(random() * 100) }, (_, id) => ({ id, artist: `${Math.floor(random() * artists)}` }));
      const order = spread(items, ({ artist }) => artist, random);
      expect([...order].sort((one, other) => one.id - other.id)).toEqual(items);
      const follows = (list: typeof items) => list.filter((item, place) => list[place + 1]?.artist === item.artist).length;
      const byChance = shuffled(items, random);
      // Spread is no worse than chance, beyond what luck does.
      expect(follows(order)).toBeLessThanOrEqual(follows(byChance) + 6);
    }
  });

  it("puts two artists with as many tracks in turns, nearly", () => {
    const items = Array.from({ length: 40 }, (_, id) => ({ id, artist: id < 20 ? "a" : "b" }));
    let most = 0;
    for (let seed = 1; seed <= 100; seed += 1) {
      const order = spread(items, ({ artist }) => artist, seeded(seed)).map(({ artist }) => artist).join("");
      most = Math.max(most, ...(order.match(/a+|b+/g) ?? []).map((run) => run.length));
    }
    expect(most).toBeLessThanOrEqual(2);
  });
});

describe("restored", () => {
  it("is the order before, without what is gone, with what came at its neighbour", () => {
    expect(restored([1, 2, 3, 4], [3, 9, 1, 4])).toEqual([1, 3, 9, 4]);
    expect(restored([1, 2], [8, 2, 1])).toEqual([8, 1, 2]);
  });

  it("undoes every shuffle", () => {
    for (let seed = 1; seed <= 100; seed += 1) {
      const random = seeded(seed);
      const items = Array.from({ length: 1 + Math.floor(random() * 50) }, (_, id) => id);
      expect(restored(items, shuffled(items, random))).toEqual(items);
    }
  });
});

describe("moved", () => {
  it("puts one item elsewhere and keeps the others in order", () => {
    expect(moved([1, 2, 3, 4], 0, 2)).toEqual([2, 3, 1, 4]);
    expect(moved([1, 2, 3, 4], 3, 0)).toEqual([4, 1, 2, 3]);
  });
});

describe("shuffled", () => {
  it("keeps every item once and leaves the list alone", () => {
    const items = Array.from({ length: 500 }, (_, n) => n);
    const order = shuffled(items);
    expect([...order].sort((a, b) => a - b)).toEqual(items);
    expect(order).not.toEqual(items);
  });

  it("gives each order of three as often", () => {
    const seen = new Map<string, number>();
    let seed = 1;
    const random = () => (seed = (seed * 48_271) % 2_147_483_647) / 2_147_483_647;
    for (let n = 0; n < 6_000; n += 1) {
      const key = shuffled(["a", "b", "c"], random).join("");
      seen.set(key, (seen.get(key) ?? 0) + 1);
    }
    expect(seen.size).toBe(6);
    for (const times of seen.values()) expect(Math.abs(times - 1_000)).toBeLessThan(150);
  });
});
