// The tracks of a playlist: all of them, in order. Changes are seen at once, told to the server one after the other, and
// taken back when it refuses; when somebody else changed the list meanwhile, it is read anew.
import { patch, post, Problem, remove as del, waitBefore } from "@/api/client";
import { readPages } from "@/api/pages";
import type { Playlist, PlaylistDetail, Track } from "@/api/types";
import { t } from "@/i18n/index.svelte";
import { forget } from "@/stores/query.svelte";
import { showing, type Shown } from "@/stores/shown";
import { type Notice, ui } from "@/stores/ui.svelte";
import type { Rows } from "./rows.svelte";
import { runs } from "./selection.svelte";
import { shifted, shiftsTo, undone, type Shift } from "./shifts";

interface Entry {
  id: string;
  track: Track | null;
}

const PAGE = 500;

export class PlaylistRows implements Rows<Track>, Shown {
  list = $state.raw<Playlist | null>(null);
  entries = $state.raw<readonly Entry[]>([]);
  loading = $state(true);
  error = $state.raw<Problem | null>(null);
  #abort = new AbortController();
  #writes: Promise<void> = Promise.resolve();
  /** Changes that were begun: what was read before one of them is out of date. */
  #changes = 0;
  #attempt = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #leave: () => void;
  #path: string;
  /** What was offered last to take back. It names places, so the next change makes it void. */
  #offered: Notice["action"];

  constructor(id: string) {
    this.#path = `/playlists/${encodeURIComponent(id)}`;
    this.#leave = showing(this);
    void this.load();
  }

  get total(): number {
    return this.entries.length;
  }

  at(row: number): Track | undefined {
    const entry = this.entries[row];
    return entry && (entry.track ?? gone(entry.id));
  }

  want(): void {}

  async take(from: number, most: number): Promise<Track[]> {
    return this.entries.slice(from, from + most).flatMap(({ track }) => track ?? []);
  }

  /** Not before the server knows what was changed here. */
  refresh(): void {
    void this.#writes.then(() => this.load());
  }

  retry(): void {
    if (this.error?.passes && !this.loading) void this.load();
  }

  close(): void {
    this.#leave();
    clearTimeout(this.#timer);
    this.#abort.abort();
  }

  /** Reads all of it; what is shown stays until then. */
  async load(): Promise<void> {
    clearTimeout(this.#timer);
    if (this.#abort.signal.aborted) return;
    this.loading = true;
    const changes = this.#changes;
    try {
      const pageOf = ({ tracks }: PlaylistDetail) => tracks;
      const { first, items } = await readPages<PlaylistDetail["tracks"]["items"][number], PlaylistDetail>(this.#path, { limit: PAGE }, { pageOf, signal: this.#abort.signal });
      if (changes !== this.#changes) return this.refresh();
      const { tracks: _, ...list } = first;
      this.list = list;
      this.entries = items.map(({ track_id, track }) => ({ id: track_id, track: track ?? null }));
      this.error = null;
      this.#attempt = 0;
    } catch (error) {
      if (this.#abort.signal.aborted) return;
      this.error = error instanceof Problem ? error : new Problem(-1, String(error));
      if (this.error.passes) this.#timer = setTimeout(() => void this.load(), waitBefore(this.#attempt++, this.error.retryAfter));
    } finally {
      this.loading = false;
    }
  }

  move(rows: readonly number[], to: number): Promise<boolean> {
    return this.#shift(shiftsTo(rows, to), t("music.moved", { n: rows.length }));
  }

  async #shift(shifts: readonly Shift[], said: string | null): Promise<boolean> {
    this.entries = shifts.reduce<Entry[]>(shifted, [...this.entries]);
    return this.#write(
      async () => {
        for (const shift of shifts) this.#took(await patch<Playlist>(`${this.#path}/tracks`, { ...shift, revision: this.list?.revision }));
      },
      said,
      () => this.#shift(undone(shifts), null),
    );
  }

  /** `rows` sorted. */
  async remove(rows: readonly number[]): Promise<boolean> {
    const away = new Set(rows);
    const taken = runs(rows).map(({ from, count }) => ({ from, entries: this.entries.slice(from, from + count) }));
    this.entries = this.entries.filter((_, row) => !away.has(row));
    return this.#write(
      async () => this.#took(await del<Playlist>(`${this.#path}/tracks`, { body: { positions: rows, revision: this.list?.revision } })),
      t("music.removed", { n: rows.length }),
      () => this.#putBack(taken),
    );
  }

  async #putBack(taken: readonly { from: number; entries: readonly Entry[] }[]): Promise<boolean> {
    for (const { from, entries } of taken) this.entries = [...this.entries.slice(0, from), ...entries, ...this.entries.slice(from)];
    return this.#write(async () => {
      for (const { from, entries } of taken) {
        const body = { track_ids: entries.map(({ id }) => id), position: from, revision: this.list?.revision };
        this.#took(await post<Playlist>(`${this.#path}/tracks`, body));
      }
    });
  }

  /** At the end. */
  async add(tracks: readonly Track[]): Promise<boolean> {
    const before = this.entries.length;
    this.entries = [...this.entries, ...tracks.map((track) => ({ id: track.id, track }))];
    return this.#write(
      async () => this.#took(await post<Playlist>(`${this.#path}/tracks`, { track_ids: tracks.map(({ id }) => id) })),
      t("music.playlist.added", { n: tracks.length, name: this.list?.name ?? "" }),
      () => this.remove(tracks.map((_, place) => before + place)),
    );
  }

  async change(what: { name?: string; description?: string; public?: boolean }): Promise<boolean> {
    const before = this.list;
    if (before) this.list = { ...before, ...what };
    return this.#write(async () => this.#took(await patch<Playlist>(this.#path, what)));
  }

  #took(list: Playlist): void {
    this.list = list;
  }

  /** One write after the other; says what was done, and how to take it back. */
  #write(call: () => Promise<void>, said: string | null = null, undo: (() => Promise<unknown>) | null = null): Promise<boolean> {
    const late = ui.notices.find(({ action }) => action && action === this.#offered);
    if (late) ui.dismiss(late.id);
    const offered = undo ? { label: t("undo"), run: async () => void (await undo()) } : undefined;
    this.#offered = offered;
    this.#changes += 1;
    const done = this.#writes.then(call).then(
      () => {
        forget("/playlists");
        // Who has gone on meanwhile is told of the latest change alone.
        if (said && this.#offered === offered) ui.say(said, { action: offered });
        return true;
      },
      async (error: unknown) => {
        if (error instanceof Problem && error.status === 409) ui.say(t("music.playlist.conflict"), { kind: "wrong" });
        else ui.sayProblem(error);
        await this.load();
        return false;
      },
    );
    this.#writes = done.then(() => {});
    return done;
  }
}

/** What stands for a track that is not in the library any more, or that one may not hear. */
const gone = (id: string) => ({ id, title: t("music.gone"), artists: [], display_artist: "", album: { id: "", title: "" }, duration_ms: 0, missing_since: "1970-01-01T00:00:00Z" }) as unknown as Track;
