// A first evening with the player: claim, first look, albums, playing, keyboard, search, queue, playlist, favourite,
// radio, signing out.
// Arguments: the browser, a new profile folder, the server's address, the claim code, a password.

import assert from "node:assert/strict";

import { inBrowser } from "./browser.mjs";
import { step as named, get, until, watch } from "./watched.mjs";

await inBrowser(async (page, url, claim, password) => {
  // Answers that a step asks for on purpose; the browser logs them as errors all the same.
  // What is asked for while somebody signs out may come too late. A waveform is there once the track was listened to, which may be later.
  const isExpected = (text, place) => (/status of 401/.test(text) && /\/api\/v1\/(me|session|me\/annotations\?.*)$/.test(place)) || /\/waveform$/.test(place);
  const complaints = await watch(page, isExpected);
  await page.setViewportSize({ width: 1360, height: 850 });
  const step = (name, work) => named(name, complaints, work);
  const headed = (text) => page.waitForFunction((wanted) => document.querySelector("main h1")?.textContent.trim() === wanted, text);
  const button = (name) => page.getByRole("button", { name, exact: true });
  const bar = page.getByRole("region", { name: "Player" });
  const playing = (title) => page.waitForFunction((wanted) => document.querySelector("section[aria-label=Player] .what, section[aria-label=Player]")?.textContent.includes(wanted), title);
  /** The elements that sound, wherever they are. */
  const reaches = (seconds) => page.waitForFunction((to) => [...document.querySelectorAll("audio")].some((deck) => !deck.paused && deck.currentTime > to), seconds);

  await step("claims the server by its link", async () => {
    await page.goto(`${url}/#claim=${claim}`);
    await page.waitForURL("**/setup*");
    assert.equal(await page.locator("input[name=code]").inputValue(), claim);
    await page.fill("input[name=username]", "Guido");
    await page.fill("input[name=password]", password);
    await page.keyboard.press("Enter");
    await headed("Where is your music?");
    assert.ok(!page.url().includes(claim), "the code is not kept in the address");
  });
  await step("shows the first look through the music", async () => {
    await button("Continue").click();
    await page.waitForFunction(() => document.querySelector("main h1")?.textContent.trim() === "Everything is ready");
    await page.getByRole("link", { name: "Start listening" }).click();
    await page.waitForURL(`${url}/`);
  });
  await step("shows albums with their covers", async () => {
    await page.getByRole("link", { name: "Albums", exact: true }).first().click();
    await headed("Albums");
    await page.waitForSelector("main a[data-card] >> nth=2");
    assert.deepEqual(await page.locator("main a[data-card]").allTextContents(), ["First", "Second", "Third"]);
    await page.waitForFunction(() => {
      const covers = [...document.querySelectorAll("main .card img")];
      return covers.length === 3 && covers.every((cover) => cover.complete && cover.naturalWidth > 100);
    });
  });
  await step("plays a WAV file", async () => {
    await page.locator("main a[data-card]", { hasText: "First" }).click();
    await headed("First");
    await page.locator("main").getByRole("button", { name: "Play", exact: true }).first().click();
    await playing("First 1");
    await reaches(0.5);
  });
  await step("seeks by the keyboard", async () => {
    await page.locator("main h1").click();
    await page.keyboard.press("ArrowRight");
    await page.waitForFunction(() => /^0:1\d of 0:17/.test(document.querySelector("[role=slider][aria-label=Position], input[aria-label=Position]")?.getAttribute("aria-valuetext") ?? ""));
  });
  await step("joins the next track by itself", async () => {
    await page.keyboard.press("ArrowRight");
    await playing("First 2");
  });
  await step("pauses and goes on with the space bar", async () => {
    await page.keyboard.press("Space");
    await page.waitForFunction(() => [...document.querySelectorAll("audio")].every((deck) => deck.paused));
    await page.keyboard.press("Space");
    await page.waitForFunction(() => [...document.querySelectorAll("audio")].some((deck) => !deck.paused));
  });
  await step("plays what a cue sheet cuts, and on into the next", async () => {
    await page.getByRole("link", { name: "Albums", exact: true }).first().click();
    await page.locator("main a[data-card]", { hasText: "Third" }).click();
    await headed("Third");
    await page.locator("main").getByRole("button", { name: "Play", exact: true }).first().click();
    await playing("Third 1");
    await playing("Third 2");
    await reaches(0.3);
  });
  await step("finds as one types", async () => {
    await page.keyboard.press("/");
    await page.waitForSelector("#search:focus");
    await page.keyboard.type("secon");
    await page.getByRole("link", { name: "Second", exact: true }).first().waitFor();
    await page.waitForURL(/\/search\?q=secon$/);
  });
  await step("loves what plays, and it is there after a reload", async () => {
    await bar.getByRole("button", { name: /^Favourite/ }).click();
    const { items } = await until(page, "/me/favourites?kind=track", (answer) => answer.items.length === 1);
    await page.goto(`${url}/favourites`);
    await headed("Favourites");
    await page.getByRole("row", { name: new RegExp(items[0].track.title) }).first().waitFor();
  });
  await step("comes back with the queue, paused", async () => {
    await playing("Third");
    assert.ok(await page.evaluate(() => [...document.querySelectorAll("audio")].every((deck) => deck.paused)));
    const queue = await get(page, "/me/queue");
    assert.equal(queue.track_ids.length, 3);
  });
  await step("makes a playlist of the queue", async () => {
    await page.goto(`${url}/queue`);
    await headed("Queue");
    await button("Save as playlist").first().click();
    await page.getByRole("dialog").getByRole("textbox").fill("An evening");
    await page.keyboard.press("Enter");
    const { items } = await until(page, "/playlists", (answer) => answer.items.some((playlist) => playlist.name === "An evening"));
    await page.goto(`${url}/playlists/${items[0].id}`);
    await headed("An evening");
    await page.getByRole("row", { name: /Third 3/ }).first().waitFor();
  });
  await step("starts a radio from a track", async () => {
    const track = (await get(page, "/tracks?limit=1")).items[0];
    await page.goto(`${url}/tracks`);
    await page.getByRole("row", { name: new RegExp(track.title) }).first().click({ button: "right" });
    await page.getByRole("menuitem", { name: "Start radio" }).click();
    await playing(track.title);
    await reaches(0.2);
  });
  await step("keeps what was played just before the page is left", async () => {
    const track = (await get(page, "/tracks?limit=2")).items[1];
    await page.getByRole("row", { name: new RegExp(track.title) }).first().dblclick();
    await playing(track.title);
    await page.goto(`${url}/queue`);
    await until(page, "/me/queue", (queue) => queue.track_ids[queue.current] === track.id);
    await headed("Queue");
  });
  await step("tells its keys", async () => {
    await page.locator("main h1").click();
    await page.keyboard.press("?");
    await page.getByRole("dialog").waitFor();
    await page.keyboard.press("Escape");
    await page.getByRole("dialog").waitFor({ state: "hidden" });
  });
  await step("remembers what was heard", async () => {
    const { items } = await until(page, "/me/plays", (answer) => answer.items.length > 0);
    assert.ok(items.every((play) => play.listened_ms > 0));
    await page.goto(`${url}/history`);
    await headed("History");
    await page.getByRole("row", { name: new RegExp(items[0].track?.title ?? "Third") }).first().waitFor();
  });
  await step("signs out and in again, back to where one was", async () => {
    await page.goto(`${url}/me`);
    await button("Sign out").first().click();
    await page.waitForURL("**/login*");
    await page.goto(`${url}/albums`);
    await page.waitForURL("**/login*");
    await page.fill("input[name=username]", "Guido");
    await page.fill("input[name=password]", "wrong password");
    await page.keyboard.press("Enter");
    await page.getByRole("alert").first().waitFor();
    await page.fill("input[name=password]", password);
    await page.keyboard.press("Enter");
    await headed("Albums");
  });
  console.log("all steps done");
});
