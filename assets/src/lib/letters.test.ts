// Where there are too many letters, the alphabet stays and the rest is thinned.
import { describe, expect, it } from "vitest";
import { thinned } from "./letters";

const alphabet = [..."#ABCDEFGHIJKLMNOPQRSTUVWXYZ"];
const others = Array.from({ length: 90 }, (_, place) => String.fromCodePoint(0x4e00 + 40 * place));
const all = [...alphabet, ...others].map((letter, skip) => ({ letter, skip }));

describe("thinned", () => {
  it("leaves alone what fits", () => {
    expect(thinned(all, 200)).toBe(all);
  });

  it("keeps the alphabet and spreads the rest", () => {
    const shown = thinned(all, 36);
    expect(shown.length).toBe(36);
    expect(shown.slice(0, 27).map(({ letter }) => letter)).toEqual(alphabet);
    expect(shown.map(({ skip }) => skip)).toEqual(shown.map(({ skip }) => skip).toSorted((a, b) => a - b));
    expect(shown.at(-1)?.skip).toBeGreaterThan(100);
  });

  it("thins the alphabet too where there is no room even for it", () => {
    const shown = thinned(all, 10);
    expect(shown.length).toBe(10);
    expect(shown[0]?.letter).toBe("#");
    expect(new Set(shown).size).toBe(10);
  });
});
