// @vitest-environment jsdom
// Lists are read anew together: not too often, and not for a page that nobody sees.
import { afterEach, beforeEach, expect, it, vi } from "vitest";

const hide = (hidden: boolean) => Object.defineProperty(document, "hidden", { value: hidden, configurable: true });

beforeEach(() => {
  vi.useFakeTimers();
  vi.resetModules();
});
afterEach(() => {
  hide(false);
  vi.useRealTimers();
});

const begin = async () => {
  const shown = await import("./shown");
  const list = { refresh: vi.fn(), retry: vi.fn() };
  return { ...shown, list, leave: shown.showing(list) };
};

it("gathers what comes quickly", async () => {
  const { refreshAll, list, leave } = await begin();
  for (let n = 0; n < 4; n += 1) refreshAll();
  expect(list.refresh).toHaveBeenCalledTimes(1);
  vi.advanceTimersByTime(5_000);
  expect(list.refresh).toHaveBeenCalledTimes(2);
  vi.advanceTimersByTime(60_000);
  expect(list.refresh).toHaveBeenCalledTimes(2);
  leave();
  refreshAll();
  expect(list.refresh).toHaveBeenCalledTimes(2);
});

it("waits until the page is seen", async () => {
  const { refreshAll, refreshWhenDue, list } = await begin();
  hide(true);
  refreshAll();
  vi.advanceTimersByTime(60_000);
  expect(list.refresh).not.toHaveBeenCalled();
  hide(false);
  refreshWhenDue();
  refreshWhenDue();
  expect(list.refresh).toHaveBeenCalledTimes(1);
});
