// What is shown of the server, so that all of it can be read anew when the library changed, or asked for again when the
// network is back.

export interface Shown {
  /** Reads anew what is shown, which stays until the answer is here. */
  refresh(): void;
  /** Asks at once for what could not be read, without its waiting time. */
  retry(): void;
}

/** A scan changes the library every few seconds. */
const EVERY_MS = 5_000;

const all = new Set<Shown>();
let isDue = false;
let last = -Infinity;
let timer: ReturnType<typeof setTimeout> | undefined;

/** @returns how to say that it is shown no more. */
export function showing(list: Shown): () => void {
  all.add(list);
  return () => all.delete(list);
}

/** Everything that is shown is out of date. A page that nobody sees waits until it is seen. */
export function refreshAll(): void {
  isDue = true;
  refreshWhenDue();
}

/** Reads anew what is out of date, at most every few seconds; to be called when the page is seen again. */
export function refreshWhenDue(): void {
  if (!isDue || timer !== undefined || document.hidden) return;
  const wait = last + EVERY_MS - Date.now();
  if (wait > 0) {
    timer = setTimeout(() => {
      timer = undefined;
      refreshWhenDue();
    }, wait);
    return;
  }
  isDue = false;
  last = Date.now();
  for (const each of [...all]) each.refresh();
}

/** The network is back: nobody waits for the next try. */
export function retryAll(): void {
  for (const each of [...all]) each.retry();
}
