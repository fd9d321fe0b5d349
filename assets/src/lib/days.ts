// Days of the listener's calendar: what was played day by day, and days as fields for dates have them (`2026-11-27`).

export interface Day<T> {
  /** Midnight of the day in the listener's own zone. */
  at: number;
  plays: T[];
}

/** Plays with the newest first, by the day of their start. */
export function byDay<T extends { started_at: string }>(plays: readonly T[]): Day<T>[] {
  const days: Day<T>[] = [];
  for (const play of plays) {
    const at = new Date(play.started_at).setHours(0, 0, 0, 0);
    const last = days.at(-1);
    if (last?.at === at) last.plays.push(play);
    else days.push({ at, plays: [play] });
  }
  return days;
}

/** How many days ago that was: 0 is today, 1 is yesterday, whatever the clock did in between. */
export const daysAgo = (at: number, now = Date.now()) => Math.round((new Date(now).setHours(0, 0, 0, 0) - at) / 86_400_000);

const two = (value: number) => String(value).padStart(2, "0");

/** The day of a moment, here. */
export function dayOf(at: number | string | Date): string {
  const day = new Date(at);
  return `${day.getFullYear()}-${two(day.getMonth() + 1)}-${two(day.getDate())}`;
}

/** The last second of a day, here. */
export function endOfDay(day: string): string {
  return new Date(`${day}T23:59:59`).toISOString();
}
