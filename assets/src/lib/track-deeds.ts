// What a list of tracks does with its rows: play, queue, move, remove, the menu. For the chosen rows or one of them.
import type { Track } from "@/api/types";
import { t } from "@/i18n/index.svelte";
import type { Action, Place } from "@/parts/Menu.svelte";
import { player } from "@/stores/player.svelte";
import { ui } from "@/stores/ui.svelte";
import { moveActions, removeAction, trackActions, type Tracks } from "./actions";
import { attempt } from "./deeds";
import { showMenu } from "./popup";
import type { Rows } from "./rows.svelte";
import { runs, type Selection } from "./selection.svelte";

interface List {
  rows: () => Rows<Track>;
  source: () => string;
  play: (row: number) => void;
  remove: () => ((rows: readonly number[]) => void) | undefined;
  move: () => ((rows: readonly number[], to: number) => void) | undefined;
}

/** Where rows stand after they moved before row `to`: the first of them. */
export function landing(rows: readonly number[], to: number): number {
  return to - rows.filter((row) => row < to).length;
}

export class TrackDeeds {
  constructor(
    readonly chosen: Selection,
    readonly list: List,
  ) {}

  /** The tracks that an act on a row is meant for. */
  of(row: number): Tracks {
    const rows = this.chosen.meant(row);
    const list = this.list.rows();
    const known = rows.map((each) => list.at(each)).filter((track) => track !== undefined);
    const all = async () => {
      if (known.length === rows.length) return known;
      const found: Track[] = [];
      for (const { from, count } of runs(rows)) found.push(...(await list.take(from, count)));
      return found;
    };
    return { known, count: rows.length, all, source: this.list.source() };
  }

  play(row: number): void {
    const track = this.list.rows().at(row);
    if (track?.missing_since) ui.say(t("music.missing"), { kind: "wrong" });
    else if (track) this.list.play(row);
  }

  playNext(row: number): Promise<void> {
    const { all, source } = this.of(row);
    return attempt(async () => player.playNext(await all(), source));
  }

  addToQueue(row: number): Promise<void> {
    const { all, source } = this.of(row);
    return attempt(async () => player.addToQueue(await all(), source));
  }

  remove(row: number): void {
    const remove = this.list.remove();
    if (!remove) return;
    const rows = this.chosen.meant(row);
    this.chosen.clear();
    remove(rows);
  }

  /** Before row `to`, counted before the move; what moved stays chosen. */
  moveTo(rows: readonly number[], to: number): void {
    const move = this.list.move();
    const first = landing(rows, to);
    if (!move || rows.every((row, place) => row === first + place)) return;
    const offset = rows.indexOf(this.chosen.active);
    move(rows, to);
    this.chosen.only(first);
    if (rows.length > 1) this.chosen.reach(first + rows.length - 1);
    this.chosen.active = first + Math.max(0, offset);
  }

  /** One step up (−1) or down (1). */
  step(row: number, by: -1 | 1): void {
    const rows = this.chosen.meant(row);
    const to = by < 0 ? (rows[0] ?? 0) - 1 : (rows.at(-1) ?? 0) + 2;
    if (to >= 0 && to <= this.list.rows().total) this.moveTo(rows, to);
  }

  menu(row: number, at: Place): void {
    if (!this.list.rows().at(row)) return;
    if (!this.chosen.has(row)) {
      this.chosen.clear();
      this.chosen.active = row;
    }
    const tracks = this.of(row);
    const label = tracks.count > 1 ? t("count.tracks", { n: tracks.count }) : (tracks.known[0]?.title ?? "");
    showMenu(at, label, () => this.#actions(row, tracks));
  }

  #actions(row: number, tracks: Tracks): Action[] {
    const choose = { label: t("music.select"), separated: true, run: () => this.chosen.toggle(row) };
    const actions = [...trackActions(tracks, { play: () => this.play(row) }), ...(this.chosen.has(row) ? [] : [choose])];
    if (this.list.move()) actions.push(...moveActions((by) => this.step(row, by), row > 0, row < this.list.rows().total - 1));
    if (this.list.remove()) actions.push(removeAction(() => this.remove(row)));
    return actions;
  }
}
