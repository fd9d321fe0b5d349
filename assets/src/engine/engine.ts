// Plays a queue: one deck joins tracks without a gap; a second one takes turns where tracks are faded into each other, or
// where the browser has no MediaSource.
import { Problem, waitBefore } from "@/api/client";
import { abilitiesOf, canJoin } from "./abilities";
import type { Deck, DeckHost, Playable, Verdict } from "./deck";
import type { Heard, LoudnessOf, Quality } from "./format";
import { PlainDeck } from "./plain_deck";
import { Source } from "./source";
import { StreamDeck } from "./stream_deck";

export type { Playable } from "./deck";

/** A track that was passed over, and why. */
export interface Refusal {
  item: Playable;
  problem: Problem;
}

export interface EngineHost {
  /** What comes after a track; `refused` ones left out. */
  following(item: Playable, refused: ReadonlySet<number>): Playable | null;
  /** These two stand next to each other on their album: nothing is faded between them. */
  neighbours(one: Playable, other: Playable): boolean;
  quality(): Quality;
  loudness(item: Playable): LoudnessOf;
  /** Another track sounds; before it these were passed over. */
  changed(item: Playable, refusals: readonly Refusal[]): void;
  moved(): void;
  /** All was heard. `refusals`: what would have followed. */
  ended(refusals: readonly Refusal[]): void;
  /** Waits for the server; `null`: goes on. */
  waits(problem: Problem | null): void;
  /** The track that is on cannot be had. `fatal`: others would be refused as well. */
  failed(refusal: Refusal, fatal: boolean): void;
  /** The browser wants a press first. */
  pressNeeded(): void;
  heardOf(item: Playable, heard: Heard): void;
}

/** The other deck has its track ready so early. */
const PREPARED_S = 20;
const PLAIN_AHEAD_S = 30;
/** After so many in a row that cannot be had, the others cannot either. */
const MOST_REFUSED = 10;
const MOST_REFUSED_BY_PLAN = 3;

/** Signed out, asked too often, or a proxy whose server restarts. */
const PASSING = new Set([401, 408, 429, 502, 504]);

export class Engine implements DeckHost {
  readonly gapless: boolean;
  readonly source: Source;
  /** Seconds in which one track fades into the next; 0: joined. */
  crossfade = 0;
  #decks: Deck[];
  #active: Deck;
  #prepared: Playable | null = null;
  #fading = false;
  /** Fades out for the night: no other track may begin, or it would play on. */
  #resting = false;
  #refused = new Map<number, Refusal>();
  #failures = 0;
  #waiting = false;
  #wants = false;
  #volume = 1;

  constructor(readonly host: EngineHost, make: () => HTMLAudioElement) {
    const abilities = abilitiesOf();
    this.gapless = canJoin(abilities);
    this.source = new Source(host, abilities, (item, heard) => host.heardOf(item, heard));
    this.#decks = [0, 1].map(() => (this.gapless ? new StreamDeck(make(), this.source, this) : new PlainDeck(make(), this)));
    this.#active = this.#decks[0] as Deck;
  }

  get item(): Playable | null {
    return this.#active.item;
  }
  get position(): number {
    return this.#active.position;
  }
  get length(): number | null {
    return this.#active.length;
  }
  get dry(): boolean {
    return this.#active.dry && this.#wants;
  }
  get ahead(): number {
    return this.#active.ahead;
  }
  get audio(): HTMLAudioElement {
    return this.#active.audio;
  }
  get #other(): Deck {
    return this.#decks.find((deck) => deck !== this.#active) as Deck;
  }

  play(item: Playable, seconds = 0, sounding = true): void {
    this.#refused.clear();
    this.#failures = 0;
    this.#wants = sounding;
    this.#silenceOther();
    this.#active.jump(item, seconds, sounding);
  }

  /** The next one, after one that cannot be had. */
  passOver(item: Playable): void {
    this.#active.jump(item, 0, this.#wants);
  }

  resume(): void {
    this.#wants = true;
    this.#active.play();
    if (this.#fading) this.#other.play();
  }

  pause(): void {
    this.#wants = false;
    this.#silenceOther();
    this.#active.pause();
  }

  seek(seconds: number): void {
    this.#silenceOther();
    this.#active.seek(seconds);
  }

  /** The queue changed behind what sounds. */
  revise(): void {
    const { item } = this.#active;
    const isJoined = item !== null && this.following(item) !== null;
    if (this.#prepared && !this.#fading && (isJoined || this.#next()?.key !== this.#prepared.key)) this.#silenceOther();
    this.#active.revise();
  }

  /** Another quality or loudness: what sounds is fetched anew, at its place. */
  reload(): void {
    this.#silenceOther();
    this.#active.reload();
  }

  stop(): void {
    this.#wants = false;
    this.#refused.clear();
    this.#prepared = null;
    this.#fading = this.#waiting = false;
    for (const deck of this.#decks) deck.stop();
  }

  set volume(volume: number) {
    this.#volume = volume;
    for (const deck of this.#decks) deck.fader.master = volume;
  }
  get volume(): number {
    return this.#volume;
  }

  set muted(muted: boolean) {
    for (const deck of this.#decks) deck.audio.muted = muted;
  }
  get muted(): boolean {
    return this.audio.muted;
  }

  set speed(speed: number) {
    for (const deck of this.#decks) deck.audio.defaultPlaybackRate = deck.audio.playbackRate = speed;
  }
  get speed(): number {
    return this.audio.defaultPlaybackRate;
  }

  /** What is known of the server's answers is another listener's. */
  forget(): void {
    this.source.forget();
  }

  /** In which form a track came, once it did. */
  heardOf(item: Playable): Heard | null {
    return this.source.heard.get(item.key) ?? null;
  }

  /** Fades out by itself, for the sleep timer. */
  async fadeOut(ms: number): Promise<boolean> {
    this.#resting = true;
    const isSilent = await this.#active.fader.to(0, ms);
    this.#resting = false;
    return isSilent;
  }

  // What the decks ask and tell.

  following(item: Playable): Playable | null {
    const next = this.#behind(item);
    if (!next || !this.gapless) return null;
    return this.crossfade === 0 || this.host.neighbours(item, next) ? next : null;
  }

  failed(deck: Deck, item: Playable, problem: Problem, attempt: number, isOn: boolean): Verdict {
    const passes = problem.passes || PASSING.has(problem.status);
    if (passes) {
      if (deck === this.#active && (deck.dry || isOn)) {
        this.#waiting = true;
        this.host.waits(problem);
      }
      return { retryMs: waitBefore(attempt, problem.retryAfter) };
    }
    const fatal = "lacks" in problem && problem.lacks === "streams";
    const refusal = { item, problem };
    if (deck === this.#active && isOn) {
      this.#failures += 1;
      const tooMany = this.#failures >= (problem.status === 402 ? MOST_REFUSED_BY_PLAN : MOST_REFUSED);
      // The host goes on with another track; this feeding is over.
      queueMicrotask(() => this.host.failed(refusal, fatal || tooMany));
      return "stop";
    }
    if (fatal) {
      // It may be due only when another device has stopped.
      if (deck === this.#active && deck.dry) this.host.waits(problem);
      return { retryMs: waitBefore(attempt + 2) };
    }
    this.#refused.set(item.key, refusal);
    if (deck !== this.#active) this.#silenceOther();
    return "skip";
  }

  changed(deck: Deck, item: Playable): void {
    if (deck !== this.#active) return;
    this.host.changed(item, this.#taken());
  }

  moved(deck: Deck): void {
    if (deck !== this.#active) return;
    if (deck.position > 1) this.#failures = 0;
    if (this.#waiting && !deck.dry && deck.ahead > 1) {
      this.#waiting = false;
      this.host.waits(null);
    }
    this.#turns();
    this.host.moved();
  }

  ended(deck: Deck): void {
    if (deck !== this.#active) {
      deck.stop();
      return;
    }
    const next = this.#next();
    if (next && this.#wants && !this.#resting) this.#handOver(next, 0);
    else this.host.ended(this.#taken());
  }

  refused(deck: Deck): void {
    if (deck !== this.#active) return;
    this.#wants = false;
    this.host.pressNeeded();
  }

  #taken(): Refusal[] {
    const refusals = [...this.#refused.values()];
    this.#refused.clear();
    return refusals;
  }

  #behind(item: Playable): Playable | null {
    const ofPlan = [...this.#refused.values()].filter(({ problem }) => problem.status === 402).length;
    if (this.#refused.size >= MOST_REFUSED || ofPlan >= MOST_REFUSED_BY_PLAN) return null;
    return this.host.following(item, new Set(this.#refused.keys()));
  }

  #next(): Playable | null {
    return this.#active.item && this.#behind(this.#active.item);
  }

  /** The other deck gets ready, and begins when it is due. */
  #turns(): void {
    const { item, remaining } = this.#active;
    if (!item || remaining === null || this.#fading || this.#resting || !this.#wants || this.following(item)) return;
    const next = this.#next();
    if (!next) return;
    // The clock's seconds: what is played faster is over sooner. A short track is heard for half of it at least.
    const speed = this.audio.playbackRate;
    const left = remaining / speed;
    const fade = Math.min(this.crossfade, next.track.duration_ms / 2000 / speed);
    if (!this.#prepared && left < fade + (this.gapless ? PREPARED_S : PLAIN_AHEAD_S)) {
      this.#prepared = next;
      this.#other.jump(next, 0, false);
    }
    if (fade > 0 && left <= fade && this.#prepared) this.#handOver(next, Math.max(0.2, left));
  }

  #handOver(next: Playable, seconds: number): void {
    const [old, fresh] = [this.#active, this.#other];
    this.#active = fresh;
    if (this.#prepared?.key === next.key) {
      fresh.fader.set(seconds > 0 ? 0 : 1);
      this.host.changed(next, this.#taken());
      fresh.play();
    } else fresh.jump(next, 0, true);
    this.#prepared = null;
    if (seconds === 0) return void old.stop();
    this.#fading = true;
    const done = (out: boolean) => {
      this.#fading = false;
      if (out && this.#active === fresh) old.stop();
    };
    // Equal power: the squares of both add up to one.
    fresh.fader.set(0);
    void fresh.fader.to(1, seconds * 1000, (part) => Math.sin((part * Math.PI) / 2));
    void old.fader.to(0, seconds * 1000, (part) => 1 - Math.cos((part * Math.PI) / 2)).then(done);
  }

  #silenceOther(): void {
    this.#prepared = null;
    this.#fading = false;
    if (this.#other.item) this.#other.stop();
  }
}
