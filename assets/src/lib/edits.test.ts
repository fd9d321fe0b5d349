// How edits are told.
import { expect, it } from "vitest";
import { described } from "./edits";

it("tells what becomes what", () => {
  expect(described({ artist: { name: "A & B", becomes: ["A", "B"] } })).toMatchObject({ kind: "artist", from: "A & B", to: "A; B" });
  expect(described({ genre: { name: "Misc", becomes: [] } })).toMatchObject({ kind: "genre", from: "Misc", to: "" });
  expect(described({ album: { tracks: ["tr-1", "tr-2"], title: "T", year: 1999 } })).toMatchObject({ kind: "album", from: null, tracks: 2, to: "T · 1999" });
});
