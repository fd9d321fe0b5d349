// The keys of a list of tracks.
import type { Selection } from "./selection.svelte";
import type { TrackDeeds } from "./track-deeds";

interface Where {
  chosen: Selection;
  deeds: TrackDeeds;
  focus: (row: number) => Promise<void>;
  total: number;
  /** Rows in sight at once. */
  page: number;
  active: number;
}

export function handleKey(event: KeyboardEvent, { chosen, deeds, focus, total, page, active }: Where): void {
  const target = event.target as HTMLElement;
  const onRow = target.matches("[data-row]");
  if (total === 0 || target.matches("input")) return;
  const command = event.ctrlKey || event.metaKey;
  const go = (row: number) => {
    const to = Math.max(0, Math.min(total - 1, row));
    chosen.move(to, event.shiftKey);
    void focus(to);
  };
  const step = (by: -1 | 1) => {
    if (!event.altKey) return go(active + by);
    deeds.step(active, by);
    void focus(chosen.active);
  };
  const keys: Record<string, () => unknown> = {
    ArrowDown: () => step(1),
    ArrowUp: () => step(-1),
    Home: () => go(0),
    End: () => go(total - 1),
    PageDown: () => go(active + page),
    PageUp: () => go(active - page),
    ContextMenu: () => deeds.menu(active, target),
  };
  if (event.shiftKey) keys.F10 = () => deeds.menu(active, target);
  if (command) keys.a = () => chosen.all(total);
  if (onRow) {
    keys.Enter = () => (event.shiftKey ? deeds.playNext(active) : command ? deeds.addToQueue(active) : deeds.play(active));
    keys.Delete = () => deeds.remove(active);
    if (chosen.rows.size > 0) keys.Escape = () => chosen.clear();
  }
  const act = keys[event.key];
  if (!act) return;
  event.preventDefault();
  event.stopPropagation();
  act();
}
