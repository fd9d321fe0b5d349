// Lyrics in time, and waveforms as bars.
import { describe, expect, it } from "vitest";
import { bestLyrics, lineAt, wordsAt, type Lyrics } from "./lyrics";
import { bars, fitting } from "./waveform";

const line = (start_ms: number | null, ...words: number[]) => ({ start_ms, text: "", words: words.map((at) => ({ start_ms: at, text: "la" })) });
const version = (language: string | null, synced: boolean) => ({ language, synced, lines: [], source: "embedded" }) as unknown as Lyrics;

describe("lyrics", () => {
  it("know the line and the words that are sung", () => {
    const lines = [line(1000), line(3000, 3000, 3500, 4000), line(null)];
    expect([0, 1000, 2999, 3000, 9999].map((ms) => lineAt(lines, ms))).toEqual([-1, 0, 0, 1, 1]);
    expect(wordsAt(line(3000, 3000, 3500, 4000), 3600)).toBe(2);
  });

  it("are chosen by time first, then by language", () => {
    expect(bestLyrics([version("de", false), version("en", true), version("de", true)], "de")).toBe(2);
    expect(bestLyrics([version("fr", false), version("de", false)], "de")).toBe(1);
    expect(bestLyrics([], "de")).toBe(0);
  });
});

describe("bars", () => {
  it("show the loudest of each part, as many as fit", () => {
    expect(fitting(399)).toBe(100);
    const [quiet, loud] = bars([0, 0, 255, 10], 2) as [number, number];
    expect([quiet < 0.1, loud]).toEqual([true, 1]);
    expect(bars([5], 10).every((bar) => bar === 1)).toBe(true);
  });
});
