// Days, hours and weeks of what was listened to.
import { describe, expect, it } from "vitest";
import { beginningOf, columnsOf, weekOf } from "./statistics";

describe("beginningOf", () => {
  it("counts today as one of the days", () => {
    const now = new Date(2026, 10, 27, 18, 30);
    expect(beginningOf("week", now)).toEqual(new Date(2026, 10, 21));
    expect(beginningOf("month", now)).toEqual(new Date(2026, 9, 29));
    expect(beginningOf("year", now)).toEqual(new Date(2025, 10, 28));
  });
});

it("gives a plot minutes by day", () => {
  const [at, minutes] = columnsOf([{ day: "2026-11-26", plays: 2, listened_ms: 90_000 }, { day: "2026-11-27", plays: 0, listened_ms: 0 }]);
  expect(minutes).toEqual([2, 0]);
  expect((at[1] ?? 0) - (at[0] ?? 0)).toBe(86_400);
});

describe("weekOf", () => {
  it("has every hour, the busiest with heat 1", () => {
    const week = weekOf([{ weekday: 1, hour: 0, plays: 4, listened_ms: 400 }, { weekday: 7, hour: 23, plays: 1, listened_ms: 100 }]);
    expect(week).toHaveLength(7);
    expect(week.every((day) => day.length === 24)).toBe(true);
    expect(week[0]?.[0]).toEqual({ plays: 4, heat: 1 });
    expect(week[6]?.[23]).toEqual({ plays: 1, heat: 0.25 });
    expect(week[3]?.[12]).toEqual({ plays: 0, heat: 0 });
  });

  it("takes nothing as nothing", () => {
    expect(weekOf([]).flat().every((cell) => cell.heat === 0)).toBe(true);
  });
});
