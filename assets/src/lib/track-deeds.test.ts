// @vitest-environment jsdom
// Where moved rows are afterwards.
import { describe, expect, it } from "vitest";
import { shifted, shiftsTo } from "./shifts";
import { landing } from "./track-deeds";

describe("landing", () => {
  it("is where the first of the moved rows stands", () => {
    const items = [0, 1, 2, 3, 4, 5];
    for (let mask = 1; mask < 64; mask += 1) {
      const rows = items.filter((row) => mask & (1 << row));
      for (let to = 0; to <= 6; to += 1) expect(shiftsTo(rows, to).reduce<number[]>(shifted, items).indexOf(rows[0] ?? -1)).toBe(landing(rows, to));
    }
  });
});
