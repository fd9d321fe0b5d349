// The first letter is answered as fast as those after it: what draws results is compiled before, when nothing else is to
// be done, by drawing once what the listener looked for last. It is never shown.
import { flushSync, mount, unmount } from "svelte";
import { get } from "@/api/client";
import Facets from "./Facets.svelte";
import { recent } from "./recent.svelte";
import Results from "./Results.svelte";
import { SHOWN, type Results as Found } from "./search.svelte";

let isDone = false;

/** Asks once for each time the page is loaded; without an answer the first letter is just slower. */
export async function warm(signal: AbortSignal): Promise<void> {
  if (isDone || signal.aborted) return;
  const q = recent.texts[0] ?? "a";
  const results = await get<Found>("/search", { query: { q, limit: SHOWN, facets: true }, signal }).catch(() => null);
  if (!results || signal.aborted) return;
  const target = document.createElement("div");
  const drawn = [
    mount(Facets, { target, props: { query: q, facets: results.facets, libraries: new Map(), onchange: () => {} } }),
    mount(Results, { target, props: { results, text: q, onopen: () => {}, onall: () => {} } }),
  ];
  isDone = true;
  try {
    flushSync();
  } finally {
    await Promise.all(drawn.map((each) => unmount(each)));
  }
}
