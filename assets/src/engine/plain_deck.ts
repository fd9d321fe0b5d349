// A deck without a MediaSource: the element loads a track's file itself. Two of them take turns, and a short gap is heard.
import { address, Problem, problemOf } from "@/api/client";
import type { Deck, DeckHost, Playable } from "./deck";
import { Fader } from "./fader";

const RISE_MS = 200;

/** What such a browser certainly plays, where the file itself is none of it. */
function addressOf(audio: HTMLAudioElement, { track }: Playable): string {
  const plays = !track.excerpt && audio.canPlayType(track.content_type) !== "";
  return address(`/tracks/${encodeURIComponent(track.id)}/stream`, plays ? {} : { format: "mp3" });
}

export class PlainDeck implements Deck {
  readonly fader: Fader;
  item: Playable | null = null;
  dry = false;
  #wants = false;
  #attempt = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(
    readonly audio: HTMLAudioElement,
    readonly host: DeckHost,
  ) {
    this.fader = new Fader(audio);
    for (const event of ["timeupdate", "seeked", "durationchange", "progress"]) audio.addEventListener(event, () => this.item && host.moved(this));
    audio.addEventListener("waiting", () => this.#dries(true));
    audio.addEventListener("playing", () => {
      this.#attempt = 0;
      this.#dries(false);
    });
    audio.addEventListener("ended", () => this.item && host.ended(this));
    audio.addEventListener("error", () => void this.#failed());
  }

  get position(): number {
    return this.audio.currentTime;
  }

  get length(): number | null {
    return Number.isFinite(this.audio.duration) ? this.audio.duration : null;
  }

  get remaining(): number | null {
    const length = this.length ?? (this.item ? this.item.track.duration_ms / 1000 : null);
    return length === null ? null : length - this.position;
  }

  get ahead(): number {
    const { buffered, currentTime } = this.audio;
    for (let place = 0; place < buffered.length; place += 1) {
      if (buffered.start(place) <= currentTime && currentTime < buffered.end(place)) return buffered.end(place) - currentTime;
    }
    return 0;
  }

  jump(item: Playable, seconds: number, play: boolean): void {
    clearTimeout(this.#timer);
    if (this.item?.key !== item.key) this.#attempt = 0;
    [this.item, this.#wants] = [item, play];
    this.audio.preload = "auto";
    this.audio.src = addressOf(this.audio, item);
    this.audio.currentTime = seconds;
    this.fader.set(1);
    this.host.changed(this, item);
    if (play) this.#sound();
  }

  play(): void {
    this.#wants = true;
    if (this.audio.error) return this.reload();
    void this.fader.to(1, RISE_MS);
    this.#sound();
  }

  pause(): void {
    this.#wants = false;
    void this.fader.to(0, RISE_MS).then((done) => {
      if (!done || this.#wants) return;
      this.audio.pause();
      this.fader.set(1);
    });
  }

  seek(seconds: number): void {
    this.audio.currentTime = seconds;
  }

  revise(): void {}

  reload(): void {
    if (this.item) this.jump(this.item, this.position, this.#wants);
  }

  hurry(): void {}

  stop(): void {
    clearTimeout(this.#timer);
    [this.item, this.#wants] = [null, false];
    this.audio.pause();
    this.audio.removeAttribute("src");
    this.audio.load();
  }

  #sound(): void {
    this.audio.play().catch((error: unknown) => {
      if ((error as DOMException).name !== "NotAllowedError") return;
      this.#wants = false;
      this.host.refused(this);
    });
  }

  #dries(dry: boolean): void {
    this.dry = dry;
    this.host.moved(this);
  }

  /** The element knows nothing of the server's words: they are asked for. */
  async #failed(): Promise<void> {
    const { item, audio } = this;
    if (!item || !audio.error) return;
    const isNetwork = audio.error.code === MediaError.MEDIA_ERR_NETWORK;
    const seconds = this.position;
    const response = await fetch(addressOf(audio, item), { headers: { range: "bytes=0-0" } }).catch(() => null);
    await response?.clone().body?.cancel().catch(() => {});
    const words = isNetwork ? new Problem(0, "The connection broke") : new Problem(-2, "This browser cannot play it");
    const problem = !response ? new Problem(0, "The server does not answer") : response.ok ? words : await problemOf(response);
    if (this.item !== item) return;
    const verdict = this.host.failed(this, item, problem, this.#attempt, true);
    this.#attempt += 1;
    if (typeof verdict === "object") this.#timer = setTimeout(() => this.item === item && this.jump(item, seconds, this.#wants), verdict.retryMs);
  }
}
