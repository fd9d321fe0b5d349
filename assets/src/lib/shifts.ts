// Moving rows of a playlist: what one sees at once, and the steps that the server takes for it.
import { runs } from "./selection.svelte";

/** Moves `count` rows that begin at `from`, so that the first of them stands at `to` afterwards. */
export interface Shift {
  from: number;
  count: number;
  to: number;
}

export function shifted<T>(items: readonly T[], { from, count, to }: Shift): T[] {
  const rest = [...items.slice(0, from), ...items.slice(from + count)];
  rest.splice(to, 0, ...items.slice(from, from + count));
  return rest;
}

/** The steps that bring these rows (sorted), in their order, before row `to` (counted before anything moves). */
export function shiftsTo(rows: readonly number[], to: number): Shift[] {
  const shifts: Shift[] = [];
  // Those before go to the right, the last one first: what stands at `to` and behind it does not move by that.
  let end = to;
  for (const { from, count } of runs(rows.filter((row) => row < to)).reverse()) {
    end -= count;
    if (from !== end) shifts.push({ from, count, to: end });
  }
  let start = to;
  for (const { from, count } of runs(rows.filter((row) => row >= to))) {
    if (from !== start) shifts.push({ from, count, to: start });
    start += count;
  }
  return shifts;
}

/** The steps that take these back. */
export const undone = (shifts: readonly Shift[]): Shift[] => [...shifts].reverse().map(({ from, count, to }) => ({ from: to, count, to: from }));
