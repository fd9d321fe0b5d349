// @vitest-environment jsdom
// A page whose parts are gone is read anew, but not again and again.
import { expect, it, vi } from "vitest";
import { renewPage } from "./renewal";

it("is done once, and again only much later", () => {
  const reload = vi.fn();
  const now = 1_000_000;
  expect([renewPage(reload, now), renewPage(reload, now + 5_000)]).toEqual([true, false]);
  expect(reload).toHaveBeenCalledTimes(1);
  expect(renewPage(reload, now + 3_600_000)).toBe(true);
});
