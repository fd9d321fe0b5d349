// What sounds by itself, beside the queue: an episode or a station, one at a time, by an element of its own. It pauses the music,
// and music that begins ends it.
import { untrack } from "svelte";
import { address, whyNot } from "@/api/client";
import { audible } from "@/engine/element";
import { t } from "@/i18n/index.svelte";
import { giveBack, lend, showLent } from "./media_session";
import { player } from "./player.svelte";
import { session } from "./session.svelte";
import { onlyHere } from "./tabs";
import { ui } from "./ui.svelte";

export interface Piece {
  /** Of the episode or the station. */
  id: string;
  title: string;
  /** Where it is shown. */
  href: string;
  /** Where its sound is, below the API. */
  path: string;
  /** It has no end: it is not paused but left, and tuned in to anew. */
  live: boolean;
  /** Seconds, as far as they are known: how long it is, and where to begin. */
  length?: number;
  from?: number;
  /** Told where it was left. */
  left?: (position: number, length: number) => void;
}

export type State = "paused" | "connecting" | "playing" | "failed";

/** A station that was heard for so many seconds is tuned in to again when it breaks off. */
const STEADY_S = 10;

class Solo {
  /** What was chosen last; `null` once the queue plays again. */
  piece = $state.raw<Piece | null>(null);
  state = $state<State>("paused");
  /** Why it does not play, in the server's words. */
  problem = $state<string | null>(null);
  position = $state(0);
  length = $state(0);
  #audio: HTMLAudioElement | null = null;
  #announce: () => void;

  constructor() {
    this.#announce = onlyHere(() => this.pause());
    $effect.root(() => {
      $effect(() => this.#setVolume(audible(player.volume), player.muted));
      $effect(() => {
        if (player.playing || !session.account) untrack(() => this.close());
      });
    });
  }

  /** Does it sound, or is it about to? */
  get wanted(): boolean {
    return this.state === "playing" || this.state === "connecting";
  }

  stateOf(id: string): State {
    return this.piece?.id === id ? this.state : "paused";
  }

  /** Plays it, or pauses and goes on when it is the current one. */
  toggle(piece: Piece | null = this.piece): void {
    if (!piece) return;
    if (this.piece?.id === piece.id) return this.wanted ? this.pause() : this.#start();
    this.#leave();
    this.piece = piece;
    this.position = piece.from ?? 0;
    this.length = piece.length ?? 0;
    this.#start();
  }

  pause(): void {
    if (!this.wanted) return;
    this.state = "paused";
    this.#leave();
    showLent(false);
  }

  seek(seconds: number): void {
    if (!this.piece || this.piece.live) return;
    this.position = Math.max(0, Math.min(seconds, this.length || seconds));
    if (this.#audio?.hasAttribute("src")) this.#audio.currentTime = this.position;
  }

  /** The queue is what plays next. */
  close(): void {
    if (!this.piece) return;
    this.#leave();
    this.#empty();
    this.piece = this.problem = null;
    this.state = "paused";
    giveBack();
  }

  #start(): void {
    const { piece } = this;
    if (!piece) return;
    player.pause();
    this.#announce();
    const audio = this.#element();
    this.state = "connecting";
    this.problem = null;
    lend(piece.title, { play: () => !this.wanted && this.toggle(), pause: () => this.pause(), seek: (to) => this.seek(to) });
    showLent(true);
    const source = address(piece.path);
    if (piece.live || audio.getAttribute("src") !== source || audio.error) {
      audio.setAttribute("src", source);
      if (!piece.live) audio.currentTime = this.position;
    }
    audio.play().catch((error: unknown) => {
      // What cannot be played tells so by an event, too; what was left is not wanted any more.
      if (!(error instanceof DOMException && error.name === "NotAllowedError") || this.piece !== piece) return;
      this.pause();
      ui.say(t("play.press"));
    });
  }

  /** What was playing is told where; a station is not asked for any more. */
  #leave(): void {
    const { piece } = this;
    this.#audio?.pause();
    if (piece?.live) this.#empty();
    else if (piece && this.position > 0) piece.left?.(this.position, this.length);
  }

  #empty(): void {
    if (!this.#audio?.hasAttribute("src")) return;
    this.#audio.removeAttribute("src");
    this.#audio.load();
  }

  #broke(): void {
    const { piece } = this;
    const audio = this.#audio;
    if (!piece || !audio?.hasAttribute("src") || !this.wanted) return;
    if (piece.live && audio.currentTime > STEADY_S) return this.#start();
    void this.#fail(piece, audio.ended ? "solo.ended" : "solo.unplayable");
  }

  async #fail(piece: Piece, otherwise: "solo.ended" | "solo.unplayable"): Promise<void> {
    this.state = "failed";
    this.#empty();
    showLent(false);
    const problem = (await whyNot(piece.path)) ?? new Error(t(otherwise, { name: piece.title }));
    if (this.piece !== piece || this.state !== "failed") return;
    this.problem = problem.message;
    ui.sayProblem(problem);
  }

  #element(): HTMLAudioElement {
    if (this.#audio) return this.#audio;
    const audio = new Audio();
    audio.preload = "none";
    const on = (name: string, act: () => void) => audio.addEventListener(name, () => audio.hasAttribute("src") && act());
    on("timeupdate", () => (this.position = audio.currentTime));
    on("durationchange", () => {
      if (Number.isFinite(audio.duration)) this.length = audio.duration;
    });
    on("playing", () => (this.state = "playing"));
    on("waiting", () => {
      if (this.wanted) this.state = "connecting";
    });
    // By the system, or at the end.
    on("pause", () => audio.paused && !audio.ended && this.pause());
    on("ended", () => (this.piece?.live ? this.#broke() : this.pause()));
    on("error", () => this.#broke());
    this.#audio = audio;
    this.#setVolume(audible(player.volume), player.muted);
    return audio;
  }

  #setVolume(volume: number, muted: boolean): void {
    if (!this.#audio) return;
    this.#audio.volume = volume;
    this.#audio.muted = muted;
  }
}

export const solo = new Solo();
