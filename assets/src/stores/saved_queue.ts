// The queue as the server keeps it, so that it goes on elsewhere and later.
import { get, put } from "@/api/client";
import type { Page, Queue as Saved, Schema, Track } from "@/api/types";
import type { Entry } from "./queue.svelte";

type Queued = Schema<"QueuedTrack">;

const SETTLED_MS = 500;
const MOST = 10_000;
const PAGE = 500;
/** A page that is left may still send bodies of 64 kB. */
const MOST_KEPT_ALIVE = 2_500;

export interface Restored {
  tracks: Track[];
  index: number;
  positionMs: number;
}

export class SavedQueue {
  /** When it was saved last, as this tab knows. */
  changedAt: string | null = null;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #pending: ((leaving: boolean) => void) | null = null;
  #saving = 0;

  /** Saves soon: changes in quick succession are saved once. */
  save(read: () => { entries: readonly Entry[]; index: number; position: number }): void {
    clearTimeout(this.#timer);
    this.#pending = (leaving) => void this.#put(read(), leaving);
    this.#timer = setTimeout(() => this.flush(), SETTLED_MS);
  }

  /** What was to be saved is not. */
  drop(): void {
    clearTimeout(this.#timer);
    this.#pending = null;
  }

  /** Now, for example because the page is left. */
  flush({ leaving = false } = {}): void {
    clearTimeout(this.#timer);
    const pending = this.#pending;
    this.#pending = null;
    pending?.(leaving);
  }

  async #put({ entries, index, position }: { entries: readonly Entry[]; index: number; position: number }, leaving: boolean): Promise<void> {
    // Of a queue that is too long, what is next counts.
    const from = entries.length > MOST ? Math.min(Math.max(0, index - 100), entries.length - MOST) : 0;
    const kept = entries.slice(from, from + MOST);
    const body = { track_ids: kept.map(({ track }) => track.id), current: kept.length > 0 ? Math.max(0, index - from) : undefined, position_ms: Math.round(position * 1000) };
    this.#saving += 1;
    try {
      this.changedAt = (await put<Saved>("/me/queue", body, { keepalive: leaving && kept.length <= MOST_KEPT_ALIVE })).changed_at ?? null;
    } catch {
      // It is saved with the next change.
    } finally {
      this.#saving -= 1;
    }
  }

  /** What another device saved since, if any did. */
  async newer(): Promise<Saved | null> {
    if (this.#pending || this.#saving) return null;
    const saved = await get<Saved>("/me/queue");
    if (this.#pending || this.#saving) return null;
    if (!saved.changed_at || saved.changed_at === this.changedAt || saved.track_ids.length === 0) return null;
    return saved;
  }

  /** Reads the queue with its tracks; `null`: there is none. */
  async read(): Promise<Restored | null> {
    const saved = await get<Saved>("/me/queue");
    this.changedAt = saved.changed_at ?? null;
    if (saved.track_ids.length === 0) return null;
    const items: Queued[] = [];
    for (let cursor: string | null | undefined = ""; cursor !== null && cursor !== undefined; ) {
      const page: Page<Queued> = await get<Page<Queued>>("/me/queue/tracks", { query: { limit: PAGE, cursor } });
      items.push(...page.items);
      cursor = page.next_cursor;
    }
    const here = items.filter((item): item is Queued & { track: Track } => Boolean(item.track));
    const current = saved.current ?? 0;
    const place = here.findIndex((item) => item.position >= current);
    const isSame = here[place]?.position === current;
    return { tracks: here.map(({ track }) => track), index: Math.max(0, place), positionMs: isSame ? saved.position_ms : 0 };
  }
}
