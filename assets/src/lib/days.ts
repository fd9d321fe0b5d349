// What was played, day by day.

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
