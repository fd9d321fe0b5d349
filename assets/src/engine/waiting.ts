// Stands for the engine until that is loaded, and remembers what was asked of it meanwhile: the page is there before the
// first sound is wanted.
import type { Engine, Playable } from "./engine";

/** What the player asks of its engine. */
export type Sounding = Pick<
  Engine,
  "item" | "position" | "length" | "dry" | "volume" | "muted" | "speed" | "crossfade" | "play" | "passOver" | "resume" | "pause" | "seek" | "revise" | "reload" | "stop" | "fadeOut" | "forget" | "heardOf"
>;

interface Listener {
  /** The engine is here; what was asked of this one is asked of it next. */
  arrived(engine: Sounding): void;
  /** Something is to be played, and the engine cannot be had. */
  failed(error: unknown): void;
}

interface Wanted {
  item: Playable;
  seconds: number;
  sounding: boolean;
}

export class Waiting implements Sounding {
  readonly length = null;
  volume = 1;
  muted = false;
  speed = 1;
  crossfade = 0;
  #wanted: Wanted | null = null;
  #loading: Promise<void> | null = null;

  constructor(
    readonly make: () => Promise<Sounding>,
    readonly listener: Listener,
  ) {}

  get item(): Playable | null {
    return this.#wanted?.item ?? null;
  }
  get position(): number {
    return this.#wanted?.seconds ?? 0;
  }
  get dry(): boolean {
    return this.#wanted?.sounding ?? false;
  }

  /** Loads the engine, once; again after it could not be had. */
  load(): Promise<void> {
    this.#loading ??= this.make().then(
      (engine) => this.#handOver(engine),
      (error: unknown) => {
        this.#loading = null;
        if (this.#wanted) this.listener.failed(error);
      },
    );
    return this.#loading;
  }

  #handOver(engine: Sounding): void {
    const { volume, muted, speed, crossfade } = this;
    Object.assign(engine, { volume, muted, speed, crossfade });
    this.listener.arrived(engine);
    if (this.#wanted) engine.play(this.#wanted.item, this.#wanted.seconds, this.#wanted.sounding);
  }

  play(item: Playable, seconds = 0, sounding = true): void {
    this.#wanted = { item, seconds, sounding };
    void this.load();
  }
  passOver(item: Playable): void {
    this.play(item);
  }
  resume(): void {
    if (this.#wanted) this.#wanted.sounding = true;
    void this.load();
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
