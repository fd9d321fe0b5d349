// How soon the page is there: on this machine as it is, and as a slow phone on a slow network sees it, at a first visit and
// at the next one. Prints milliseconds from the start of the navigation as JSON.
// Arguments: the browser, a new profile folder, the server's address, a name and a password.

import { inBrowser } from "./browser.mjs";
import { signIn, watch } from "./watched.mjs";

const NONE = { cpu: 1, latency: 0, kbit: 0 };
/** A phone of a fourth of this machine's speed, on "fast 3G" as browsers' tools throttle it: 1.6 Mbit/s, 150 ms. */
const SLOW = { cpu: 4, latency: 150, kbit: 1600 };
const VISITS = 5;

/** Notes when home's heading and its shelves are there, and when the page could answer a press after the heading. */
function note() {
  const noted = (globalThis.noted = {});
  const at = (name) => (noted[name] ??= Math.round(performance.now()));
  const look = () => {
    if (document.querySelector("nav") && document.querySelector("main h1") && !noted.heading) {
      at("heading");
      // A task of its own waits for all that is being done now.
      const { port1, port2 } = new MessageChannel();
      port1.onmessage = () => at("interactive");
      port2.postMessage(null);
    }
    if (document.querySelector("main .shelves.ready")) at("shelves");
  };
  new MutationObserver(look).observe(document, { childList: true, subtree: true, attributes: true });
}

/** One visit to home, with the browser's caches empty or as the visit before left them. */
async function visit(page, cdp, url, { cpu, latency, kbit }, isFirst) {
  await page.goto("about:blank");
  if (isFirst) {
    await cdp.send("Network.clearBrowserCache");
    await cdp.send("Storage.clearDataForOrigin", { origin: url, storageTypes: "cache_storage,service_workers" });
  }
  const throughput = kbit ? (kbit * 1000) / 8 : -1;
  await cdp.send("Network.emulateNetworkConditions", { offline: false, latency, downloadThroughput: throughput, uploadThroughput: throughput });
  await cdp.send("Emulation.setCPUThrottlingRate", { rate: cpu });
  await page.goto(url);
  await page.waitForFunction(() => globalThis.noted.shelves && globalThis.noted.interactive);
  const noted = await page.evaluate(() => globalThis.noted);
  await page.waitForLoadState("networkidle");
  await cdp.send("Emulation.setCPUThrottlingRate", { rate: 1 });
  return noted;
}

const median = (values) => values.sort((a, b) => a - b)[values.length >> 1];

await inBrowser(async (page, url, username, password) => {
  await watch(page);
  await signIn(page, url, username, password);
  await page.addInitScript(note);
  const cdp = await page.context().newCDPSession(page);
  await cdp.send("Network.enable");
  const measured = {};
  for (const [name, profile] of [["as it is", NONE], ["slow", SLOW]]) {
    for (const isFirst of [true, false]) {
      const visits = [];
      for (let turn = 0; turn < VISITS; turn += 1) visits.push(await visit(page, cdp, url, profile, isFirst));
      const of = (key) => median(visits.map((each) => each[key]));
      measured[`${name}, ${isFirst ? "first visit" : "again"}`] = { heading: of("heading"), interactive: of("interactive"), shelves: of("shelves") };
    }
  }
  console.log(JSON.stringify(measured, null, 2));
});
