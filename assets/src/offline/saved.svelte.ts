// Tracks that are saved on this device, to be heard without the server. Browsers allow it over HTTPS and on localhost alone.
import { address, Problem, problemOf } from "@/api/client";
import type { Track } from "@/api/types";
import { t } from "@/i18n/index.svelte";
import { whenIdle } from "@/lib/idle";
import { pictureOf } from "@/lib/picture";
import { ui } from "@/stores/ui.svelte";
import { ANSWERS, INDEX, PICTURES, savedAddress, TRACKS } from "./caches";

export interface SavedTrack {
  track: Track;
  bytes: number;
  saved_at: string;
}

/** Kilobits a second of what is saved: about 1 MB a minute. */
const BITRATE = 128;
/** CSS pixels of a track's picture in lists, in the player bars and on the page of what plays. */
const PICTURE_SIZES = [40, 44, 56, 560];
/** A picture that lets one wait longer comes another time. */
const PATIENCE_MS = 10_000;

class Saved {
  tracks = $state.raw<readonly SavedTrack[]>([]);
  /** Tracks that wait to be saved, and what was saved of this round. */
  waiting = $state.raw<readonly Track[]>([]);
  done = $state(0);
  readonly isPossible = "caches" in globalThis && "serviceWorker" in navigator && "locks" in navigator && isSecureContext;
  readonly bytes = $derived(this.tracks.reduce((sum, each) => sum + each.bytes, 0));
  #ids = $derived(new Set(this.tracks.map((each) => each.track.id)));
  #works = false;
  /** Another one for another listener: what was begun for the one before is not kept. */
  #generation = 0;

  async start(): Promise<void> {
    if (!this.isPossible || import.meta.env.DEV) return;
    try {
      const worker = await navigator.serviceWorker.register("/sw.js");
      worker.active?.postMessage("refresh");
      const generation = this.#generation;
      const tracks = await readIndex(await caches.open(TRACKS));
      if (generation !== this.#generation) return;
      this.tracks = tracks;
      await whenIdle();
      await tidyPictures(this.tracks.map((each) => each.track));
    } catch {
      // Private windows and full disks: the page works without.
    }
  }

  has(id: string): boolean {
    return this.#ids.has(id);
  }

  /** Saves tracks one behind the other, in the background. */
  async add(tracks: readonly Track[]): Promise<void> {
    const known = new Set(this.waiting.map((track) => track.id));
    const wanted = tracks.filter((track) => !this.has(track.id) && !known.has(track.id) && !track.missing_since);
    this.waiting = [...this.waiting, ...wanted];
    if (this.#works) return;
    this.#works = true;
    this.done = 0;
    const generation = this.#generation;
    // Asks not to be thrown away first when the disk fills; saving goes on without.
    await navigator.storage?.persist?.().catch(() => false);
    /** What kept tracks from being saved, each reason once. */
    const problems = new Map<string, string>();
    try {
      for (let track = this.waiting[0]; track; track = this.waiting[0]) {
        try {
          await this.#save(track, generation);
          this.done += 1;
        } catch (error) {
          if (!isOfOneTrack(error)) throw error;
          if (!problems.has(error.message)) problems.set(error.message, `${track.title}: ${error.message}`);
        }
        if (generation !== this.#generation) return;
        this.waiting = this.waiting.slice(1);
      }
      if (this.done > 0) ui.say(t("offline.done", { n: this.done }));
      for (const problem of problems.values()) ui.say(problem, { kind: "wrong" });
    } catch (error) {
      if (generation !== this.#generation) return;
      this.waiting = [];
      ui.sayProblem(error);
    } finally {
      this.#works = false;
      // The next listener has begun to save meanwhile.
      if (generation !== this.#generation && this.waiting.length > 0) void this.add([]);
    }
  }

  async #save(track: Track, generation: number): Promise<void> {
    const response = await fetch(address(`/tracks/${encodeURIComponent(track.id)}/stream`, { format: "opus-mp4", bitrate: BITRATE }));
    if (!response.ok) throw await problemOf(response);
    const body = await response.blob();
    if (generation !== this.#generation) return;
    const cache = await caches.open(TRACKS);
    const headers = new Headers();
    for (const name of ["content-type", "x-hexachord-sound", "x-hexachord-decision"]) {
      const value = response.headers.get(name);
      if (value) headers.set(name, value);
    }
    headers.set("content-length", String(body.size));
    await cache.put(savedAddress(track.id), new Response(body, { headers }));
    await savePictures(track);
    if (generation !== this.#generation) await removePictures([track.id]);
    const entry = { track, bytes: body.size, saved_at: new Date().toISOString() };
    await this.#change((tracks) => [...tracks.filter((each) => each.track.id !== track.id), entry], generation);
  }

  async remove(ids: readonly string[]): Promise<void> {
    const gone = new Set(ids);
    const cache = await caches.open(TRACKS);
    await Promise.all(ids.map((id) => cache.delete(savedAddress(id))));
    await removePictures(ids);
    await this.#change((tracks) => tracks.filter((each) => !gone.has(each.track.id)), this.#generation);
  }

  /** Another listener signs in: nothing of the one before stays. */
  async forgetAll(): Promise<void> {
    if (!this.isPossible) return;
    this.#generation += 1;
    this.tracks = [];
    this.waiting = [];
    await alone(async () => {
      await Promise.all([TRACKS, ANSWERS, PICTURES].map((name) => caches.delete(name)));
    });
  }

  /** Other tabs change the list too: it is read anew before each change, and changed by one at a time. */
  #change(edit: (tracks: readonly SavedTrack[]) => readonly SavedTrack[], generation: number): Promise<void> {
    return alone(async () => {
      if (generation !== this.#generation) return;
      const cache = await caches.open(TRACKS);
      const tracks = edit(await readIndex(cache));
      await cache.put(INDEX, new Response(JSON.stringify(tracks), { headers: { "content-type": "application/json" } }));
      if (generation === this.#generation) this.tracks = tracks;
    });
  }
}

const readIndex = async (cache: Cache): Promise<readonly SavedTrack[]> => (await (await cache.match(INDEX))?.json()) ?? [];

/** Each once: a row and a player bar may show the same. */
const picturesOf = (track: Track) => [...new Set(PICTURE_SIZES.flatMap((size) => pictureOf("tracks", track, size) ?? []))];

/** A track sounds without them too. */
async function savePictures(track: Track): Promise<void> {
  const cache = await caches.open(PICTURES);
  const save = async (path: string) => {
    if (await cache.match(path)) return;
    const picture = await fetch(path, { signal: AbortSignal.timeout(PATIENCE_MS) });
    if (picture.ok) await cache.put(path, picture);
  };
  await Promise.allSettled(picturesOf(track).map(save));
}

/** In every size, and as they looked before. */
async function removePictures(ids: readonly string[]): Promise<void> {
  const gone = new Set(ids.map(picturePath));
  await keepPictures((path) => !gone.has(path));
}

/** Fetches what could not be had when a track was saved, or is shown larger here; pictures of nothing saved go. */
async function tidyPictures(tracks: readonly Track[]): Promise<void> {
  const wanted = new Set(tracks.map(({ id }) => picturePath(id)));
  await keepPictures((path) => wanted.has(path));
  for (const track of tracks) await savePictures(track);
}

const picturePath = (id: string) => new URL(address(`/tracks/${encodeURIComponent(id)}/cover`), location.href).pathname;

async function keepPictures(isWanted: (path: string) => boolean): Promise<void> {
  const cache = await caches.open(PICTURES);
  for (const key of await cache.keys()) if (!isWanted(new URL(key.url).pathname)) await cache.delete(key);
}

/** One tab after the other. */
async function alone(change: () => Promise<void>): Promise<void> {
  await navigator.locks.request("hexachord.saved", change);
}

/** Is it but this track that cannot be had? Others wait for a server, a session, or room on the disk. */
const isOfOneTrack = (error: unknown): error is Problem => error instanceof Problem && !error.passes && error.status !== 401;

export const saved = new Saved();
