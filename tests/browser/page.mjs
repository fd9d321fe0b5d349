// Drives the page as its first visitor: claim, albums with covers, play, next, keyboard, sign out.
// Arguments: the browser, a new profile folder, the server's address, the claim code, a password.

import assert from "node:assert/strict";
import { chromium } from "playwright-core";

const [executablePath, profile, url, claim, password] = process.argv.slice(2);
const args = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
  "--autoplay-policy=no-user-gesture-required",
];
const context = await chromium.launchPersistentContext(profile, { executablePath, headless: true, args });
context.setDefaultTimeout(20_000);

// What the browser complains about; a page in order has nothing here.
const complaints = [];
/** Answers that a step asks for on purpose; the browser logs them as errors all the same. */
const isExpected = (text, place) => /status of 401/.test(text) && /\/api\/v1\/(me|session)$/.test(place);

const page = context.pages()[0] ?? (await context.newPage());
page.on("pageerror", (error) => complaints.push(`page error: ${error.message}`));
page.on("console", (message) => {
  const place = message.location().url;
  if (["error", "warning"].includes(message.type()) && !isExpected(message.text(), place)) {
    complaints.push(`${message.type()}: ${message.text()} (${place})`);
  }
});
page.on("requestfailed", (request) => {
  // The player drops a stream that it needs no more.
  if (!request.url().endsWith("/stream")) complaints.push(`failed: ${request.url()}`);
});
await page.addInitScript(() => {
  // The page's audio elements are not in its document: keep them as they are made.
  window.decks = [];
  const Native = window.Audio;
  window.Audio = function Audio(...rest) {
    const deck = new Native(...rest);
    window.decks.push(deck);
    return deck;
  };
});

/** The deck that plays, as numbers. */
const playing = () =>
  page.evaluate(() => {
    const deck = window.decks.find((each) => !each.paused);
    return deck && { at: deck.currentTime, length: deck.duration, track: deck.dataset.track };
  });
const reaches = (seconds) =>
  page.waitForFunction((to) => window.decks.some((deck) => !deck.paused && deck.currentTime > to), seconds);
const step = async (name, work) => {
  await work().catch((error) => {
    throw new Error(`${name}: ${error.message}\n${complaints.join("\n")}`);
  });
  console.log(name);
};

try {
  await step("claims the server by its link", async () => {
    await page.goto(`${url}/#claim=${claim}`);
    assert.equal(await page.locator("input[name=code]").inputValue(), claim);
    await page.fill("input[name=username]", "Guido");
    await page.fill("input[name=password]", password);
    await page.keyboard.press("Enter");
    await page.waitForSelector("#top:not([hidden])");
  });
  await step("shows albums with their covers", async () => {
    await page.waitForSelector(".grid .card >> nth=1");
    assert.deepEqual(await page.locator(".grid .card b").allTextContents(), ["First", "Second"]);
    await page.waitForFunction(() => {
      const covers = [...document.querySelectorAll(".grid .card img")];
      return covers.length === 2 && covers.every((cover) => cover.complete && cover.naturalWidth > 100);
    });
  });
  await step("plays a WAV file", async () => {
    await page.click(".grid .card >> nth=0");
    await page.waitForSelector("ol.tracks li >> nth=1");
    await page.click("button.primary:has-text('Play')");
    await reaches(0.5);
    assert.equal(await page.textContent("#now-title"), "First 1");
    const { length } = await playing();
    assert.ok(Math.abs(length - (6000 * 128) / 44_100) < 0.1, `a length of ${length} s`);
  });
  await step("seeks", async () => {
    await page.keyboard.press("ArrowRight");
    await reaches(10.2);
  });
  await step("goes to the next track", async () => {
    const { track } = await playing();
    await page.click("#next");
    await page.waitForFunction(() => document.querySelector("#now-title").textContent === "First 2");
    await reaches(0.3);
    assert.notEqual((await playing()).track, track);
  });
  await step("plays a FLAC file", async () => {
    await page.click("nav a[href='#/albums']");
    await page.click(".grid .card >> nth=1");
    await page.waitForFunction(() => document.querySelector("h1")?.textContent === "Second");
    await page.click("ol.tracks li >> nth=0");
    await page.waitForFunction(() => document.querySelector("#now-title").textContent === "Second 1");
    await reaches(0.3);
  });
  await step("obeys the keyboard", async () => {
    await page.keyboard.press("Space");
    await page.waitForFunction(() => window.decks.every((deck) => deck.paused));
    await page.keyboard.press("Space");
    await page.waitForFunction(() => window.decks.some((deck) => !deck.paused));
    await page.keyboard.press("n");
    await page.waitForFunction(() => document.querySelector("#now-title").textContent === "Second 2");
    await page.keyboard.press("m");
    await page.waitForFunction(() => window.decks.every((deck) => deck.muted));
    await page.keyboard.press("?");
    await page.waitForSelector("#help[open]");
    await page.keyboard.press("Escape");
    await page.waitForSelector("#help:not([open])", { state: "attached" });
  });
  await step("stays signed in after a reload", async () => {
    await page.reload();
    await page.waitForSelector("ol.tracks li");
  });
  await step("signs out", async () => {
    await page.click("#menu summary");
    await page.click("#sign-out");
    await page.waitForSelector("form input[name=password]");
    assert.equal(await page.locator("#player").isHidden(), true);
    await page.reload();
    await page.waitForSelector("form input[name=password]");
  });
  await step("refuses a wrong password in words", async () => {
    await page.fill("input[name=username]", "Guido");
    await page.fill("input[name=password]", "not the password");
    await page.keyboard.press("Enter");
    await page.waitForFunction(() => document.querySelector("[role=alert]")?.textContent);
  });
  await step("signs in", async () => {
    await page.fill("input[name=username]", "Guido");
    await page.fill("input[name=password]", password);
    await page.keyboard.press("Enter");
    await page.waitForSelector(".grid .card >> nth=1");
  });
  assert.deepEqual(complaints, [], "the browser complains");
} finally {
  await context.close();
}
console.log("all steps done");
