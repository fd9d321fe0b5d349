// Drives the page as its first visitor: claim, albums with covers, play, next, keyboard, search, favourites,
// recommendations, plays, playlists, sign out.
// Arguments: the browser, a new profile folder, the server's address, the claim code, a password.

import assert from "node:assert/strict";

import { inBrowser } from "./browser.mjs";

await inBrowser(async (page, url, claim, password) => {
  // What the browser complains about; a page in order has nothing here.
  const complaints = [];
  /** Answers that a step asks for on purpose; the browser logs them as errors all the same. */
  const isExpected = (text, place) => /status of 401/.test(text) && /\/api\/v1\/(me|session)$/.test(place);

  page.setDefaultTimeout(20_000);
  page.on("pageerror", (error) => complaints.push(`page error: ${error.message}`));
  page.on("console", (message) => {
    const place = message.location().url;
    if (["error", "warning"].includes(message.type()) && !isExpected(message.text(), place)) {
      complaints.push(`${message.type()}: ${message.text()} (${place})`);
    }
  });
  page.on("requestfailed", (request) => {
    // The player drops a stream that it needs no more, who types on the search for fewer letters, and who
    // signs out the events of scans.
    const isDropped = /\/stream(\?format=original)?$|\/search\?|\/scan\/events$/.test(request.url());
    if (!isDropped) complaints.push(`failed: ${request.url()} (${request.failure()?.errorText})`);
  });
  page.on("dialog", (dialog) => dialog.accept());
  await page.addInitScript(() => {
    addEventListener("securitypolicyviolation", (event) => console.error(`policy: ${event.violatedDirective} ${event.blockedURI}`));
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
  const headed = (text) => page.waitForFunction((wanted) => document.querySelector("h1")?.textContent === wanted, text);
  /** What the server says, asked as the page asks. */
  const get = (path) => page.evaluate(async (from) => (await fetch(`/api/v1${from}`)).json(), path);
  /** Asks until the answer fits: what other services keep is a moment behind. */
  const until = async (path, fits) => {
    for (let attempt = 0; attempt < 100; attempt += 1) {
      const answer = await get(path);
      if (fits(answer)) return answer;
      await page.waitForTimeout(100);
    }
    throw new Error(`${path} does not come to say what it should: ${JSON.stringify(await get(path))}`);
  };
  const view = async (name) => {
    const link = page.locator(`nav a[href='#/${name}']`);
    await link.click();
    // Until then the one before it is shown.
    await headed(await link.textContent());
  };
  const step = async (name, work) => {
    await work().catch((error) => {
      throw new Error(`${name}: ${error.message}\n${complaints.join("\n")}`);
    });
    console.log(name);
  };

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
    assert.deepEqual(await page.locator(".grid .card b").allTextContents(), ["First", "Second", "Third"]);
    await page.waitForFunction(() => {
      const covers = [...document.querySelectorAll(".grid .card img")];
      return covers.length === 3 && covers.every((cover) => cover.complete && cover.naturalWidth > 100);
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
  await step("plays what a cue sheet cuts, and on into the next", async () => {
    await view("albums");
    await page.click(".grid .card >> nth=2");
    await headed("Third");
    assert.deepEqual(await page.locator("ol.tracks .title b").allTextContents(), ["Third 1", "Third 2", "Third 3"]);
    await page.click("ol.tracks li >> nth=1");
    await page.waitForFunction(() => document.querySelector("#now-title").textContent === "Third 2");
    await reaches(4.2);
    assert.equal(await page.textContent("#total"), "0:03");
    await page.waitForFunction(() => document.querySelector("#now-title").textContent === "Third 3");
    const { at } = await playing();
    assert.ok(at >= 7 && at < 7.6, `the next one plays on: at ${at} s`);
    assert.equal(await page.textContent("#total"), "0:19");
    await page.keyboard.press("ArrowRight");
    await reaches(16.9);
    await page.keyboard.press("p");
    await page.keyboard.press("p");
    await page.waitForFunction(() => document.querySelector("#now-title").textContent === "Third 2");
    await view("albums");
    await page.click(".grid .card >> nth=1");
    await headed("Second");
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
  await step("finds as one types, also with a typing mistake", async () => {
    await until("/search?q=second", (found) => found.albums.length === 1);
    await page.keyboard.press("/");
    for (const typed of ["S", "Se", "Sec", "Seco"]) {
      await page.keyboard.type(typed.at(-1));
      await headed(`“${typed}”`);
    }
    await page.waitForSelector(".found .card b:has-text('Second')");
    assert.equal(await page.textContent(".found .card mark >> nth=0"), "Seco");
    await page.keyboard.type("md");
    await headed("“Secomd”");
    await page.waitForSelector(".found .card b:has-text('Second')");
    await page.waitForSelector(".found ol.tracks b:has-text('Second 1')");
    await page.reload();
    await headed("“Secomd”");
    assert.equal(await page.inputValue("#search"), "Secomd");
  });
  await step("says when nothing fits, and leaves", async () => {
    await page.fill("#search", "xylophonists");
    await page.waitForSelector(".empty:text-is('Nothing fits “xylophonists”.')");
    await page.press("#search", "Escape");
    await headed("Albums");
    assert.equal(await page.inputValue("#search"), "");
  });
  await step("keeps a favourite", async () => {
    await view("favourites");
    await page.waitForSelector(".empty");
    await view("albums");
    await page.click(".grid .card >> nth=0");
    await headed("First");
    await page.click("ol.tracks li:has-text('First 2') .heart");
    await page.click(".lead .heart");
    await page.waitForSelector("ol.tracks li:has-text('First 2') .heart[aria-pressed=true]");
    await until("/me/favourites", (favourites) => favourites.items.length === 2);
    await page.reload();
    await page.waitForSelector("ol.tracks li:has-text('First 2') .heart[aria-pressed=true]");
    await page.waitForSelector("ol.tracks li:has-text('First 1') .heart[aria-pressed=false]");
    await view("favourites");
    await headed("Favourites");
    assert.deepEqual(await page.locator("ol.tracks .title b").allTextContents(), ["First 2"]);
    assert.deepEqual(await page.locator(".shelf b").allTextContents(), ["First"]);
  });
  await step("tells the server of a play", async () => {
    await view("tracks");
    await page.click("ol.tracks li:has-text('First 1')");
    await reaches(5.3);
    await page.keyboard.press("ArrowRight");
    await page.keyboard.press("n");
    const isReported = (play) => play.source === "tracks" && play.track.title === "First 1";
    const plays = await until("/me/plays", (all) => all.items.some(isReported));
    const { listened_ms: listened } = plays.items.find(isReported);
    assert.ok(listened >= 5000 && listened < 9000, `${listened} ms were heard, the jump was not`);
    await page.keyboard.press("Space");
  });
  await step("recommends with reasons", async () => {
    await until("/recommendations?limit=30", (recommended) => recommended.items.length > 0);
    await view("for-you");
    await page.waitForSelector("ol.tracks li");
    const reasons = await page.locator("ol.tracks .note").allTextContents();
    assert.ok(reasons.length > 0 && reasons.every((reason) => reason.length > 5), `reasons: ${reasons}`);
    assert.equal(reasons.length, await page.locator("ol.tracks li").count());
  });
  await step("makes a playlist, empties and deletes it", async () => {
    await view("tracks");
    for (const track of ["First 1", "Second 2"]) {
      await page.click(`ol.tracks li:has-text('${track}') .dots`);
      await page.waitForSelector("#sheet [aria-busy]", { state: "detached" });
      if (track === "First 1") {
        await page.fill("#sheet input[name=name]", "Evening");
        await page.keyboard.press("Enter");
      } else {
        await page.click("#sheet button:has-text('Evening')");
      }
      await page.waitForSelector("#sheet:not([open])", { state: "attached" });
    }
    await until("/search?q=even", (found) => found.playlists.length === 1);
    await page.fill("#search", "even");
    await headed("“even”");
    assert.equal(await page.textContent(".found .genres b:has-text('Evening') mark"), "Even");
    await view("playlists");
    await page.click(".playlists a:has-text('Evening')");
    await headed("Evening");
    assert.deepEqual(await page.locator("ol.tracks .title b").allTextContents(), ["First 1", "Second 2"]);
    await page.click("ol.tracks .dots >> nth=0");
    await page.click("#sheet button:has-text('Remove from')");
    await page.waitForFunction(() => document.querySelectorAll("ol.tracks li").length === 1);
    await page.click(".heading button:has-text('Delete')");
    await headed("Playlists");
    await page.waitForSelector(".empty");
  });
  await step("shows no plan where there is none", async () => {
    await page.click("#menu summary");
    await page.click("#menu a");
    await headed("Guido");
    assert.equal(await page.locator(".plan").count(), 0);
    await view("albums");
  });
  await step("stays signed in after a reload", async () => {
    await page.reload();
    await page.waitForSelector(".grid .card");
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
  console.log("all steps done");
});
