// Which stream is asked for, and what the badge says of the one that came.
import { describe, expect, it } from "vitest";
import type { Track } from "@/api/types";
import { badge, heardOf, isLimitedByPlan, wanted } from "./format";
import { originOf } from "./source";

const flac = { codec: "flac", bitrate_kbps: 900, sample_rate: 44_100, bit_depth: 16 } as Track;
const mp3 = { codec: "mp3", bitrate_kbps: 192, sample_rate: 44_100, bit_depth: null } as unknown as Track;
const all = { flac: true, opus: true };

describe("wanted", () => {
  it("loses nothing of what is lossless, unless that is too much", () => {
    expect(wanted(flac, "auto", all, true, false)).toEqual({ format: "flac-mp4" });
    expect(wanted(mp3, "auto", all, true, false)).toEqual({ format: "opus-mp4", bitrate: 192 });
    expect(wanted(mp3, "original", all, true, false)).toEqual({ format: "flac-mp4" });
    expect(wanted(flac, "auto", all, true, true)).toEqual({ format: "opus-mp4", bitrate: 128 });
    expect(wanted(flac, "original", all, false, false)).toEqual({ format: "opus-mp4", bitrate: 256 });
    expect(wanted(flac, "low", all, true, false)).toEqual({ format: "opus-mp4", bitrate: 64 });
    expect(wanted(flac, "low", { flac: true, opus: false }, true, false)).toEqual({ format: "flac-mp4" });
    expect(wanted(flac, "auto", { flac: false, opus: true }, true, false)).toEqual({ format: "opus-mp4", bitrate: 256 });
  });
});

describe("badges", () => {
  it("tell what is heard, and whether the plan limits it", () => {
    const whole = heardOf("transcode; format=flac-mp4; because=container_not_supported", 44_100, flac);
    expect([badge(whole), isLimitedByPlan(whole)]).toEqual(["FLAC 44.1/16", false]);
    const less = heardOf("transcode; format=opus-mp4; bitrate=128; because=bitrate_of_plan,container_not_supported", 48_000, flac);
    expect([badge(less), isLimitedByPlan(less)]).toEqual(["Opus 128", true]);
    expect(badge(heardOf(null, 44_100, mp3))).toBe("MP3 192");
  });
});

describe("origins of parts", () => {
  it("are rounded as the server rounds them", () => {
    const part = { sample_rate: 44_100, excerpt: { start_us: 986_667 } };
    expect(originOf(part, 44_100)).toBe(43_512);
    expect(originOf(part, 48_000)).toBe(Math.round((43_512 * 48_000) / 44_100));
    expect(originOf({ sample_rate: 44_100, excerpt: null }, 48_000)).toBe(0);
  });
});
