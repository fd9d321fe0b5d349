// What sounds: playing, pausing, seeking, loudness of the room. Views talk to this; how sound is made is the engine's.
import { address } from "@/api/client";
import type { Track } from "@/api/types";
import { t } from "@/i18n/index.svelte";
import type { Rows } from "@/lib/rows.svelte";
import { queue } from "./queue.svelte";
import { ui } from "./ui.svelte";

const MOST_QUEUED = 2_000;

class Player {
  playing = $state(false);
  /** Seconds into the track. */
  position = $state(0);
  volume = $state(1);
  muted = $state(false);
  #audio = new Audio();

  readonly track = $derived(queue.current?.track);

  constructor() {
    const audio = this.#audio;
    audio.addEventListener("timeupdate", () => (this.position = audio.currentTime));
    audio.addEventListener("play", () => (this.playing = true));
    audio.addEventListener("pause", () => (this.playing = false));
    audio.addEventListener("ended", () => this.next());
  }

  /** Plays these tracks, from one of them on. A long list is queued from that row on. */
  async play(tracks: readonly Track[] | Rows<Track>, index: number, source: string): Promise<void> {
    if (Array.isArray(tracks)) queue.replace(tracks, index, source);
    else queue.replace(await (tracks as Rows<Track>).take(index, MOST_QUEUED), 0, source);
    this.#start();
  }

  playNext(tracks: readonly Track[], source: string): void {
    const added = queue.addNext(tracks, source);
    this.#added(added.map((entry) => entry.key));
  }

  addToQueue(tracks: readonly Track[], source: string): void {
    const added = queue.add(tracks, source);
    this.#added(added.map((entry) => entry.key));
  }

  #added(keys: readonly number[]): void {
    if (queue.index < 0) {
      queue.index = 0;
      this.#start();
    }
    const undo = { label: t("undo"), run: () => queue.removeKeys(new Set(keys)) };
    ui.say(t("count.tracks", { n: keys.length }), { action: undo });
  }

  #start(): void {
    const track = queue.current?.track;
    if (!track) return;
    this.#audio.src = address(`/tracks/${encodeURIComponent(track.id)}/stream`);
    void this.#audio.play();
  }

  toggle(): void {
    if (this.#audio.paused) void this.#audio.play();
    else this.#audio.pause();
  }

  next(): void {
    if (queue.following < 0) return this.#audio.pause();
    queue.index = queue.following;
    this.#start();
  }

  previous(): void {
    if (this.position > 3 || queue.index <= 0) return this.seek(0);
    queue.index -= 1;
    this.#start();
  }

  seek(seconds: number): void {
    this.#audio.currentTime = seconds;
  }
}

export const player = new Player();
