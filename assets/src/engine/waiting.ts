// Stands for the engine until that is loaded, and remembers what was asked of it meanwhile: the page is there before the
// first sound is wanted.
import type { Engine, Playable } from "./engine";

/** What the player asks of its engine. */
export type Sounding = Pick<
  Engine,
  "item" | "position" | "length" | "dry" | "volume" | "muted" | "speed" | "crossfade" | "play" | "passOver" | "resume" | "pause" | "seek" | "revise" | "reload" | "stop" | "fadeOut" | "forget" | "heardOf"
>;

interface Wanted {
  item: Playable;
  seconds: number;
  sounding: boolean;
}

export class Waiting implements Sounding {
  readonly item = null;
  readonly position = 0;
  readonly length = null;
  readonly dry = false;
  volume = 1;
  muted = false;
  speed = 1;
  crossfade = 0;
  #wanted: Wanted | null = null;

  /** `wake` is called when there is something to play. */
  constructor(readonly wake: () => void) {}

  /** Leaves everything to the engine, which is here. */
  handOver(engine: Sounding): void {
    const { volume, muted, speed, crossfade } = this;
    Object.assign(engine, { volume, muted, speed, crossfade });
    if (this.#wanted) engine.play(this.#wanted.item, this.#wanted.seconds, this.#wanted.sounding);
  }

  play(item: Playable, seconds = 0, sounding = true): void {
    this.#wanted = { item, seconds, sounding };
    this.wake();
  }
  passOver(item: Playable): void {
    this.play(item);
  }
  resume(): void {
    if (this.#wanted) this.#wanted.sounding = true;
  }
  pause(): void {
    if (this.#wanted) this.#wanted.sounding = false;
  }
  seek(seconds: number): void {
    if (this.#wanted) this.#wanted.seconds = seconds;
  }
  stop(): void {
    this.#wanted = null;
  }
  fadeOut(): Promise<boolean> {
    return Promise.resolve(true);
  }
  heardOf(): null {
    return null;
  }
  // Nothing was begun that these could change.
  revise(): void {}
  reload(): void {}
  forget(): void {}
}
