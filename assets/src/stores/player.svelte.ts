// What sounds: playing, pausing, seeking, loudness of the room. Views talk to this; how sound is made is the engine's.
import { Problem, waitBefore } from "@/api/client";
import type { Track } from "@/api/types";
import { abilitiesOf, canJoin } from "@/engine/abilities";
import { audible, element } from "@/engine/element";
import type { EngineHost, Playable, Refusal } from "@/engine/engine";
import type { Heard, LoudnessMode, LoudnessOf, Quality } from "@/engine/format";
import { Waiting, type Sounding } from "@/engine/waiting";
import { t } from "@/i18n/index.svelte";
import { followOnAlbum } from "@/lib/order";
import { renewPage } from "@/lib/renewal";
import type { Rows } from "@/lib/rows.svelte";
import { live } from "./live.svelte";
import { control, show, showState } from "./media_session";
import { marks } from "./marks.svelte";
import * as nowPlaying from "./now_playing";
import { playback } from "./playback.svelte";
import { plays } from "./plays";
import { queue, type Entry } from "./queue.svelte";
import { radio } from "./radio";
import { restOf, taken } from "./rest";
import { SavedQueue } from "./saved_queue";
import { session } from "./session.svelte";
import { sleep } from "./sleep.svelte";
import { onlyHere } from "./tabs";
import { ui } from "./ui.svelte";

const RESTART_S = 3;

class Player implements EngineHost {
  playing = $state(false);
  /** Seconds into the track. */
  position = $state(0);
  volume = $state(playback.volume);
  muted = $state(playback.muted);
  /** Waits for the server or the network; what it says. */
  waiting = $state<string | null>(null);
  /** Sound is wanted and not here yet. */
  dry = $state(false);
  heard = $state.raw<Heard | null>(null);
  #measured = $state<number | null>(null);
  #waiting = new Waiting(async () => new (await import("@/engine/engine")).Engine(this, element), {
    arrived: (engine) => (this.#engine = engine),
    failed: (error) => void this.#cannotSound(error),
  });
  #engine: Sounding = this.#waiting;
  #saved = new SavedQueue();
  /** Restored, and not loaded before it is played. */
  #cold = false;
  #announce: () => void = () => {};
  #began: Entry | null = null;
  /** Whoever was pressed last plays; what was pressed before it and is still on its way does not. */
  #press = 0;
  /** The queue of another device was offered, and nothing was played here since. */
  #offered = false;
  /** The queue is another one, and whoever changed it sees to what follows from that. */
  #quiet = false;

  readonly track: Track | undefined = $derived(queue.current?.track);
  /** Seconds of the track. */
  readonly length = $derived(this.#measured ?? (this.track?.duration_ms ?? 0) / 1000);

  constructor() {
    this.#engine.volume = audible(this.volume);
    this.#engine.muted = this.muted;
    this.#engine.speed = playback.speed;
    this.#engine.crossfade = playback.crossfade;
    queue.onChange((ranOut) => this.#queued(ranOut));
    sleep.serve({ fadeOut: (ms) => this.#engine.fadeOut(ms), pause: () => this.pause(), revise: () => this.#engine.revise() });
  }

  /** Are tracks joined without a gap in this browser? */
  readonly gapless = canJoin(abilitiesOf());

  /** Loads what makes sound, so that it is there when something is to be heard. */
  prepare(): Promise<void> {
    return this.#waiting.load();
  }

  /** Seconds into the track at this very moment, for what moves smoothly. */
  now(): number {
    return this.#cold || !this.#engine.item ? this.position : this.#engine.position;
  }

  /** Once: listens to other tabs, to the server and to the system's controls. */
  start(): void {
    // Whoever presses something may be about to play: browsers want the sound to begin within the press.
    addEventListener("pointerdown", () => void this.prepare(), { once: true });
    this.#announce = onlyHere(() => this.pause());
    control({ play: () => this.resume(), pause: () => this.pause(), next: () => this.next(), previous: () => this.previous(), seek: (to) => this.seek(to) });
    live.isNeeded = () => this.playing;
    live.on("queue", () => void this.#look());
    live.on("library", () => marks.refresh());
    addEventListener("online", () => void plays.send());
    addEventListener("pagehide", () => this.#leave());
    document.addEventListener("visibilitychange", () => (document.hidden ? this.#leave() : void this.#look()));
  }

  /** Somebody signed in, or out (`null`). */
  follow(account: string | null): void {
    this.#engine.forget();
    live.stop();
    this.#press += 1;
    this.#offered = false;
    void plays.finish();
    if (this.playing || queue.entries.length > 0) {
      this.#silence();
      queue.replace([], -1, "");
    }
    this.#saved.drop();
    this.#saved = new SavedQueue();
    if (account === null) return;
    live.start();
    void plays.send();
    void this.#restoreOnce();
  }

  // What people ask for.

  /** Something was pressed that takes a while. The answer tells whether nothing else was pressed since. */
  pressed(): () => boolean {
    const press = ++this.#press;
    return () => press === this.#press;
  }

  /** Plays these tracks, from one of them on. Of a long list the first sounds at once; the others follow as they are needed. */
  async play(tracks: readonly Track[] | Rows<Track>, index: number, source: string): Promise<void> {
    const isLast = this.pressed();
    try {
      if (Array.isArray(tracks)) this.#quietly(() => queue.replace(tracks, index, source));
      else {
        const rows = tracks as Rows<Track>;
        const here = rows.at(index);
        // A missing one is passed over: those behind it are needed.
        const first = here && !here.missing_since ? [here] : await taken(rows, index);
        if (first.length === 0 || !isLast()) return;
        this.#quietly(() => queue.replace(first, 0, source, restOf(rows, index + first.length, source)));
      }
    } catch (error) {
      return isLast() ? ui.sayProblem(error) : undefined;
    }
    const track = queue.current?.track;
    if (track?.missing_since && queue.following >= 0) queue.index = queue.following;
    this.#begin();
  }

  /** Plays what goes with a track, an album or an artist, and more of it, endlessly. Begins with `first` where there is one. */
  async radio(from: string, first?: Track): Promise<void> {
    const isLast = this.pressed();
    const more = radio(from);
    try {
      const tracks = first ? [first] : await more.fetch();
      if (!isLast()) return;
      if (tracks.length === 0) return ui.say(t("play.radio.empty"));
      this.#quietly(() => queue.replace(tracks, 0, more.source, more));
      this.#begin();
    } catch (error) {
      if (isLast()) ui.sayProblem(error);
    }
  }

  playNext(tracks: readonly Track[], source: string): void {
    this.#added(queue.addNext(tracks, source));
  }

  addToQueue(tracks: readonly Track[], source: string): void {
    this.#added(queue.add(tracks, source));
  }

  #added(entries: readonly Entry[]): void {
    if (queue.index < 0 && entries.length > 0) {
      queue.index = 0;
      this.#begin();
    }
    const undo = { label: t("undo"), run: () => queue.removeKeys(new Set(entries.map(({ key }) => key))) };
    ui.say(t("queue.added", { n: entries.length }), { action: undo });
  }

  /** Plays an entry of the queue. */
  jump(key: number): void {
    this.#press += 1;
    if (queue.at(key)) this.#begin();
  }

  toggle(): void {
    if (this.playing) this.pause();
    else this.resume();
  }

  resume(): void {
    const entry = queue.current;
    if (!entry) return;
    this.#announce();
    this.playing = true;
    if (this.#cold || this.#engine.item?.key !== entry.key) this.#load(entry, this.position, true);
    else this.#engine.resume();
    this.#state();
  }

  pause(): void {
    if (!this.playing) return;
    this.playing = false;
    this.#engine.pause();
    this.#state();
    void plays.report();
    this.#save();
    this.#saved.flush();
  }

  next(): void {
    const place = queue.following;
    if (place < 0) return ui.say(t("play.last"));
    queue.index = place;
    this.#begin();
  }

  previous(): void {
    const before = queue.entries.findLastIndex((entry, place) => place < queue.index && !entry.track.missing_since);
    if (this.now() > RESTART_S || before < 0) return this.seek(0);
    queue.index = before;
    this.#begin();
  }

  seek(seconds: number): void {
    if (!this.track) return;
    const to = Math.min(Math.max(0, seconds), Math.max(0, this.length - 0.2));
    this.position = to;
    if (!this.#cold) this.#engine.seek(to);
    plays.moved(to);
    this.#state();
  }

  setVolume(volume: number): void {
    this.volume = playback.volume = Math.min(1, Math.max(0, volume));
    this.#engine.volume = audible(this.volume);
    if (this.muted && volume > 0) this.mute(false);
    playback.keep();
  }

  mute(muted = !this.muted): void {
    this.muted = playback.muted = this.#engine.muted = muted;
    playback.keep();
  }

  setSpeed(speed: number): void {
    playback.speed = this.#engine.speed = speed;
    playback.keep();
    this.#state();
  }

  setCrossfade(seconds: number): void {
    playback.crossfade = this.#engine.crossfade = seconds;
    playback.keep();
    this.#engine.revise();
  }

  setQuality(quality: Quality): void {
    playback.quality = quality;
    playback.keep();
    if (!this.#cold) this.#engine.reload();
  }

  setLoudness(mode: LoudnessMode): void {
    playback.loudness = mode;
    playback.keep();
    if (!this.#cold) this.#engine.reload();
  }

  /** Takes over the queue as the server has it, paused. */
  async restore(isWanted = this.pressed()): Promise<void> {
    this.#offered = false;
    const restored = await this.#saved.read();
    if (!restored || this.playing || !isWanted()) return;
    this.#cold = true;
    this.#silence();
    this.#quietly(() => queue.replace(restored.tracks, restored.index, "queue"));
    this.position = restored.positionMs / 1000;
    this.#show();
  }

  /** At the begin, however long the server needs; but not once something was queued here. */
  async #restoreOnce(): Promise<void> {
    const press = this.#press;
    const isUntouched = () => press === this.#press && queue.entries.length === 0;
    for (let attempt = 0; isUntouched(); attempt += 1) {
      try {
        return await this.restore(isUntouched);
      } catch (error) {
        if (!(error instanceof Problem && error.passes)) return; // the next change saves anew
        await new Promise((resolve) => setTimeout(resolve, waitBefore(attempt, error.retryAfter)));
      }
    }
  }

  // What the engine asks and tells.

  following(item: Playable, refused: ReadonlySet<number>): Entry | null {
    if (sleep.atEnd) return null;
    const place = queue.entries.findIndex(({ key }) => key === item.key);
    if (queue.repeat === "one" && place >= 0 && !refused.has(item.key)) return queue.entries[place] ?? null;
    return queue.entries[queue.after(place >= 0 ? place : queue.index, refused)] ?? null;
  }

  neighbours(one: Playable, other: Playable): boolean {
    return followOnAlbum(one.track, other.track);
  }

  quality(): Quality {
    return playback.quality;
  }

  loudness(item: Playable): LoudnessOf {
    if (playback.loudness !== "auto") return playback.loudness;
    const place = queue.entries.findIndex(({ key }) => key === item.key);
    const around = [queue.entries[place - 1], queue.entries[place + 1]];
    return around.some((entry) => entry?.track.album.id === item.track.album.id) ? "album" : "track";
  }

  changed(item: Playable, refusals: readonly Refusal[]): void {
    for (const refusal of refusals) this.#tellSkipped(refusal, true);
    queue.at(item.key);
    this.#measured = null;
    this.heard = this.#engine.heardOf(item);
    this.#cold = false;
    const before = this.position;
    this.position = this.#engine.position;
    const entry = queue.current;
    if (!entry) return;
    // Only fetched anew, in another quality: it is the same listening.
    const goesOn = this.#began?.key === entry.key && before > 0 && this.position >= before;
    if (goesOn) plays.moved(this.position);
    else if (this.playing) this.#listen(entry);
    this.#show();
    this.#save();
  }

  moved(): void {
    if (this.#cold || !this.#engine.item) return;
    this.position = this.#engine.position;
    this.#measured = this.#engine.length;
    this.dry = this.#engine.dry;
    if (!this.playing || !this.track) return;
    plays.heard(this.position, playback.speed);
    nowPlaying.stillPlays(this.track.id, this.position, playback.speed);
  }

  ended(refusals: readonly Refusal[]): void {
    for (const refusal of refusals) this.#tellSkipped(refusal, false);
    if (sleep.atEnd) sleep.off();
    void plays.finish();
    this.#began = null;
    // Pressed again, it begins with what is next, or with the last track anew.
    if (queue.following >= 0) queue.index = queue.following;
    this.#cold = true;
    this.position = 0;
    this.#silence();
    this.#show();
    this.#save();
  }

  waits(problem: Problem | null): void {
    this.waiting = problem ? problem.message : null;
  }

  failed(refusal: Refusal, fatal: boolean): void {
    const place = queue.following;
    const isNext = !fatal && place >= 0 && queue.entries[place]?.key !== refusal.item.key;
    this.#tellSkipped(refusal, isNext);
    if (!isNext) {
      this.playing = false;
      this.#cold = true;
      this.#silence();
      return this.#state();
    }
    queue.index = place;
    const entry = queue.current;
    if (entry) this.#engine.passOver(entry);
  }

  pressNeeded(): void {
    this.playing = false;
    this.#state();
    ui.say(t("play.press"));
  }

  heardOf(item: Playable, heard: Heard): void {
    if (queue.current?.key === item.key) this.heard = heard;
  }

  // Between them.

  #begin(): void {
    const entry = queue.current;
    if (!entry) return;
    this.position = 0;
    this.#announce();
    this.playing = true;
    this.#load(entry, 0, true);
  }

  #silence(): void {
    this.#engine.stop();
    this.playing = this.dry = false;
    this.waiting = null;
  }

  #load(entry: Entry, seconds: number, sounding: boolean): void {
    this.#cold = this.#offered = false;
    this.waiting = null;
    this.#began = null;
    this.#engine.play(entry, seconds, sounding);
    this.dry = this.#engine.dry;
  }

  /** The part of the page that makes sound is not to be had: the server was updated, or is away. */
  async #cannotSound(error: unknown): Promise<void> {
    this.#cold = true;
    this.#silence();
    this.#state();
    if (!(await renewPage())) ui.sayProblem(error);
  }

  /** A track begins to be heard. */
  #listen(entry: Entry): void {
    this.#began = entry;
    plays.begin(entry.track, entry.source, this.position);
    nowPlaying.tell(entry.track.id, "starting", this.position, playback.speed);
  }

  #quietly(change: () => void): void {
    this.#quiet = true;
    change();
    this.#quiet = false;
  }

  /** The queue changed. */
  #queued(ranOut: boolean): void {
    if (this.#quiet) return;
    const { current } = queue;
    const sounding = this.#engine.item;
    if (!current || ranOut) {
      void plays.finish();
      this.#silence();
      this.#began = null;
      this.#cool();
    } else if (sounding && !this.#cold && !queue.entries.some(({ key }) => key === sounding.key)) {
      if (this.playing) this.#begin();
      else this.#cool();
    } else this.#engine.revise();
    this.#save();
  }

  #cool(): void {
    this.#cold = true;
    this.position = 0;
    this.#show();
  }

  #tellSkipped({ item, problem }: Refusal, isNext: boolean): void {
    ui.say(t(isNext ? "play.skipped" : "play.fails", { title: item.track.title, why: problem.message }), { kind: "wrong" });
  }

  #show(): void {
    show(this.track);
    this.#state();
  }

  #state(): void {
    showState(this.playing, this.now(), this.length, playback.speed);
    const { track } = this;
    if (!track || !session.account || this.#cold) return;
    if (this.playing && queue.current && this.#began?.key !== queue.current.key && this.#engine.item) this.#listen(queue.current);
    nowPlaying.tell(track.id, this.playing ? "playing" : "paused", this.now(), playback.speed);
  }

  #save(): void {
    if (session.account) this.#saved.save(() => ({ entries: queue.entries, index: queue.index, position: this.now() }));
  }

  #leave(): void {
    void plays.report();
    if (this.playing) this.#save();
    this.#saved.flush({ leaving: true });
  }

  /** Did another device go on meanwhile? */
  async #look(): Promise<void> {
    if (this.playing || !session.account || this.#offered || document.hidden) return;
    const saved = this.#saved;
    const newer = await saved.newer().catch(() => null);
    if (!newer || this.playing || this.#offered || this.#saved !== saved) return;
    this.#offered = true;
    saved.changedAt = newer.changed_at ?? null;
    ui.say(t("queue.elsewhere"), { action: { label: t("queue.takeover"), run: () => this.restore().catch((error: unknown) => ui.sayProblem(error)) } });
  }
}

export const player = new Player();
