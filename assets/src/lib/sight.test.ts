// Which lines are drawn.
import { describe, expect, it } from "vitest";
import { linesBetween } from "./sight.svelte";

describe("linesBetween", () => {
  it("covers what is in sight and some beyond, wherever one is", () => {
    for (let top = -2_000; top < 4_400_000; top += 9_973) {
      const { from, to } = linesBetween(top, top + 900, 44, 100_000);
      const [first, last] = [Math.max(0, Math.floor(top / 44)), Math.min(100_000, Math.ceil((top + 900) / 44))];
      if (top + 900 > 0) {
        expect(from).toBeLessThanOrEqual(first);
        expect(to).toBeGreaterThanOrEqual(last);
      }
      expect(to - from).toBeLessThan(50);
      expect(from).toBeLessThan(to);
    }
  });

  it("changes seldom while one scrolls", () => {
    const seen = new Set<string>();
    for (let top = 0; top < 44 * 60; top += 1) seen.add(JSON.stringify(linesBetween(top, top + 900, 44, 1_000)));
    expect(seen.size).toBeLessThan(25);
  });

  it("draws nothing of nothing, and one line of a list that is far away", () => {
    expect(linesBetween(0, 900, 44, 0)).toEqual({ from: 0, to: 0 });
    expect(linesBetween(-5_000, -4_100, 44, 30)).toEqual({ from: 0, to: 1 });
    expect(linesBetween(99_999, 100_900, 44, 10)).toEqual({ from: 9, to: 10 });
  });
});
