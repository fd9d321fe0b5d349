// An accent is read on every surface of its theme, whatever the cover's colour; and it keeps the hue.
import { describe, expect, it } from "vitest";
import { accentOf, contrast, type Theme } from "./accent";

const SURFACES: Record<Theme, readonly string[]> = {
  dark: ["#121316", "#1b1d21", "#24272c"],
  light: ["#fafaf8", "#ffffff", "#f0f0ed"],
};
const two = (part: number) => Math.min(255, part).toString(16).padStart(2, "0");

/** Every colour whose parts are multiples of 8. */
function* colours(): Generator<string> {
  for (let r = 0; r <= 256; r += 8) for (let g = 0; g <= 256; g += 8) for (let b = 0; b <= 256; b += 8) yield `#${two(r)}${two(g)}${two(b)}`;
}

describe.each(["dark", "light"] as const)("accents of the %s theme", (theme) => {
  it("are read on every surface, and text is read on them", () => {
    let [worst, worstText] = [21, 21];
    for (const colour of colours()) {
      const made = accentOf(colour, theme);
      if (!made) throw new Error(colour);
      for (const surface of SURFACES[theme]) worst = Math.min(worst, contrast(made.accent, surface));
      worstText = Math.min(worstText, contrast(made.accent, made.onAccent));
    }
    expect(worst).toBeGreaterThanOrEqual(4.5);
    expect(worstText).toBeGreaterThanOrEqual(5);
  });

  it("keep the hue of a colour and leave grey grey", () => {
    const parts = (colour: string) => (colour.slice(1).match(/../g) ?? []).map((part) => parseInt(part, 16)) as [number, number, number];
    const [r, g, b] = parts(accentOf("#d04030", theme)?.accent ?? "");
    expect(r).toBeGreaterThan(Math.max(g, b) + 40);
    const [blueR, , blueB] = parts(accentOf("#203090", theme)?.accent ?? "");
    expect(blueB).toBeGreaterThan(blueR + 40);
    const grey = parts(accentOf("#808184", theme)?.accent ?? "");
    expect(Math.max(...grey) - Math.min(...grey)).toBeLessThanOrEqual(1);
  });
});

describe("accentOf", () => {
  it("leaves a colour that is fit already as it is", () => {
    expect(accentOf("#7cc4b8", "dark")?.accent).toBe("#7cc4b8");
    expect(accentOf("#0f6b61", "light")?.accent).toBe("#0f6b61");
  });

  it("knows what is no colour", () => {
    for (const text of ["", "red", "#fff", "#12345g", "rgb(1,2,3)"]) expect(accentOf(text, "dark")).toBeNull();
  });
});

describe("contrast", () => {
  it("runs from 1 to 21", () => {
    expect(contrast("#ffffff", "#000000")).toBeCloseTo(21);
    expect(contrast("#777777", "#777777")).toBe(1);
    expect(contrast("#777777", "#ffffff")).toBeCloseTo(4.48, 2);
  });
});
