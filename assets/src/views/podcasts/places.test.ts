// @vitest-environment jsdom
// One comes back to where one stopped; what was heard to the end begins anew.
import { beforeEach, describe, expect, it } from "vitest";
import { keepPlace, placeOf } from "./places";

beforeEach(() => localStorage.clear());

describe("places", () => {
  it("are kept in whole seconds, and taken back at the end", () => {
    expect(placeOf("ep-1")).toBe(0);
    keepPlace("ep-1", 61.9);
    keepPlace("ep-2", 5);
    expect([placeOf("ep-1"), placeOf("ep-2")]).toEqual([61, 5]);
    keepPlace("ep-1", 0);
    expect([placeOf("ep-1"), placeOf("ep-2")]).toEqual([0, 5]);
  });

  it("do not grow without end: the oldest go first", () => {
    for (let number = 0; number < 300; number += 1) keepPlace(`ep-${number}`, 10);
    expect([placeOf("ep-0"), placeOf("ep-99"), placeOf("ep-100"), placeOf("ep-299")]).toEqual([0, 0, 10, 10]);
  });

  it("survive nonsense in the store", () => {
    for (const text of ["{", "7", "null"]) {
      localStorage.setItem("hexachord.episodes", text);
      expect(placeOf("ep-1")).toBe(0);
    }
  });
});
