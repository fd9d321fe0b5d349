// Which stream is asked for: FLAC where nothing may be lost, else Opus; and what the server said that it sends.
import type { Track } from "@/api/types";

export type Quality = "auto" | "original" | "high" | "medium" | "low";
export const QUALITIES: readonly Quality[] = ["auto", "original", "high", "medium", "low"];
export type LoudnessMode = "auto" | "album" | "track" | "off";
export type LoudnessOf = "album" | "track" | "off";

export const OPUS_KBPS = { high: 192, medium: 128, low: 64 } as const;
/** Where a lossy file is made into Opus by itself: so much is not heard. */
const BEST_OPUS_KBPS = 256;
const LOSSLESS = new Set(["flac", "alac", "pcm", "wavpack", "wav", "aiff"]);

/** What this browser can play through a MediaSource. */
export interface Abilities {
  flac: boolean;
  opus: boolean;
}

export const isLossless = (track: Pick<Track, "codec">) => LOSSLESS.has(track.codec);

/** The connection wants few bytes: saved data, or a slow one. */
export function isSlow(): boolean {
  const connection = (navigator as { connection?: { saveData?: boolean; effectiveType?: string } }).connection;
  return Boolean(connection?.saveData) || ["slow-2g", "2g", "3g"].includes(connection?.effectiveType ?? "");
}

/** The parameters of a stream. `lossless` false: the plan or the browser does not have it. */
export function wanted(track: Track, quality: Quality, abilities: Abilities, allowLossless: boolean, slow: boolean): Record<string, string | number> {
  const flac = { format: "flac-mp4" };
  const mayFlac = abilities.flac && allowLossless;
  if (quality === "original" && mayFlac) return flac;
  if (quality === "auto" && !slow && isLossless(track) && mayFlac) return flac;
  if (!abilities.opus) return flac;
  if (quality === "original") return { format: "opus-mp4", bitrate: BEST_OPUS_KBPS };
  if (quality !== "auto") return { format: "opus-mp4", bitrate: OPUS_KBPS[quality] };
  if (slow) return { format: "opus-mp4", bitrate: OPUS_KBPS.medium };
  const rate = isLossless(track) ? BEST_OPUS_KBPS : Math.min(BEST_OPUS_KBPS, Math.max(96, track.bitrate_kbps));
  return { format: "opus-mp4", bitrate: rate };
}

/** What one hears, for the badge: “FLAC 44.1/16”, “Opus 128”. */
export interface Heard {
  codec: string;
  kbps: number | null;
  rate: number;
  bits: number | null;
  /** Why it is not the file itself, as the server names the reasons. */
  because: readonly string[];
}

/** Reads `transcode; format=opus-mp4; bitrate=128; because=bitrate_of_plan`. */
export function heardOf(decision: string | null, rate: number, track: Track): Heard {
  const fields = new Map((decision ?? "").split(";").slice(1).map((field) => field.trim().split("=") as [string, string]));
  const format = fields.get("format") ?? "";
  const because = (fields.get("because") ?? "").split(",").filter(Boolean);
  if (!format) return { codec: track.codec, kbps: track.bitrate_kbps, rate: track.sample_rate, bits: track.bit_depth ?? null, because };
  const codec = format.split("-")[0] ?? format;
  const bits = codec === "flac" ? (track.bit_depth ?? 16) : null;
  return { codec, kbps: Number(fields.get("bitrate")) || null, rate, bits, because };
}

const NAMES: Record<string, string> = { flac: "FLAC", opus: "Opus", mp3: "MP3", aac: "AAC", alac: "ALAC", vorbis: "Vorbis", pcm: "PCM", wavpack: "WavPack" };

export const codecName = (codec: string) => NAMES[codec] ?? codec.toUpperCase();

export function badge(heard: Heard): string {
  const name = codecName(heard.codec);
  if (heard.bits) return `${name} ${heard.rate / 1000}/${heard.bits}`;
  return heard.kbps ? `${name} ${heard.kbps}` : name;
}

export const isLimitedByPlan = (heard: Heard) => heard.because.includes("bitrate_of_plan");
