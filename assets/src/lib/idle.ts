// Work that can wait until the page has nothing better to do.

/** Not later than this. */
const MOST_MS = 2_000;

/** Resolves when the browser is idle; browsers that cannot tell wait for a moment. */
export function whenIdle(): Promise<void> {
  return new Promise((resolve) => {
    if (typeof requestIdleCallback === "function") requestIdleCallback(() => resolve(), { timeout: MOST_MS });
    else setTimeout(resolve, MOST_MS / 10);
  });
}
