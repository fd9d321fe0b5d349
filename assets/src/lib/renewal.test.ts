// @vitest-environment jsdom
// A page whose parts are gone is read anew, but not again and again, and not without a server.
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { renewPage } from "./renewal";

const NOW = 1_000_000;

beforeEach(() => sessionStorage.clear());
afterEach(() => vi.unstubAllGlobals());

it("is done once, and again only much later", async () => {
  vi.stubGlobal("fetch", async () => new Response());
  const reload = vi.fn();
  expect([await renewPage(reload, NOW), await renewPage(reload, NOW + 5_000)]).toEqual([true, false]);
  expect(reload).toHaveBeenCalledTimes(1);
  expect(await renewPage(reload, NOW + 3_600_000)).toBe(true);
});

it("is left alone while nothing answers, and done when something does", async () => {
  const reload = vi.fn();
  vi.stubGlobal("fetch", () => Promise.reject(new TypeError("away")));
  expect(await renewPage(reload, NOW)).toBe(false);
  vi.stubGlobal("fetch", async () => new Response());
  expect(await renewPage(reload, NOW + 1)).toBe(true);
});
