// What the player does when its server, or the network, is away: it says so, plays on, shows what it knows, plays
// what was saved, and recovers by itself.
// Arguments: the browser, a new profile folder, the server's address, a name and a password.

import assert from "node:assert/strict";

import { inBrowser } from "./browser.mjs";
import { signIn, step as named, watch } from "./watched.mjs";

await inBrowser(async (page, url, username, password) => {
  const complaints = await watch(page, (text) => /ERR_INTERNET_DISCONNECTED|ERR_FAILED|status of 401|Failed to load resource/.test(text));
  await page.setViewportSize({ width: 1360, height: 850 });
  const step = (name, work) => named(name, complaints, work);
  const reaches = (seconds) => page.waitForFunction((to) => [...document.querySelectorAll("audio")].some((deck) => !deck.paused && deck.currentTime > to), seconds);
  await signIn(page, url, username, password);

  await step("is kept on the device by its service worker", async () => {
    await page.goto(`${url}/albums`);
    await page.evaluate(() => navigator.serviceWorker.ready);
    // What the page shows from now on passes through it.
    await page.reload();
    await page.waitForSelector("main a[data-card]");
    await page.waitForFunction(async () => (await caches.keys()).includes("hexachord-parts") && (await (await caches.open("hexachord-parts")).keys()).length > 20);
  });
  await step("does not send through it what needs no worker", async () => {
    const sources = await page.evaluate(async () => {
      const put = { method: "PUT", headers: { "content-type": "application/json" }, body: '{"track_ids":[]}' };
      for (const [path, options] of [["/search?q=a"], ["/me/queue", put]]) await (await fetch(`/api/v1${path}`, options)).text();
      const entries = performance.getEntriesByType("resource");
      return [/\/search\?q=a$/, /\/me\/queue$/].map((name) => entries.findLast((each) => name.test(each.name)).workerMatchedSourceType);
    });
    assert.deepEqual(sources, ["network", "network"]);
  });
  await step("saves an album on the device", async () => {
    await page.locator("main a[data-card]").first().click();
    await page.waitForSelector("main [data-row='0'] b");
    await page.locator("main").getByRole("button", { name: /^More|menu/i }).first().click();
    await page.getByRole("menuitem", { name: "Save on this device" }).click();
    await page.getByText(/tracks saved on this device/).first().waitFor();
    await page.goto(`${url}/me/offline`);
    await page.waitForSelector("main [data-row='1'] b");
  });
  await step("says that the server is away", async () => {
    // What the browser keeps by itself does not count: pictures of saved tracks are saved with them.
    const browser = await page.context().newCDPSession(page);
    await browser.send("Network.clearBrowserCache");
    await page.context().setOffline(true);
    await page.reload();
    await page.waitForSelector("main h1");
    await page.getByText("The server does not answer", { exact: false }).first().waitFor();
  });
  await step("plays what was saved without it", async () => {
    await page.waitForSelector("main [data-row='0'] b");
    await page.waitForFunction(() => document.querySelector("main [data-row='0'] .cover img")?.naturalWidth > 0);
    await page.locator("main [data-row='0']").dblclick();
    await reaches(0.5);
  });
  await step("shows what it showed before", async () => {
    await page.goto(`${url}/albums`);
    await page.waitForSelector("main a[data-card]");
  });
  await step("recovers by itself", async () => {
    await page.context().setOffline(false);
    await page.getByText("The server does not answer", { exact: false }).first().waitFor({ state: "hidden" });
  });
  await step("forgets what was saved when somebody else signs in", async () => {
    await page.goto(`${url}/me`);
    await page.getByRole("button", { name: "Sign out", exact: true }).first().click();
    await page.waitForURL("**/login*");
    await page.waitForFunction(async () => !(await caches.keys()).includes("hexachord-tracks"));
  });
  console.log("all steps done");
});
