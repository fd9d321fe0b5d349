// Every view of the player: nothing for axe to find in the dark and in the light, nothing wider than a phone of 320
// pixels, also from right to left, and no complaint of the browser.
// Arguments: the browser, a new profile folder, the server's address, a name and a password, and where to keep
// pictures of the views (or nothing).

import assert from "node:assert/strict";

import { inBrowser } from "./browser.mjs";
import { DESK, look, MARKUP, show } from "./looked.mjs";
import { get, signIn, watch } from "./watched.mjs";

/** Puts markup into every field that the server keeps, so that the views have it to show. */
async function typeMarkup(page, track) {
  const bodies = [
    ["PUT", `/me/bookmarks/${track}`, { position_ms: 1, comment: MARKUP }],
    ["POST", "/me/device-keys", { label: MARKUP.slice(0, 60) }],
    ["POST", "/me/shares", { items: [track], description: MARKUP }],
    ["POST", "/chat", { text: MARKUP }],
    ["POST", "/radio-stations", { name: MARKUP, stream_url: "http://127.0.0.1:9/radio" }],
    ["POST", "/admin/plans", { name: MARKUP, description: MARKUP, price: { amount: 100, currency: "EUR" }, period: "month", entitlements: { downloads: true } }],
    ["POST", "/admin/accounts", { username: "<img src=x onerror=alert(1)>", password: "a long enough password", role: "listener" }],
  ];
  const refused = await page.evaluate(async (all) => {
    const answers = [];
    for (const [method, path, body] of all) {
      const answer = await fetch(`/api/v1${path}`, { method, headers: { "content-type": "application/json" }, body: JSON.stringify(body) });
      if (!answer.ok) answers.push(`${method} ${path}: ${answer.status} ${await answer.text()}`);
    }
    return answers;
  }, bodies);
  return refused;
}

/** The addresses of all views, with what the library has in them. */
async function addresses(page) {
  const first = async (list) => (await get(page, list)).items?.[0]?.id;
  const [album, artist, genre, podcast] = await Promise.all(["/albums?limit=1", "/artists?limit=1", "/genres?limit=1", "/podcasts?limit=1"].map(first));
  const { decade } = (await get(page, "/decades")).items[0];
  const { root: folder } = (await get(page, "/libraries")).items[0];
  const tracks = (await get(page, "/tracks?limit=5")).items.map((track) => track.id);
  const refused = await typeMarkup(page, tracks[0]);
  if (refused.length > 0) throw new Error(refused.join("\n"));
  const playlist = await page.evaluate(async ([track_ids, name]) => {
    const headers = { "content-type": "application/json" };
    const made = await (await fetch("/api/v1/playlists", { method: "POST", headers, body: JSON.stringify({ name, description: name, track_ids }) })).json();
    await fetch("/api/v1/me/favourites/" + track_ids[0], { method: "PUT" });
    // Something to go on with.
    await fetch("/api/v1/me/queue", { method: "PUT", headers, body: JSON.stringify({ track_ids, current: 0, position_ms: 0 }) });
    return made.id;
  }, [tracks, MARKUP]);
  return [
    "/", "/albums", `/albums/${album}`, "/artists", `/artists/${artist}`, "/tracks", "/genres", `/genres/${genre}`, "/decades", `/decades/${decade}`, "/folders",
    `/folders/${folder}`, "/search", "/search?q=a", "/library", "/playlists", `/playlists/${playlist}`, "/favourites", "/history", "/stats",
    "/queue", "/now", "/podcasts", `/podcasts/${podcast}`, "/stations",
    "/me", "/me/security", "/me/apps", "/me/plan", "/me/shares", "/me/bookmarks", "/me/data", "/me/chat", "/me/playback", "/me/offline",
    "/admin", "/admin/users", "/admin/invites", "/admin/libraries", "/admin/scan", "/admin/edits", "/admin/plans", "/admin/members",
    "/admin/ledger", "/admin/services", "/admin/log", "/admin/about", "/lost/somewhere",
  ];
}

await inBrowser(async (page, url, username, password, pictures) => {
  const complaints = await watch(page, (text, place) => /status of (401|404)/.test(text) && /\/api\/v1\//.test(place));
  page.on("dialog", (dialog) => {
    complaints.push(`a script of somebody ran: ${dialog.message()}`);
    void dialog.dismiss();
  });
  await page.setViewportSize(DESK);
  await signIn(page, url, username, password);
  const wrong = [];
  const all = await addresses(page);
  const only = process.env.ONLY_VIEWS?.split(",");
  for (const view of only ?? all) {
    try {
      await show(page, url, view);
      const isLost = await page.evaluate(() => document.querySelector("main h1").textContent === "There is nothing here");
      if (isLost !== (view === "/lost/somewhere")) wrong.push(`${view} is no view`);
      wrong.push(...(await look(page, view, pictures)));
      const made = await page.evaluate(() => document.querySelectorAll("img[src=x], main script, main b b").length);
      if (made > 0) wrong.push(`${view}: a text became markup`);
    } catch (error) {
      wrong.push(`${view}: ${error.message}`);
    }
    wrong.push(...complaints.splice(0).map((text) => `${view}: ${text}`));
    console.log(view);
  }
  assert.deepEqual(wrong, [], wrong.join("\n"));
  console.log("all views done");
});
