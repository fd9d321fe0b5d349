// Hashes become pictures of the right form and colour; what is no hash becomes none.
import { rgbaToThumbHash } from "thumbhash";
import { describe, expect, it } from "vitest";
import { decode } from "./thumbhash";

/** The hash of a picture of one colour, brighter to the right. */
function hashOf(width: number, height: number, [r, g, b]: readonly [number, number, number], opacity = 255): string {
  const rgba = new Uint8Array(4 * width * height);
  for (let at = 0; at < width * height; at += 1) {
    const shade = 0.6 + (0.4 * (at % width)) / width;
    rgba.set([r * shade, g * shade, b * shade, opacity], 4 * at);
  }
  return btoa(String.fromCharCode(...rgbaToThumbHash(width, height, rgba)));
}

describe("decode", () => {
  it("keeps the form", () => {
    const wide = decode(hashOf(80, 40, [200, 80, 60]));
    const square = decode(hashOf(60, 60, [200, 80, 60]));
    expect(wide?.width).toBe(32);
    expect(wide?.height).toBeLessThan(20);
    expect([square?.width, square?.height]).toEqual([32, 32]);
    expect(square?.rgba.length).toBe(4 * 32 * 32);
  });

  it("keeps the colour", () => {
    const [r = 0, g = 0, b = 0] = [...(decode(hashOf(60, 60, [200, 80, 60]))?.rgba.slice(4 * 32 * 16 + 4 * 16) ?? [])];
    expect(r).toBeGreaterThan(g + 40);
    expect(Math.abs(g - b)).toBeLessThan(30);
  });

  it("takes hashes with opacity", () => {
    expect(decode(hashOf(60, 60, [200, 80, 60], 120))).not.toBeNull();
  });

  it("refuses what is none, or is cut off", () => {
    const hash = hashOf(60, 60, [200, 80, 60]);
    for (const text of ["", "!", "AAAA", hash.slice(0, 12)]) expect(decode(text)).toBeNull();
  });
});
