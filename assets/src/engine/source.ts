// Fetches streams of tracks, as the listener wants and the plan allows them.
import { address, Problem, problemOf } from "@/api/client";
import type { Track } from "@/api/types";
import type { Playable } from "./deck";
import { heardOf, isSlow, wanted, type Abilities, type Heard, type LoudnessOf, type Quality } from "./format";
import { soundOf, type Sound } from "./timeline";

export interface Opened {
  sound: Sound;
  mime: string;
  /** The frame of the file at which the track begins. */
  origin: number;
  heard: Heard;
  read(): Promise<Uint8Array | null>;
}

export interface Wishes {
  quality(): Quality;
  loudness(item: Playable): LoudnessOf;
}

/** The problem of a stream that broke. */
export const broken = () => new Problem(0, "The connection broke");

export class Source {
  heard = new Map<number, Heard>();
  #limited = new Set<string>();

  constructor(
    readonly wishes: Wishes,
    readonly abilities: Abilities,
    readonly said: (item: Playable, heard: Heard) => void = () => {},
  ) {}

  /** The plan changed, or the listener. */
  forget(): void {
    this.#limited.clear();
    this.heard.clear();
  }

  async open(item: Playable, startMs: number, signal: AbortSignal): Promise<Opened> {
    const { track } = item;
    const response = await this.#ask(item, startMs, signal, !this.#limited.has(track.id));
    const sound = soundOf(response.headers.get("x-hexachord-sound"));
    const mime = response.headers.get("content-type") ?? "";
    if (!sound || !response.body) throw new Problem(-1, "The server did not say how this stream is made");
    const heard = heardOf(response.headers.get("x-hexachord-decision"), sound.rate, track);
    this.heard.set(item.key, heard);
    this.said(item, heard);
    const reader = response.body.getReader();
    const read = async () => {
      const { value } = await reader.read().catch((error: unknown) => {
        throw signal.aborted ? signal.reason : error instanceof Problem ? error : broken();
      });
      return value ?? null;
    };
    return { sound, mime, origin: startMs > 0 ? originOf(track, sound.rate) : sound.start, heard, read };
  }

  async #ask(item: Playable, startMs: number, signal: AbortSignal, lossless: boolean): Promise<Response> {
    const loudness = this.wishes.loudness(item);
    const made = wanted(item.track, this.wishes.quality(), this.abilities, lossless, isSlow());
    const parameters = { ...made, start_ms: startMs || undefined, loudness: loudness === "off" ? undefined : loudness };
    const url = address(`/tracks/${encodeURIComponent(item.track.id)}/stream`, parameters);
    const response = await fetch(url, { signal }).catch((error: unknown) => {
      throw signal.aborted ? error : new Problem(0, "The server does not answer");
    });
    if (response.ok) return response;
    const lacks = response.status === 402 ? ((await response.clone().json().catch(() => ({}))) as { lacks?: string }).lacks : undefined;
    // The plan has no room for what loses nothing: what is made smaller fits.
    if (lacks === "bitrate" && lossless && made.format === "flac-mp4" && this.abilities.opus) {
      this.#limited.add(item.track.id);
      return this.#ask(item, startMs, signal, false);
    }
    const problem = await problemOf(response);
    throw lacks ? Object.assign(problem, { lacks }) : problem;
  }
}

/** Where a track begins in its file, in frames of a stream: rounded as the server does, in the file's own frames first. */
export function originOf(track: Pick<Track, "excerpt" | "sample_rate">, rate: number): number {
  if (!track.excerpt) return 0;
  return Math.round((Math.round((track.excerpt.start_us * track.sample_rate) / 1e6) * rate) / track.sample_rate);
}
