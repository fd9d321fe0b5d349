// Columns of cards, and the arrow keys among them.
import { describe, expect, it } from "vitest";
import { cardAfter, layOut } from "./grid";

describe("layOut", () => {
  it("fills the width with whole cards that are not smaller than they should be", () => {
    for (let width = 380; width < 2_000; width += 7) {
      const { columns, side } = layOut(width, 168, 24);
      expect(side * columns + 24 * (columns - 1)).toBeCloseTo(width);
      expect(side).toBeGreaterThanOrEqual(168);
    }
  });

  it("has two columns on phones", () => {
    expect(layOut(288, 168, 16)).toEqual({ columns: 2, side: 136 });
  });
});

describe("cardAfter", () => {
  it("goes by lines and stays within", () => {
    expect(cardAfter("ArrowDown", 1, 4, 10)).toBe(5);
    expect(cardAfter("ArrowDown", 7, 4, 10)).toBe(9);
    expect(cardAfter("ArrowDown", 9, 4, 10)).toBe(9);
    expect(cardAfter("ArrowUp", 2, 4, 10)).toBe(2);
    expect(cardAfter("ArrowLeft", 0, 4, 10)).toBe(0);
    expect(cardAfter("End", 0, 4, 10)).toBe(9);
    expect(cardAfter("x", 0, 4, 10)).toBeNull();
  });
});
