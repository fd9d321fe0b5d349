// The address of a list of albums says what is listed, and nothing that is as usual.
import { describe, expect, it } from "vitest";
import { filters, read, SORTS, written, type Listing } from "./listing";

describe("a listing", () => {
  it("comes back from its address", () => {
    for (const sort of SORTS) {
      for (const genre of [null, "ge-1"]) {
        for (const decade of [null, 1990, 0]) {
          const listing: Listing = { sort, genre, decade };
          expect(read(new URLSearchParams(written(listing)))).toEqual(listing);
        }
      }
    }
  });

  it("is all albums by title where the address says nothing, or nonsense", () => {
    const usual = { sort: "title", genre: null, decade: null };
    for (const query of ["", "sort=size&decade=old"]) expect(read(new URLSearchParams(query))).toEqual(usual);
    expect(written(read(new URLSearchParams()))).toBe("");
  });

  it("asks for the ten years of a decade", () => {
    expect(filters(read(new URLSearchParams("decade=1990&genre=ge-1")))).toEqual({ genre: "ge-1", year_from: 1990, year_to: 1999 });
    expect(filters(read(new URLSearchParams()))).toEqual({ genre: null, year_from: null, year_to: null });
  });
});
