// A deck on a MediaSource: tracks stand one behind the other on one timeline, to the sample, so nothing is heard between them.
import { Problem } from "@/api/client";
import { mediaSourceKind } from "./abilities";
import { Appender, undecodable } from "./appender";
import type { Deck, DeckHost, Playable } from "./deck";
import { Fader } from "./fader";
import { Room } from "./room";
import { broken, type Opened, type Source } from "./source";
import { Piece, pieceAt } from "./timeline";

/** A resumed stream begins so much before what is missing: the window takes what is there already away. */
const OVERLAP_MS = 20;
const DIP_MS = 60;
const RISE_MS = 200;
/** Until the first answer tells. */
const USUAL_RATE = 48_000;
/** Holes that the element would wait before: what is smaller it plays over by itself. */
const NO_HOLE_S = 0.002;
const HOLE_S = 0.25;

export class StreamDeck implements Deck {
  readonly fader: Fader;
  dry = false;
  #appender: Appender | null = null;
  #url = "";
  #room = new Room();
  #pieces: Piece<Playable>[] = [];
  #sounding: Piece<Playable> | null = null;
  /** Each feeding has a number; one that is not the last stops. */
  #run = 0;
  #feeding = false;
  /** A jump is on its way: what was there goes, then feeding begins. */
  #leaping = false;
  #abort = new AbortController();
  /** Those who wait for room, and the one who waits for the server. */
  #waiting = new Set<() => void>();
  #sleeping: (() => void) | null = null;
  /** Pressed, though the element may still wait for sound. */
  #wants = false;
  #decodeFailures = 0;
  /** Where it is about to be, in seconds of the track, before the element is there. */
  #target: number | null = null;

  constructor(
    readonly audio: HTMLAudioElement,
    readonly source: Pick<Source, "open">,
    readonly host: DeckHost,
    readonly Media = mediaSourceKind(),
  ) {
    this.fader = new Fader(audio);
    const moved = () => this.#moved();
    for (const event of ["timeupdate", "seeked", "progress"]) audio.addEventListener(event, moved);
    audio.addEventListener("waiting", () => this.#dries(true));
    audio.addEventListener("playing", () => this.#dries(false));
    audio.addEventListener("ended", () => this.#ended());
    audio.addEventListener("error", () => this.#broke());
  }

  get item(): Playable | null {
    return this.#sounding?.item ?? null;
  }

  get position(): number {
    const piece = this.#sounding;
    if (this.#target !== null) return this.#target;
    return piece ? Math.max(0, this.audio.currentTime - piece.begins) : 0;
  }

  get length(): number | null {
    const piece = this.#sounding;
    return piece?.known && piece.frames !== null ? piece.frames / piece.rate : null;
  }

  get remaining(): number | null {
    const last = this.#pieces.at(-1);
    if (!last?.known || last.frames === null || this.host.following(last.item)) return null;
    return last.ends - this.audio.currentTime;
  }

  get ahead(): number {
    return this.#appender?.aheadOf(this.audio.currentTime) ?? 0;
  }

  jump(item: Playable, seconds: number, play: boolean): void {
    this.#wants = play;
    const next = this.#sounding && this.#pieces[this.#pieces.indexOf(this.#sounding) + 1];
    if (next?.known && next.item.key === item.key && seconds === 0 && this.#appender?.aheadOf(next.begins + 0.01)) {
      void this.#dip(() => this.#go(next.begins + 1 / next.rate), false);
    } else {
      this.#layOut(item, seconds);
      this.host.changed(this, item);
    }
    // Within the gesture, before anything is fetched.
    if (play) this.#sound();
  }

  /** Begins the timeline anew with a track. */
  #layOut(item: Playable, seconds: number): void {
    if (this.audio.error || !this.#appender) this.#attach();
    const piece = new Piece(item, { samples: 0, rate: USUAL_RATE }, Math.max(0, Math.floor(seconds * 1000)));
    this.#pieces = [piece];
    this.#sounding = piece;
    this.#target = seconds;
    const clear = this.#halt();
    this.#leaping = true;
    // The begin of a track is heard as it is; what is entered midway rises.
    void this.#dip(async () => {
      if (!(await clear(0))) return;
      this.audio.currentTime = seconds;
      this.#feed();
    }, seconds > 0);
  }

  play(): void {
    this.#wants = true;
    this.hurry();
    if (this.audio.error) return this.reload();
    if (this.audio.paused && this.position > 0.05) this.fader.set(0);
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
    const piece = this.#sounding;
    if (!piece) return;
    const at = Math.max(piece.begins + seconds, piece.begins + 1 / piece.rate);
    // What a jump on its way is about to remove is as good as gone.
    if (piece.known && !this.#leaping && this.#appender?.aheadOf(at)) {
      this.#target = seconds;
      return void this.#dip(() => this.#go(at), true);
    }
    this.#refill(piece, seconds);
  }

  revise(): void {
    if (this.#leaping) return;
    // Every piece behind the one that sounds must be what follows now.
    for (let place = Math.max(0, this.#pieces.indexOf(this.#sounding as Piece<Playable>)); place < this.#pieces.length; place += 1) {
      const piece = this.#pieces[place] as Piece<Playable>;
      const behind = this.#pieces[place + 1];
      const wanted = this.host.following(piece.item);
      if (!behind || behind.item.key === wanted?.key) continue;
      this.#pieces = this.#pieces.slice(0, place + 1);
      const clear = this.#halt();
      // Nothing is fed before the old sound is gone, whatever else changes until then.
      this.#leaping = true;
      void clear(behind.begins).then((isLast) => {
        if (!isLast) return;
        this.#leaping = false;
        this.revise();
      });
      return;
    }
    // A feeding that goes on asks by itself what follows.
    if (this.#pieces.length > 0 && !this.#feeding) this.#feed();
  }

  reload(): void {
    const piece = this.#sounding;
    if (!piece) return;
    this.jump(piece.item, this.position, this.#wants);
  }

  hurry(): void {
    this.#wake();
  }

  stop(): void {
    this.#wants = false;
    this.#run += 1;
    this.#feeding = this.#leaping = false;
    this.#abort.abort();
    this.#wake();
    this.#pieces = [];
    this.#sounding = null;
    this.#target = null;
    this.audio.pause();
    void this.#appender?.forgetRest().then(() => this.#appender?.remove(0, Infinity));
    this.#room = new Room();
  }

  /** A quick dip of the volume around a jump, so that it does not click. */
  async #dip(jump: () => void | Promise<void>, rise: boolean): Promise<void> {
    if (!this.audio.paused && this.fader.level > 0) await this.fader.to(0, DIP_MS);
    await jump();
    if (rise) void this.fader.to(1, RISE_MS);
    else this.fader.set(1);
  }

  #go(seconds: number): void {
    this.#target = null;
    this.audio.currentTime = seconds;
    this.#moved();
  }

  /** Fetches a piece anew from there on, at the same place of the timeline. */
  #refill(piece: Piece<Playable>, seconds: number): void {
    this.#target = seconds;
    piece.complete = false;
    piece.fromMs = Math.max(0, Math.floor(seconds * 1000) - OVERLAP_MS);
    this.#pieces = this.#pieces.slice(0, this.#pieces.indexOf(piece) + 1);
    const clear = this.#halt();
    this.#leaping = true;
    void this.#dip(async () => {
      if (!(await clear(0))) return;
      this.#go(piece.begins + Math.max(seconds, 1 / piece.rate));
      this.#feed();
    }, true);
  }

  /** Stops the feeding at once; what it returns removes what is to go, and tells whether nothing else began meanwhile. */
  #halt(): (from: number) => Promise<boolean> {
    const run = ++this.#run;
    this.#feeding = this.#leaping = false;
    this.#abort.abort();
    this.#wake();
    return async (from) => {
      await this.#appender?.forgetRest();
      if (run !== this.#run) return false;
      await this.#appender?.remove(from, Infinity);
      this.#room.removedFrom(from);
      return run === this.#run;
    };
  }

  #attach(): void {
    if (!this.Media) throw new Error("this browser has no MediaSource");
    if (this.#url) URL.revokeObjectURL(this.#url);
    const media = new this.Media();
    this.#appender = new Appender(media);
    this.#room = new Room();
    for (const event of ["startstreaming", "endstreaming"]) media.addEventListener(event, () => this.#look());
    this.audio.disableRemotePlayback = true;
    this.#url = URL.createObjectURL(media);
    this.audio.src = this.#url;
  }

  #sound(): void {
    this.audio.play().catch((error: unknown) => {
      if ((error as DOMException).name !== "NotAllowedError") return;
      this.#wants = false;
      this.host.refused(this);
    });
  }

  /** Begins to feed, or goes on, with what the pieces and the host say now. */
  #feed(): void {
    const run = ++this.#run;
    this.#leaping = false;
    this.#abort.abort();
    const abort = (this.#abort = new AbortController());
    this.#wake();
    void this.#feedAll(() => run === this.#run, abort);
  }

  async #feedAll(alive: () => boolean, abort: AbortController): Promise<void> {
    this.#feeding = true;
    while (alive()) {
      const piece = this.#unfed();
      if (!piece) void this.#appender?.finish();
      if (!piece || !(await this.#fill(piece, alive, abort))) break;
    }
    if (alive()) this.#feeding = false;
  }

  /** The piece that is to be fetched: one that is not complete, or what follows the last one. */
  #unfed(): Piece<Playable> | null {
    const last = this.#pieces.at(-1);
    if (!last) return null;
    if (!last.complete) return last;
    const following = this.host.following(last.item);
    if (!following) return null;
    const piece = new Piece(following, last.next);
    this.#pieces.push(piece);
    return piece;
  }

  /** Fetches one piece to its end, with patience. False: nothing more is to be fetched. */
  async #fill(piece: Piece<Playable>, alive: () => boolean, abort: AbortController): Promise<boolean> {
    for (let attempt = 0; alive(); attempt += 1) {
      const before = this.#appender?.end ?? 0;
      try {
        await this.#pour(piece, alive, abort.signal);
        return alive();
      } catch (error) {
        if (!alive()) return false;
        const problem = error instanceof Problem ? error : undecodable();
        await this.#appender?.forgetRest();
        if ((this.#appender?.end ?? 0) > before) attempt = 0;
        const verdict = this.host.failed(this, piece.item, problem, attempt, piece === this.#sounding);
        if (!alive()) return false;
        if (verdict === "stop") return false;
        if (verdict === "skip") return this.#drop(piece);
        await this.#sleep(verdict.retryMs);
      }
    }
    return false;
  }

  /** A piece that cannot be had; the host knows by now, so what follows is another one. */
  #drop(piece: Piece<Playable>): boolean {
    this.#pieces = this.#pieces.filter((each) => each !== piece);
    return this.#pieces.length > 0;
  }

  async #pour(piece: Piece<Playable>, alive: () => boolean, signal: AbortSignal): Promise<void> {
    const appender = this.#appender as Appender;
    // What is here of the piece stays; a stream that broke goes on behind it.
    const here = piece.known && (appender.end ?? 0) > piece.begins + piece.fromMs / 1000 ? piece.sampleAt(appender.end as number) : null;
    const seconds = here === null ? piece.fromMs / 1000 : (here - piece.start) / piece.rate;
    if (here !== null && piece.frames !== null && here >= piece.start + piece.frames) return void (piece.complete = true);
    const startMs = here === null ? piece.fromMs : Math.max(0, Math.floor(seconds * 1000) - OVERLAP_MS);
    // A stream that waits for room would be held open at the server; the first one is opened at once.
    if (appender.end !== null) await this.#roomFor(alive);
    if (!alive()) return;
    const opened = await this.source.open(piece.item, startMs, signal);
    if (!alive()) return;
    if (piece.known && opened.sound.rate !== piece.rate) {
      // It is made otherwise than before (another plan): what was laid out does not fit any more.
      if (piece === this.#sounding) return this.reload();
      await appender.remove(piece.begins, Infinity);
      piece.known = false;
      throw broken();
    }
    const isFirst = !piece.known;
    piece.learn(opened.sound, opened.origin);
    if (isFirst && piece === this.#sounding) {
      if (startMs > 0) this.audio.currentTime = piece.begins + seconds;
      this.#target = null;
    }
    await appender.begins(opened.mime, piece.window(opened.sound, here ?? 0));
    await this.#drain(opened, piece, alive);
    if (!alive()) return;
    this.#complete(piece);
  }

  async #drain(opened: Opened, piece: Piece<Playable>, alive: () => boolean): Promise<void> {
    const appender = this.#appender as Appender;
    for (;;) {
      const chunk = await opened.read();
      if (!chunk || !alive()) return;
      for (;;) {
        await this.#roomFor(alive);
        if (!alive()) return;
        try {
          await appender.append(chunk);
          break;
        } catch (error) {
          if ((error as DOMException).name !== "QuotaExceededError") throw error;
          this.#room.refused();
        }
      }
      this.#room.appended(appender.end ?? piece.begins, chunk.byteLength);
      if (this.dry) this.#moved();
    }
  }

  /** All was read: is it all that was promised? */
  #complete(piece: Piece<Playable>): void {
    const end = this.#appender?.end ?? piece.begins;
    if (piece.frames === null) piece.frames = piece.sampleAt(end) - piece.start;
    else if (end < piece.ends - 0.1) {
      if (!piece.short) {
        piece.short = true;
        throw broken();
      }
      piece.frames = piece.sampleAt(end) - piece.start; // twice: its file is shorter than it says
    }
    piece.complete = true;
    this.#decodeFailures = 0;
  }

  /** Waits until there is room, making some where it can. */
  async #roomFor(alive: () => boolean): Promise<void> {
    while (alive()) {
      const appender = this.#appender as Appender;
      const now = this.audio.currentTime;
      const until = appender.begin === null ? null : this.#room.evict(appender.begin, now);
      if (until !== null) {
        await appender.remove(0, until);
        this.#room.removedBefore(until);
      }
      const isWanted = appender.media.streaming !== false;
      if (isWanted && this.#room.has(Math.max(0, (appender.end ?? now) - now))) return;
      await new Promise<void>((wake) => this.#waiting.add(wake));
    }
  }

  #sleep(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, ms);
      this.#sleeping = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }

  /** Whoever waits for room looks again. */
  #look(): void {
    const waiting = [...this.#waiting];
    this.#waiting.clear();
    for (const wake of waiting) wake();
  }

  #wake(): void {
    this.#look();
    this.#sleeping?.();
    this.#sleeping = null;
  }

  #moved(): void {
    const piece = pieceAt(this.#pieces.filter((each) => each.known || each === this.#sounding), this.audio.currentTime);
    if (piece && piece !== this.#sounding) {
      this.#sounding = piece;
      this.host.changed(this, piece.item);
      // What lies further behind is only reached by a jump.
      this.#pieces = this.#pieces.slice(Math.max(0, this.#pieces.indexOf(piece) - 1));
    }
    this.#overHole();
    this.#look();
    this.host.moved(this);
  }

  /** The element waits before a hole, however small. */
  #overHole(): void {
    if (!this.dry || !this.#appender) return;
    const [now, ranges] = [this.audio.currentTime, this.#appender.buffered];
    for (let place = 0; ranges && place < ranges.length; place += 1) {
      const start = ranges.start(place);
      if (start - now > NO_HOLE_S && start - now < HOLE_S) return void (this.audio.currentTime = start);
    }
  }

  #dries(dry: boolean): void {
    this.dry = dry;
    this.#moved();
  }

  #ended(): void {
    const last = this.#pieces.at(-1);
    const following = last && this.host.following(last.item);
    // Something was added at the very end.
    if (following) return this.jump(following, 0, this.#wants);
    this.#wants = false;
    this.host.ended(this);
  }

  #broke(): void {
    const piece = this.#sounding;
    if (!piece || !this.audio.error) return;
    this.#decodeFailures += 1;
    const seconds = this.position;
    const verdict = this.#decodeFailures > 1 ? this.host.failed(this, piece.item, undecodable(), 0, true) : { retryMs: 0 };
    if (typeof verdict === "object" && this.#sounding === piece) this.jump(piece.item, seconds, this.#wants);
  }
}
