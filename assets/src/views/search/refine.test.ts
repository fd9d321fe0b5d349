// Facets go into a query and out of it, and leave the rest of it alone.
import { describe, expect, it } from "vitest";
import { has, terms, toggled, without } from "./refine";

const hop = { field: "genre", value: "Trip Hop" };

describe("toggled", () => {
  it("puts a field in, and takes it out", () => {
    expect(toggled("björk", hop)).toBe('björk genre:"Trip Hop"');
    expect(toggled('björk genre:"Trip Hop"', hop)).toBe("björk");
    expect(toggled("björk GENRE:\"trip hop\" -live", hop)).toBe("björk -live");
  });

  it("replaces the decade, format and library, and adds further genres", () => {
    const sixties = { field: "year", value: "1960s" };
    expect(toggled("year:1990s a", sixties)).toBe("a year:1960s");
    expect(toggled('genre:"Pop"', hop)).toBe('genre:"Pop" genre:"Trip Hop"');
    expect(toggled("format:mp3", { field: "format", value: "flac" })).toBe("format:flac");
  });

  it("leaves what is excluded and what is quoted as it is", () => {
    expect(toggled('-genre:"Trip Hop" "two words" x:y', hop)).toBe('-genre:"Trip Hop" "two words" x:y genre:"Trip Hop"');
  });

  it("undoes itself for values of any kind", () => {
    for (const value of ["K-Pop", "R&B", "", "日本", 'the "best"', "a:b", "  spaces  "]) {
      const term = { field: "genre", value: value.replaceAll('"', " ").trim() };
      expect(toggled(toggled("one two", term), term)).toBe("one two");
    }
  });
});

describe("has, terms and without", () => {
  it("read quoted, unquoted and half-typed values", () => {
    expect(has("genre:pop", { field: "genre", value: "Pop" })).toBe(true);
    expect(has('genre:"trip hop', hop)).toBe(true);
    expect(has("-genre:pop", { field: "genre", value: "Pop" })).toBe(false);
    expect(terms('a year:1990s genre:"Trip Hop" -format:mp3', ["year", "genre", "format"])).toEqual([{ field: "year", value: "1990s" }, hop]);
    expect(without('björk year:1990s -live foo:bar "so quiet"', ["year"])).toBe('björk -live foo:bar "so quiet"');
  });
});
