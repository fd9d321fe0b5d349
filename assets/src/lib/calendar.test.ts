// A day stays the same day, wherever one is.
import { expect, it } from "vitest";
import { dayOf, endOfDay } from "./calendar";

it("ends a day on that day", () => {
  for (const day of ["2026-11-27", "2026-01-01", "2028-02-29"]) expect(dayOf(endOfDay(day))).toBe(day);
  expect(new Date(endOfDay("2026-11-27")).getHours()).toBe(23);
});
