// The episode that sounds. Episodes are no tracks of the queue: they play by an element of their own, which stops the music, and
// goes on where one left it.
import { address } from "@/api/client";
import type { Schema } from "@/api/types";
import { player } from "@/stores/player.svelte";
import { ui } from "@/stores/ui.svelte";
import { keepPlace, placeOf } from "./places";

export type Episode = Schema<"Episode">;

/** So near to the end it counts as heard. */
const HEARD_S = 15;

class EpisodePlayer {
  current = $state.raw<Episode | null>(null);
  playing = $state(false);
  position = $state(0);
  length = $state(0);
  #audio: HTMLAudioElement | null = null;

  /** Plays it, or pauses and goes on when it is the current one. */
  toggle(episode: Episode): void {
    const audio = this.#element();
    if (this.current?.id === episode.id) {
      if (audio.paused) this.#start(audio);
      else audio.pause();
      return;
    }
    this.#keepPlace();
    this.current = episode;
    this.length = (episode.duration_ms ?? 0) / 1000;
    this.position = placeOf(episode.id);
    audio.src = address(`/episodes/${encodeURIComponent(episode.id)}/stream`);
    audio.currentTime = this.position;
    this.#start(audio);
  }

  seek(seconds: number): void {
    const audio = this.#element();
    audio.currentTime = Math.max(0, Math.min(seconds, this.length || seconds));
    this.position = audio.currentTime;
  }

  /** The view is left: nobody could stop it any more. */
  leave(): void {
    this.#audio?.pause();
    this.#keepPlace();
  }

  #start(audio: HTMLAudioElement): void {
    if (player.playing) player.toggle();
    audio.play().catch((error: unknown) => ui.sayProblem(error));
  }

  #element(): HTMLAudioElement {
    if (this.#audio) return this.#audio;
    const audio = new Audio();
    audio.preload = "none";
    audio.addEventListener("timeupdate", () => (this.position = audio.currentTime));
    audio.addEventListener("durationchange", () => {
      if (Number.isFinite(audio.duration)) this.length = audio.duration;
    });
    audio.addEventListener("play", () => (this.playing = true));
    audio.addEventListener("pause", () => {
      this.playing = false;
      this.#keepPlace();
    });
    this.#audio = audio;
    return audio;
  }

  #keepPlace(): void {
    if (!this.current || !this.position) return;
    const heard = this.length > 0 && this.position > this.length - HEARD_S;
    keepPlace(this.current.id, heard ? 0 : this.position);
  }
}

export const episodes = new EpisodePlayer();
