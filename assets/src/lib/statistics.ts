// What one listened to, made ready for plots and tables.
import type { Statistics } from "@/api/types";

export type Period = "week" | "month" | "year";
const DAYS: Record<Period, number> = { week: 7, month: 30, year: 365 };

/** The first moment of a period that ends today, here. */
export function beginningOf(period: Period, now = new Date()): Date {
  return new Date(now.getFullYear(), now.getMonth(), now.getDate() - DAYS[period] + 1);
}

/** The beginning of each day in seconds, and its minutes: a column each, as a plot wants them. */
export function columnsOf(days: Statistics["days"]): [number[], number[]] {
  return [days.map(({ day }) => new Date(`${day}T00:00:00`).getTime() / 1000), days.map(({ listened_ms }) => Math.round(listened_ms / 60_000))];
}

export interface Cell {
  plays: number;
  /** 0: nothing, 1: as much as in the busiest hour. */
  heat: number;
}

/** Seven days of 24 hours, Monday first. */
export function weekOf(hours: Statistics["hours"]): Cell[][] {
  const most = Math.max(1, ...hours.map((hour) => hour.listened_ms));
  const week = Array.from({ length: 7 }, () => Array.from({ length: 24 }, (): Cell => ({ plays: 0, heat: 0 })));
  for (const { weekday, hour, plays, listened_ms } of hours) {
    const cell = week[weekday - 1]?.[hour];
    if (cell) Object.assign(cell, { plays, heat: listened_ms / most });
  }
  return week;
}
