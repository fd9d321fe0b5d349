// Kinds of releases, credits and discs.
import { describe, expect, it } from "vitest";
import type { Album, Track } from "@/api/types";
import { byRelease, creditsOf, discsOf, releaseOf } from "./release";

const album = (release_types: string[], year = 2000, compilation = false) => ({ release_types, year, compilation }) as Album;

describe("releaseOf", () => {
  it("takes the more particular word", () => {
    expect(releaseOf(album(["album", "live"]))).toBe("live");
    expect(releaseOf(album(["Album; Compilation"]))).toBe("compilation");
    expect(releaseOf(album(["EP"]))).toBe("ep");
    expect(releaseOf(album(["album", "soundtrack"]))).toBe("album");
    expect(releaseOf(album([]))).toBe("album");
    expect(releaseOf(album([], 2000, true))).toBe("compilation");
  });
});

describe("byRelease", () => {
  it("has albums first, and the newest first", () => {
    const groups = byRelease([album(["single"], 1999), album([], 1990), album([], 2010)]);
    expect(groups.map(({ release, albums }) => [release, albums.map(({ year }) => year)])).toEqual([["album", [2010, 1990]], ["single", [1999]]]);
  });
});

describe("creditsOf", () => {
  const by = (role: string, id: string, instrument: string | null = null) => ({ role, artist: { id, name: id }, instrument });
  it("counts tracks, not instruments, and puts who did most first", () => {
    const tracks = [
      { contributors: [by("performer", "ann", "piano"), by("performer", "ann", "violin"), by("composer", "bob")] },
      { contributors: [by("performer", "cem"), by("performer", "ann", "piano")] },
    ] as unknown as Track[];
    expect(creditsOf(tracks)).toEqual([
      { role: "performer", artists: [{ id: "ann", name: "ann", instruments: ["piano", "violin"], tracks: 2 }, { id: "cem", name: "cem", instruments: [], tracks: 1 }] },
      { role: "composer", artists: [{ id: "bob", name: "bob", instruments: [], tracks: 1 }] },
    ]);
  });
});

describe("discsOf", () => {
  it("knows where in the whole a disc begins", () => {
    const tracks = [{ disc_number: 1 }, { disc_number: 1 }, { disc_number: 2, disc_title: "Live" }] as Track[];
    expect(discsOf(tracks).map(({ disc, title, from, tracks: own }) => [disc, title, from, own.length])).toEqual([[1, null, 0, 2], [2, "Live", 2, 1]]);
  });
});
