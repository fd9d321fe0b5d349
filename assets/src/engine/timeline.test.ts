// Joins to the sample: what the server says, and the windows that follow from it.
import { describe, expect, it } from "vitest";
import { Piece, pieceAt, soundOf, type Sound } from "./timeline";

const sound = (rate: number, frames: number | null, start = 0, delay = 0): Sound => ({ rate, channels: 2, start, delay, frames });

describe("soundOf", () => {
  it("reads what the server says", () => {
    expect(soundOf("rate=48000; channels=2; start=0; delay=312; frames=14112000")).toEqual(sound(48000, 14112000, 0, 312));
    expect(soundOf("rate=44100; channels=1; start=9; delay=0")).toEqual({ ...sound(44100, null, 9), channels: 1 });
    for (const wrong of [null, "", "rate=0; start=0; delay=0", "channels=2"]) expect(soundOf(wrong)).toBeNull();
  });
});

describe("windows", () => {
  it("stand one behind the other without a hole, whatever the lengths, codecs and delays", () => {
    let seed = 7;
    const random = (below: number) => (seed = (seed * 1103515245 + 12345) % 2147483648) % below;
    let next = { samples: 0, rate: 48_000 };
    let end = 0;
    for (let round = 0; round < 500; round += 1) {
      const [frames, delay] = [1 + random(48_000 * 600), random(2) * 312];
      const piece = new Piece(round, next);
      piece.learn(sound(48_000, frames, 0, delay), 0);
      const window = piece.window(sound(48_000, frames, 0, delay));
      if (round > 0) expect(window.begin).toBeCloseTo(end, 9);
      // The stream's frame 0 is heard at the window's begin.
      expect(window.offset + delay / 48_000).toBeCloseTo(window.begin, 9);
      expect((window.end - window.begin) * 48_000).toBeCloseTo(frames, 3);
      [next, end] = [piece.next, window.end];
    }
  });

  it("begins less than a sample later at another rate", () => {
    const one = new Piece("one", { samples: 0, rate: 48_000 });
    one.learn(sound(44_100, 100_001), 0);
    const other = new Piece("other", one.next);
    other.learn(sound(48_000, 10), 0);
    expect(other.begins).toBeGreaterThanOrEqual(one.ends);
    expect(other.begins - one.ends).toBeLessThan(1 / 48_000);
  });

  it("places a stream that begins later, and a cue sheet's part, by the frames of the file", () => {
    const piece = new Piece("part", { samples: 1_000, rate: 48_000 });
    piece.learn(sound(48_000, 5_000, 70_000, 312), 70_000);
    const later = sound(48_000, 4_000, 71_000, 312);
    piece.learn(later, 70_000);
    expect(piece.frames).toBe(5_000);
    const window = piece.window(later);
    expect(window.begin * 48_000).toBeCloseTo(2_000.25, 6);
    expect(window.offset * 48_000 + 71_312).toBeCloseTo(2_000.25, 6);
    // What is there already stays.
    expect(piece.window(later, 2_480).begin * 48_000).toBeCloseTo(2_480.25, 6);
  });

  it("knows which piece sounds", () => {
    const one = new Piece("one", { samples: 0, rate: 48_000 });
    const other = new Piece("other", { samples: 48_000, rate: 48_000 });
    expect(pieceAt([one, other], 0.5)?.item).toBe("one");
    expect(pieceAt([one, other], 1.5)?.item).toBe("other");
    expect(pieceAt([], 1)).toBeUndefined();
  });
});
