// Feeds and files are fetched behind the page: while that goes on, it asks every few seconds how far it is.
const EVERY_MS = 3_000;

/** Asks again while `fetching` holds and the page is seen. */
export function whileFetching(fetching: () => boolean, ask: () => unknown): void {
  const going = $derived(fetching());
  $effect(() => {
    if (!going) return;
    const timer = setInterval(() => {
      if (document.visibilityState === "visible") ask();
    }, EVERY_MS);
    return () => clearInterval(timer);
  });
}
