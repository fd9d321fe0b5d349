// Types words into the search, each on a page of its own, and prints as JSON how long a letter takes to its results in the
// document and to the frame after them: milliseconds, for several pauses between a letter's results and the next letter.
// Pictures and the address follow in such pauses, so that a letter meets them at different moments.
// Arguments: the browser, a new profile folder, the server's address, a name and a password, and the words.

import { inBrowser } from "./browser.mjs";
import { signIn, watch } from "./watched.mjs";

const PAUSES = [100, 200, 300, 400, 500];

/** Notes for each letter when its results were there. */
function note() {
  // Each picture is an entry too.
  performance.setResourceTimingBufferSize(10_000);
  const noted = (globalThis.noted = []);
  const main = document.querySelector("main");
  const asked = (text) =>
    performance.getEntriesByType("resource").some((each) => each.name.includes("/search?") && new URL(each.name).searchParams.get("q") === text && each.responseEnd > 0);
  const press = ({ timeStamp: pressed, target }) => {
    const text = target.value;
    const observer = new MutationObserver(() => {
      if (!asked(text)) return;
      observer.disconnect();
      const results = performance.now() - pressed;
      requestAnimationFrame(() => {
        // A task of its own comes after the frame.
        const { port1, port2 } = new MessageChannel();
        port1.onmessage = () => noted.push({ results, frame: performance.now() - pressed });
        port2.postMessage(null);
      });
    });
    observer.observe(main, { childList: true, subtree: true, characterData: true });
  };
  document.querySelector("#search").addEventListener("input", press, { capture: true });
}

function summary(values) {
  values.sort((a, b) => a - b);
  const at = (part) => Math.round(values[Math.min(values.length - 1, Math.floor(part * values.length))]);
  return { count: values.length, p50: at(0.5), p95: at(0.95), worst: at(1) };
}

await inBrowser(async (page, url, username, password, ...words) => {
  const complaints = await watch(page, (text) => /status of 401/.test(text));
  await page.setViewportSize({ width: 1360, height: 850 });
  await signIn(page, url, username, password);
  const measured = {};
  for (const pause of PAUSES) {
    const noted = [];
    for (const word of words) {
      await page.goto(`${url}/search`);
      await page.waitForSelector("#search:focus");
      // Nobody types before the page has come to rest: it has drawn a first answer out of sight by then.
      await page.waitForFunction(() => performance.getEntriesByType("resource").some((each) => each.name.includes("/search?") && each.responseEnd > 0));
      await page.waitForLoadState("networkidle");
      await page.evaluate(note);
      for (const [place, letter] of [...word].entries()) {
        await page.keyboard.press(letter);
        await page.waitForFunction((count) => globalThis.noted.length === count, place + 1);
        await page.waitForTimeout(pause);
      }
      noted.push(...(await page.evaluate(() => globalThis.noted)).map((times, place) => ({ ...times, isFirst: place === 0 })));
    }
    const of = (isFirst, key) => summary(noted.filter((each) => each.isFirst === isFirst).map((each) => each[key]));
    measured[pause] = { first: of(true, "results"), later: of(false, "results"), frame: summary(noted.map((each) => each.frame)) };
  }
  if (complaints.length > 0) throw new Error(complaints.join("\n"));
  console.log(JSON.stringify(measured));
});
