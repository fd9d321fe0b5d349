// What an engine plays on. Two kinds: on a MediaSource (`stream_deck.ts`), which joins tracks without a gap, and a plain
// element (`plain_deck.ts`) for browsers without one.
import type { Problem } from "@/api/client";
import type { Track } from "@/api/types";
import type { Fader } from "./fader";

/** A track at its place in the queue. */
export interface Playable {
  key: number;
  track: Track;
}

/** What is to happen with a track that cannot be had. */
export type Verdict = { retryMs: number } | "skip" | "stop";

export interface DeckHost {
  /** What is joined to a track on the same deck, if anything is. */
  following(item: Playable): Playable | null;
  /** The track could not be had, for the `attempt`-th time (from 0) in a row. `isOn`: it is what sounds, or should. */
  failed(deck: Deck, item: Playable, problem: Problem, attempt: number, isOn: boolean): Verdict;
  /** Another track sounds now. */
  changed(deck: Deck, item: Playable): void;
  /** The position moved, or the deck runs dry, or plays on. */
  moved(deck: Deck): void;
  ended(deck: Deck): void;
  /** The browser wants a press first. */
  refused(deck: Deck): void;
}

export interface Deck {
  readonly audio: HTMLAudioElement;
  readonly fader: Fader;
  readonly item: Playable | null;
  /** Seconds into the track that sounds. */
  readonly position: number;
  /** Seconds of the track that sounds, as far as they are known. */
  readonly length: number | null;
  /** Seconds until everything that is laid out on the deck was heard; `null`: not known yet. */
  readonly remaining: number | null;
  /** Waits for sound. */
  readonly dry: boolean;
  /** Seconds of the track that are here already, from where it sounds on. */
  readonly ahead: number;
  /** Loads a track from there on; begins to sound when it is to play. */
  jump(item: Playable, seconds: number, play: boolean): void;
  play(): void;
  pause(): void;
  seek(seconds: number): void;
  /** What follows may have changed: what sounds stays untouched. */
  revise(): void;
  /** Loads anew what sounds, for example in another quality. */
  reload(): void;
  /** A press after patience: ask now. */
  hurry(): void;
  stop(): void;
}
