// The largest genres have the largest tiles, and not too many do.
import { describe, expect, it } from "vitest";
import { sizes } from "./sizes";

describe("sizes", () => {
  it("follow the counts", () => {
    const found = sizes([1, 40, 2, 9, 3, 100, 4, 2, 8, 1, 1, 30, 2, 1, 5, 1]);
    expect(found[5]).toBe("large");
    expect(found[1]).toBe("large");
    expect(found[3]).toBe("wide");
    expect(found[0]).toBe("small");
    expect(found.filter((size) => size === "large").length).toBe(2);
  });

  it("make none stand out where all are alike", () => {
    expect(new Set(sizes(Array.from({ length: 20 }, () => 7)))).toEqual(new Set(["small"]));
  });

  it("give few genres room", () => {
    expect(sizes([3, 1])).toEqual(["wide", "wide"]);
    expect(sizes([])).toEqual([]);
  });
});
