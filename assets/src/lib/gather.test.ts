// Shuffling keeps all and favours no order.
import { describe, expect, it } from "vitest";
import { shuffled } from "./gather";

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
