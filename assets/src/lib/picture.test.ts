// Which picture is asked for.
import { afterEach, expect, it, vi } from "vitest";
import { pictureOf } from "./picture";

afterEach(() => vi.unstubAllGlobals());

const item = { id: "tr-1", cover: { hash: "ab" } };
const size = (of: number) => new URL(pictureOf("tracks", item, of) ?? "", "http://house").searchParams.get("size");

it("is of the next step, twice as large on fine screens, and never larger than the largest", () => {
  expect([40, 64, 65, 560, 3_000].map(size)).toEqual(["64", "64", "128", "640", "1024"]);
  vi.stubGlobal("devicePixelRatio", 3);
  expect([32, 40].map(size)).toEqual(["64", "128"]);
});

it("is named by its content, and not asked for where there is none", () => {
  expect(pictureOf("albums", { id: "al 1", cover: { hash: "ab" } }, 40)).toMatch(/\/albums\/al%201\/cover\?size=64&v=ab$/);
  expect(pictureOf("albums", { id: "al-1", cover: null }, 40)).toBeNull();
});
