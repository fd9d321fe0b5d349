// Every view of the player: nothing for axe to find in the dark and in the light, nothing wider than a phone of 320
// pixels, also from right to left, and no complaint of the browser.
// Arguments: the browser, a new profile folder, the server's address, a name and a password, and where to keep
// pictures of the views (or nothing).

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import path from "node:path";

import { inBrowser } from "./browser.mjs";
import { get, signIn, watch } from "./watched.mjs";

const axe = await readFile(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const PHONE = { width: 320, height: 640 };
const DESK = { width: 1360, height: 850 };

/** The addresses of all views, with what the library has in them. */
async function addresses(page) {
  const first = async (list) => (await get(page, list)).items?.[0]?.id;
  const [album, artist, genre] = await Promise.all(["/albums?limit=1", "/artists?limit=1", "/genres?limit=1"].map(first));
  const { root: folder } = (await get(page, "/libraries")).items[0];
  const tracks = (await get(page, "/tracks?limit=5")).items.map((track) => track.id);
  const playlist = await page.evaluate(async (track_ids) => {
    const headers = { "content-type": "application/json" };
    const made = await (await fetch("/api/v1/playlists", { method: "POST", headers, body: JSON.stringify({ name: "For the views", track_ids }) })).json();
    await fetch("/api/v1/me/favourites/" + track_ids[0], { method: "PUT" });
    return made.id;
  }, tracks);
  return [
    "/", "/albums", `/albums/${album}`, "/artists", `/artists/${artist}`, "/tracks", "/genres", `/genres/${genre}`, "/decades", "/folders",
    `/folders/${folder}`, "/search", "/search?q=a", "/library", "/playlists", `/playlists/${playlist}`, "/favourites", "/history", "/stats",
    "/queue", "/now", "/podcasts", "/stations",
    "/me", "/me/security", "/me/apps", "/me/shares", "/me/bookmarks", "/me/data", "/me/chat", "/me/playback", "/me/offline",
    "/admin", "/admin/users", "/admin/invites", "/admin/libraries", "/admin/scan", "/admin/edits", "/admin/plans", "/admin/members",
    "/admin/ledger", "/admin/services", "/admin/log", "/admin/about", "/lost/somewhere",
  ];
}

/** Shows a view and waits until it is drawn. */
async function show(page, url, view) {
  await page.goto(url + view);
  await page.waitForSelector("main h1");
  await page.waitForFunction(() => !document.querySelector("main .skeleton"));
}

/** What axe has against the page as it is. */
async function findings(page) {
  await page.evaluate(axe);
  const { violations } = await page.evaluate(() => window.axe.run(document, { resultTypes: ["violations"] }));
  return violations.map(({ id, help, nodes }) => `${id}: ${help}\n    ${nodes.slice(0, 3).map((node) => `${node.target.join(" ")} ${node.failureSummary ?? ""}`).join("\n    ")}`);
}

/** By how many pixels the page is wider than the window. */
const tooWide = (page) =>
  page.evaluate(() => {
    const main = document.querySelector("main");
    return Math.max(document.documentElement.scrollWidth - innerWidth, main.scrollWidth - main.clientWidth);
  });

await inBrowser(async (page, url, username, password, pictures) => {
  const complaints = await watch(page, (text, place) => /status of (401|404)/.test(text) && /\/api\/v1\//.test(place));
  await page.setViewportSize(DESK);
  await signIn(page, url, username, password);
  const wrong = [];
  const all = await addresses(page);
  const only = process.env.ONLY_VIEWS?.split(",");
  for (const view of only ?? all) {
    try {
      const isLost = () => page.evaluate(() => document.querySelector("main h1").textContent === "There is nothing here");
      for (const scheme of ["dark", "light"]) {
        await page.emulateMedia({ colorScheme: scheme, reducedMotion: "reduce" });
        if (scheme === "dark") await show(page, url, view);
        if ((await isLost()) !== (view === "/lost/somewhere")) wrong.push(`${view} is no view`);
        await page.waitForTimeout(100);
        wrong.push(...(await findings(page)).map((found) => `${view} ${scheme}: ${found}`));
        if (pictures) await page.screenshot({ path: path.join(pictures, `${view.replace(/\W+/g, "_")}-${scheme}.png`) });
      }
      await page.setViewportSize(PHONE);
      for (const direction of ["rtl", "ltr"]) {
        await page.evaluate((dir) => (document.documentElement.dir = dir), direction);
        await page.waitForTimeout(50);
        const by = await tooWide(page);
        if (by > 0) wrong.push(`${view} ${direction}: ${by} pixels wider than a phone`);
      }
      wrong.push(...(await findings(page)).map((found) => `${view} phone: ${found}`));
      if (pictures) await page.screenshot({ path: path.join(pictures, `${view.replace(/\W+/g, "_")}-phone.png`) });
    } catch (error) {
      wrong.push(`${view}: ${error.message}`);
    }
    await page.setViewportSize(DESK);
    wrong.push(...complaints.splice(0).map((text) => `${view}: ${text}`));
    console.log(view);
  }
  assert.deepEqual(wrong, [], wrong.join("\n"));
  console.log("all views done");
});
