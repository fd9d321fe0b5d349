// A service fails while somebody listens: the page names it, the music plays on, and what needs the service comes back by
// itself.
// Arguments: the browser, a new profile folder, the server's address, a name and a password. The server's search fails
// the first times that it is asked.

import assert from "node:assert/strict";

import { inBrowser } from "./browser.mjs";
import { signIn, step as named, watch } from "./watched.mjs";

await inBrowser(async (page, url, username, password) => {
  const complaints = await watch(page, (text, place) => /status of (401|503)/.test(text) || /\/waveform$/.test(place));
  await page.setViewportSize({ width: 1360, height: 850 });
  const step = (name, work) => named(name, complaints, work);
  const position = () => page.evaluate(() => Math.max(...[...document.querySelectorAll("audio")].map((deck) => (deck.paused ? -1 : deck.currentTime))));
  const goesOn = async () => {
    const before = await position();
    assert.ok(before >= 0, "the music plays");
    await page.waitForFunction((at) => [...document.querySelectorAll("audio")].some((deck) => !deck.paused && deck.currentTime > at + 0.3), before);
  };
  await signIn(page, url, username, password);

  await step("plays", async () => {
    await page.goto(`${url}/albums`);
    await page.locator("main a[data-card]", { hasText: "Third" }).click();
    await page.waitForSelector("main [data-row='0'] b");
    await page.locator("main").getByRole("button", { name: "Play", exact: true }).first().click();
    await page.waitForFunction(() => [...document.querySelectorAll("audio")].some((deck) => !deck.paused && deck.currentTime > 0.3));
  });
  await step("names the service that is away, and plays on", async () => {
    await page.keyboard.press("/");
    await page.waitForSelector("#search:focus");
    await page.keyboard.type("second");
    await page.getByText(/search service/).first().waitFor();
    await goesOn();
  });
  await step("goes on everywhere else", async () => {
    await page.keyboard.press("Escape");
    await page.getByRole("link", { name: "Artists", exact: true }).first().click();
    await page.waitForSelector("main a[data-card]");
    await goesOn();
  });
  await step("finds again as soon as it is back", async () => {
    await page.getByRole("link", { name: "Search", exact: true }).first().click();
    await page.locator("#search").fill("second");
    await page.getByRole("link", { name: "Second", exact: true }).first().waitFor();
    await goesOn();
  });
  console.log("all steps done");
});
