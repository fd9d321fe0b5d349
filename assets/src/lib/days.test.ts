// Days begin at the listener's own midnight.
import { describe, expect, it } from "vitest";
import { byDay, dayOf, daysAgo, endOfDay } from "./days";

const local = (day: number, hour: number, minute = 0) => new Date(2026, 2, day, hour, minute).toISOString();

describe("byDay", () => {
  it("parts plays at midnight", () => {
    const days = byDay([local(3, 0, 1), local(2, 23, 59), local(2, 8), local(1, 12)].map((started_at) => ({ started_at })));
    expect(days.map(({ plays }) => plays.length)).toEqual([1, 2, 1]);
    expect(byDay([])).toEqual([]);
  });
});

describe("daysAgo", () => {
  it("counts nights, not hours", () => {
    const now = new Date(2026, 2, 30, 0, 30).getTime();
    expect(daysAgo(new Date(2026, 2, 30).getTime(), now)).toBe(0);
    expect(daysAgo(new Date(2026, 2, 29).getTime(), now)).toBe(1);
    expect(daysAgo(new Date(2026, 2, 20).getTime(), now)).toBe(10);
  });
});

describe("the end of a day", () => {
  it("is on that day", () => {
    for (const day of ["2026-11-27", "2026-01-01", "2028-02-29"]) expect(dayOf(endOfDay(day))).toBe(day);
    expect(new Date(endOfDay("2026-11-27")).getHours()).toBe(23);
  });
});
