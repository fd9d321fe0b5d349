// Moving any rows anywhere ends as one would do it by hand, and can be taken back.
import { describe, expect, it } from "vitest";
import { shifted, shiftsTo, undone } from "./shifts";

/** By hand: take them out, and put them in before the first that stays at or behind `to`. */
function byHand(items: readonly number[], rows: readonly number[], to: number): number[] {
  const moved = new Set(rows);
  const before = items.filter((_, row) => row < to && !moved.has(row));
  const after = items.filter((_, row) => row >= to && !moved.has(row));
  return [...before, ...rows.map((row) => items[row] as number), ...after];
}

describe("shiftsTo", () => {
  const items = Array.from({ length: 9 }, (_, n) => n);

  it("moves any rows before any row", () => {
    for (let mask = 1; mask < 1 << items.length; mask += 1) {
      const rows = items.filter((row) => mask & (1 << row));
      for (let to = 0; to <= items.length; to += 1) {
        const shifts = shiftsTo(rows, to);
        const after = shifts.reduce<number[]>(shifted, items);
        expect(after).toEqual(byHand(items, rows, to));
        expect(undone(shifts).reduce<number[]>(shifted, after)).toEqual(items);
      }
    }
  });

  it("takes one step for rows that follow each other, none when nothing moves", () => {
    expect(shiftsTo([2, 3, 4], 8)).toEqual([{ from: 2, count: 3, to: 5 }]);
    expect(shiftsTo([2, 3, 4], 3)).toEqual([]);
  });
});
