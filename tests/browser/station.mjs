// Radio in the player: a station plays on while one looks around, gives way to music and comes back, and what is no station
// says so.
// Arguments: the browser, a new profile folder, the server's address, a name and a password. The server knows a station
// “Waves”, which sends, and “Page”, which leads to no sound.

import assert from "node:assert/strict";

import { inBrowser } from "./browser.mjs";
import { signIn, step as named, watch } from "./watched.mjs";

await inBrowser(async (page, url, username, password) => {
  const complaints = await watch(page, (text, place) => /status of (401|502)/.test(text) || /\/waveform$/.test(place));
  // The station's element is in no document: whatever is played last is looked at.
  await page.addInitScript(() => {
    const { play } = HTMLMediaElement.prototype;
    HTMLMediaElement.prototype.play = function () {
      window.played = this;
      return play.call(this);
    };
  });
  await page.setViewportSize({ width: 1360, height: 850 });
  const step = (name, work) => named(name, complaints, work);
  const button = (name) => page.locator("main").getByRole("button", { name, exact: true });
  const headed = (text) => page.waitForFunction((wanted) => document.querySelector("main h1")?.textContent.trim() === wanted, text);
  const bar = page.getByRole("region", { name: "Player" });
  /** The station is heard, and goes on. */
  const goesOn = async () => {
    await page.waitForFunction(() => window.played?.src.includes("/radio-stations/") && !window.played.paused && window.played.currentTime > 0.5);
    const before = await page.evaluate(() => window.played.currentTime);
    await page.waitForFunction((at) => window.played.currentTime > at + 0.5, before);
  };
  await signIn(page, url, username, password);

  await step("plays a station", async () => {
    await page.goto(`${url}/stations`);
    await button("Play Waves").click();
    await goesOn();
    await page.locator("main").getByText("On air", { exact: true }).waitFor();
    await bar.getByRole("link", { name: "Waves", exact: true }).waitFor();
    assert.equal(await page.evaluate(() => navigator.mediaSession.metadata?.title), "Waves");
  });
  await step("plays on at home, and pauses there by its card and by a key", async () => {
    await page.keyboard.press("g");
    await page.keyboard.press("h");
    await headed("Home");
    await goesOn();
    await button("Pause Waves").click();
    await button("Play Waves").waitFor();
    assert.ok(await page.evaluate(() => !window.played.hasAttribute("src")), "nothing is asked for any more");
    await page.keyboard.press("k");
    await goesOn();
  });
  await step("gives way to music", async () => {
    await page.keyboard.press("g");
    await page.keyboard.press("a");
    await headed("Albums");
    await page.locator("main a[data-card]", { hasText: "First" }).click();
    await page.waitForSelector("main [data-row='0'] b");
    await button("Play").first().click();
    await page.waitForFunction(() => [...document.querySelectorAll("audio")].some((deck) => !deck.paused && deck.currentTime > 0.3));
    await bar.getByRole("link", { name: "First 1", exact: true }).waitFor();
    assert.ok(await page.evaluate(() => window.played.id.startsWith("deck")), "the station is not heard any more");
  });
  await step("pauses the music", async () => {
    await page.keyboard.press("g");
    await page.keyboard.press("h");
    await button("Play Waves").click();
    await goesOn();
    assert.ok(await page.evaluate(() => [...document.querySelectorAll("audio")].every((deck) => deck.paused)));
  });
  await step("says why one is not heard", async () => {
    await bar.getByRole("link", { name: "Waves", exact: true }).click();
    await headed("Radio stations");
    await button("Play Page").click();
    await page.locator("main").getByText(/leads to no sound: .* sends `text\/html`/).waitFor();
    await button("Play Page").waitFor();
    await bar.getByRole("button", { name: "Close", exact: true }).click();
    await bar.getByRole("link", { name: "First 1", exact: true }).waitFor();
  });
  console.log("all steps done");
});
