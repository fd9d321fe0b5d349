// A saved track begins anywhere, with what decoders need before it.
import { describe, expect, it } from "vitest";
import { cutAt, restOf } from "./cut";

const box = (type: string, ...content: Uint8Array[]): Uint8Array => {
  const size = content.reduce((sum, part) => sum + part.length, 8);
  const made = new Uint8Array(size);
  new DataView(made.buffer).setUint32(0, size);
  made.set([...type].map((letter) => letter.charCodeAt(0)), 4);
  let at = 8;
  for (const part of content) {
    made.set(part, at);
    at += part.length;
  }
  return made;
};
const time = (frames: number): Uint8Array => {
  const made = new Uint8Array(12);
  made[0] = 1;
  new DataView(made.buffer).setBigUint64(4, BigInt(frames));
  return made;
};
const fragment = (frames: number): Uint8Array[] => [box("moof", box("mfhd", new Uint8Array(8)), box("traf", box("tfhd", new Uint8Array(8)), box("tfdt", time(frames)))), box("mdat", new Uint8Array(100))];
const head = [box("ftyp", new Uint8Array(16)), box("moov", new Uint8Array(64))];
const file = (count: number): { bytes: ArrayBuffer; starts: number[] } => {
  const parts = [...head];
  const starts: number[] = [];
  for (let number = 0; number < count; number += 1) {
    starts.push(parts.reduce((sum, part) => sum + part.length, 0));
    parts.push(...fragment(number * 9600));
  }
  return { bytes: new Uint8Array(parts.flatMap((part) => [...part])).buffer, starts };
};

describe("cutAt", () => {
  const { bytes, starts } = file(10);
  it("keeps what describes the file", () => expect(cutAt(bytes, 0).head).toBe(starts[0]));
  it("begins with the fragment that holds the frame and what goes before it", () => {
    expect(cutAt(bytes, 0).from).toBe(starts[0]);
    expect(cutAt(bytes, 9600).from).toBe(starts[0]);
    expect(cutAt(bytes, 9600 + 3840).from).toBe(starts[1]);
    expect(cutAt(bytes, 50_000).from).toBe(starts[4]);
    expect(cutAt(bytes, 1e9).from).toBe(starts[9]);
  });
  it("takes what is no such file as it is", () => {
    expect(cutAt(new Uint8Array([0, 0, 0, 1, 1, 1, 1, 1, 1]).buffer, 500)).toEqual({ head: 0, from: 0 });
    expect(cutAt(new ArrayBuffer(0), 500)).toEqual({ head: 0, from: 0 });
  });
});

describe("restOf", () => {
  it("tells where the rest begins and how long it is", () => {
    const whole = "rate=48000; channels=2; start=0; delay=312; frames=480000";
    expect(restOf(whole, 1500)).toEqual({ sound: "rate=48000; channels=2; start=72000; delay=312; frames=408000", frame: 72_312 });
  });
  it("counts on where the track is a part of a file", () => {
    expect(restOf("rate=44100; channels=1; start=44100; delay=0; frames=88200", 1000).sound).toBe("rate=44100; channels=1; start=88200; delay=0; frames=44100");
  });
});
