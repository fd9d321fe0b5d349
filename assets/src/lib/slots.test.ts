// Rows keep their elements, no two share one, and few elements are made or moved.
import { describe, expect, it } from "vitest";
import { Slots } from "./slots";

const range = (from: number, to: number) => Array.from({ length: to - from }, (_, n) => from + n);

describe("Slots", () => {
  it("shows the rows in order; each that stays keeps its element, and no more are made than are shown", () => {
    const slots = new Slots();
    let before = slots.place(0, 40);
    for (const from of [6, 12, 9, 3, 500, 503, 0, 99, 97, 137]) {
      const now = slots.place(from, from + 40);
      expect(now.map(({ row }) => row)).toEqual(range(from, from + 40));
      expect(new Set(now.map(({ slot }) => slot)).size).toBe(40);
      expect(Math.max(...now.map(({ slot }) => slot))).toBeLessThan(40);
      for (const { row, slot } of before) {
        const still = now.find((each) => each.row === row);
        if (still) expect(still.slot).toBe(slot);
      }
      before = now;
    }
  });

  it("holds a row that is far away, as the focused one is, and does not move it among those that stay", () => {
    const slots = new Slots();
    const own = slots.place(0, 20).find(({ row }) => row === 7)?.slot;
    for (const from of [6, 12, 100, 90_000, 40, 34]) {
      const now = slots.place(from, from + 20, 7);
      expect(now.find(({ row }) => row === 7)?.slot).toBe(own);
      expect(now.map(({ row }) => row).filter((row) => row !== 7)).toEqual(range(from, from + 20).filter((row) => row !== 7));
      expect(new Set(now.map(({ slot }) => slot)).size).toBe(now.length);
    }
  });
});
