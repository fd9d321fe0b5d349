// Tracks that are saved on this device, to be heard without the server. Browsers allow it over HTTPS and on localhost alone.
import { address, problemOf } from "@/api/client";
import type { Track } from "@/api/types";
import { t } from "@/i18n/index.svelte";
import { ui } from "@/stores/ui.svelte";
import { ANSWERS, INDEX, PICTURES, savedAddress, TRACKS } from "./caches";

export interface SavedTrack {
  track: Track;
  bytes: number;
  saved_at: string;
}

/** Kilobits a second of what is saved: about 1 MB a minute. */
const BITRATE = 128;

class Saved {
  tracks = $state.raw<readonly SavedTrack[]>([]);
  /** Tracks that wait to be saved, and what was saved of this round. */
  waiting = $state.raw<readonly Track[]>([]);
  done = $state(0);
  readonly isPossible = "caches" in globalThis && "serviceWorker" in navigator && isSecureContext;
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
      const index = await (await caches.open(TRACKS)).match(INDEX);
      if (index) this.tracks = await index.json();
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
    try {
      for (let track = this.waiting[0]; track; track = this.waiting[0]) {
        await this.#save(track, generation);
        if (generation !== this.#generation) return;
        this.waiting = this.waiting.slice(1);
        this.done += 1;
      }
      ui.say(t("offline.done", { n: this.done }));
    } catch (error) {
      this.waiting = [];
      ui.sayProblem(error);
    } finally {
      this.#works = false;
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
    if (track.cover) void fetch(address(`/tracks/${encodeURIComponent(track.id)}/cover`, { size: 384, v: track.cover.hash })).catch(() => {});
    await this.#keep([...this.tracks, { track, bytes: body.size, saved_at: new Date().toISOString() }]);
  }

  async remove(ids: readonly string[]): Promise<void> {
    const gone = new Set(ids);
    const cache = await caches.open(TRACKS);
    await Promise.all(ids.map((id) => cache.delete(savedAddress(id))));
    await this.#keep(this.tracks.filter((each) => !gone.has(each.track.id)));
  }

  /** Another listener signs in: nothing of the one before stays. */
  async forgetAll(): Promise<void> {
    if (!this.isPossible) return;
    this.#generation += 1;
    this.tracks = [];
    this.waiting = [];
    await Promise.all([TRACKS, ANSWERS, PICTURES].map((name) => caches.delete(name)));
  }

  async #keep(tracks: readonly SavedTrack[]): Promise<void> {
    this.tracks = tracks;
    const cache = await caches.open(TRACKS);
    await cache.put(INDEX, new Response(JSON.stringify(tracks), { headers: { "content-type": "application/json" } }));
  }
}

export const saved = new Saved();
