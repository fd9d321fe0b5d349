// Choosing rows as file managers do it.
import { describe, expect, it } from "vitest";
import { runs, Selection } from "./selection.svelte";

describe("Selection", () => {
  it("reaches from where it began, forwards and backwards", () => {
    const chosen = new Selection();
    chosen.only(5);
    chosen.reach(8);
    expect(chosen.sorted).toEqual([5, 6, 7, 8]);
    chosen.reach(3);
    expect(chosen.sorted).toEqual([3, 4, 5]);
  });

  it("adds and takes away single rows", () => {
    const chosen = new Selection();
    chosen.only(1);
    chosen.toggle(4);
    chosen.toggle(1);
    expect(chosen.sorted).toEqual([4]);
    expect(chosen.active).toBe(1);
  });

  it("extends by the keyboard from the row it stands at", () => {
    const chosen = new Selection();
    chosen.move(10, false);
    chosen.move(11, true);
    chosen.move(12, true);
    expect(chosen.sorted).toEqual([10, 11, 12]);
    chosen.move(13, false);
    expect(chosen.sorted).toEqual([]);
  });

  it("means the chosen rows only when the row is one of them", () => {
    const chosen = new Selection();
    chosen.all(3);
    expect(chosen.meant(1)).toEqual([0, 1, 2]);
    expect(chosen.meant(7)).toEqual([7]);
  });
});

describe("runs", () => {
  it("joins what follows each other", () => {
    expect(runs([0, 1, 2, 7, 9, 10])).toEqual([{ from: 0, count: 3 }, { from: 7, count: 1 }, { from: 9, count: 2 }]);
    expect(runs([])).toEqual([]);
  });
});
