// What opens over the views: menus, dialogs, panels, the bar of chosen rows, what a badge tells. Each is looked at while
// it is open, on the desk and on a phone (see looked.mjs). Escape closes what does not stay, and the focus is somewhere.
// Arguments: the browser, a new profile folder, the server's address, name and password of an administrator, and where to
// keep pictures (or nothing).

import assert from "node:assert/strict";

import { inBrowser } from "./browser.mjs";
import { DESK, lookAtDesk, lookAtPhone, PHONE, show } from "./looked.mjs";
import { get, signIn, watch } from "./watched.mjs";

const DIALOG = "dialog[open]";
const MENU = "[role=menu]";
const BADGE = "[role=dialog][aria-label='What you hear']";
/** What a list of another program may have that is not here. */
const NOTHING = "#EXTINF:1,Nobody - Nothing of the kind\nnowhere/at-all.flac\n";

/** Does what the server is asked to, as the page would. */
const ask = (page, method, path, body) =>
  page.evaluate(
    async ([how, where, what]) => {
      const answer = await fetch(`/api/v1${where}`, { method: how, headers: { "content-type": "application/json" }, body: JSON.stringify(what) });
      if (!answer.ok) throw new Error(`${where}: ${answer.status} ${await answer.text()}`);
      return answer.json();
    },
    [method, path, body],
  );

/** Puts there what is changed and taken away below. */
async function furnish(page) {
  const { items: tracks } = await get(page, "/tracks?limit=5");
  const track_ids = tracks.map((track) => track.id);
  const { id: playlist } = await ask(page, "POST", "/playlists", { name: "An evening", description: "", track_ids });
  const price = { amount: 500, currency: "EUR" };
  await ask(page, "POST", "/admin/plans", { name: "Supporter", description: "", price, period: "month", entitlements: { downloads: true } });
  await ask(page, "POST", "/admin/accounts", { username: "bert", password: "a long enough password", role: "listener" });
  await ask(page, "POST", "/radio-stations", { name: "Radio", stream_url: "http://127.0.0.1:9/radio" });
  await ask(page, "POST", "/me/device-keys", { label: "Symfonium" });
  await ask(page, "POST", "/me/shares", { items: track_ids.slice(0, 1), description: "For you" });
  await ask(page, "PUT", "/me/queue", { track_ids, current: 0, position_ms: 0 });
  return { album: tracks[0].album.id, playlist };
}

/** What opens: its name, the view that it opens over, how, and what is there then. */
function all(page, { album, playlist }) {
  const button = (name, within = page) => within.getByRole("button", { name, exact: true }).first().click();
  const item = (name) => page.getByRole("menuitem", { name, exact: true }).click();
  const click = (selector) => () => page.locator(selector).first().click();
  const row = () => page.locator("main [data-row='0']").click({ button: "right" });
  const fromRow = (name) => async () => {
    await row();
    await item(name);
  };
  const fromMenu = (selector, name) => async () => {
    await click(selector)();
    await item(name);
  };
  const more = "main [aria-haspopup=menu]";
  const key = (name) => async () => {
    await page.waitForSelector("section[aria-label=Player]");
    await page.locator("main h1").click();
    await page.keyboard.press(name);
  };
  /** It sounds, so that there is something to tell about it. */
  const sounding = (then) => async () => {
    await button("Play", page.locator("section[aria-label=Player], main .transport").first());
    await page.waitForSelector(".quality");
    await then();
  };
  return [
    ["menu of an album", `/albums/${album}`, click(more), MENU],
    ["menu of a card", "/albums", () => page.locator("main a[data-card]").first().click({ button: "right" }), MENU],
    ["menu of a track", "/tracks", row, MENU],
    ["menu of a track's rating", "/tracks", fromRow("Rating"), `${MENU} >> nth=1`],
    ["menu of an order", "/albums", () => page.locator(".view-head [aria-haspopup=menu]").last().click(), MENU],
    ["menu of a playlist", `/playlists/${playlist}`, click(more), MENU],
    ["menu of the player", "/albums", click("section[aria-label=Player] [aria-haspopup=menu]"), MENU, { only: DESK }],
    ["menu of what plays", "/now", click(more), MENU],
    ["menu of an account", "/admin/users", click(more), MENU],
    ["badge in the bar", "/albums", sounding(click(".quality")), BADGE, { only: DESK }],
    ["badge of what plays", "/now", sounding(click(".quality")), BADGE],
    ["queue at the side", "/albums", key("q"), "aside [role=listitem]", { stays: true }],
    ["lyrics at the side", "/albums", key("y"), "aside .inside > *", { stays: true }],
    ["keys", "/albums", key("?"), DIALOG],
    ["chosen rows", "/tracks", async () => {
      await page.locator("main [data-row='0'] [role=gridcell].time").click();
      await page.locator("main [data-row='2'] [role=gridcell].time").click({ modifiers: ["Shift"] });
    }, "[role=toolbar]", { stays: true }],
    ["adding to a playlist", "/tracks", fromRow("Add to playlist…"), `${DIALOG} .lists`],
    ["adding to a new playlist", "/tracks", async () => {
      await fromRow("Add to playlist…")();
      await page.fill("dialog input[type=search]", "A quiet morning with many windows open to the sea");
    }, `${DIALOG} .lists .line`, { escapes: 2 }],
    ["new playlist", "/playlists", () => button("New playlist"), DIALOG],
    ["playlist to change", `/playlists/${playlist}`, fromMenu(more, "Edit"), DIALOG],
    ["list with gaps", "/playlists", async () => {
      const list = await page.evaluate(async (id) => (await fetch(`/api/v1/playlists/${id}/file?format=m3u8`)).text(), playlist);
      const buffer = Buffer.from(`${list}\n${NOTHING}`);
      await page.setInputFiles("main input[type=file]", { name: "Old.m3u8", mimeType: "audio/x-mpegurl", buffer });
    }, DIALOG],
    ["queue to save", "/queue", () => button("Save as playlist"), DIALOG],
    ["share", "/tracks", fromRow("Share…"), DIALOG],
    ["share that is made", "/tracks", async () => {
      await fromRow("Share…")();
      await button("Make a link", page.getByRole("dialog"));
    }, `${DIALOG} .address`],
    ["share to change", "/me/shares", fromMenu(more, "Edit"), DIALOG],
    ["key to revoke", "/me/apps", () => button("Revoke: Symfonium"), DIALOG],
    ["new account", "/admin/users", () => button("Add somebody"), DIALOG],
    ["account to delete", "/admin/users", fromMenu("main tr:has-text('bert') [aria-haspopup=menu]", "Delete"), DIALOG],
    ["invite", "/admin/invites", () => button("Make an invite"), "main .once", { stays: true }],
    ["new library", "/admin/libraries", async () => {
      await button("Add a library");
      await page.locator("dialog .folders button", { hasText: /^\s*\/\s*$/ }).click();
    }, `${DIALOG} .folders button:has-text("tmp")`],
    ["new edit", "/admin/edits", () => button("New edit"), DIALOG],
    ["new plan", "/admin/plans", () => button("New plan"), DIALOG],
    ["plan to change", "/admin/plans", fromMenu("main li:has-text('Supporter') [aria-haspopup=menu]", "Edit"), DIALOG],
    ["new station", "/stations", () => button("Add a station"), DIALOG],
    ["new podcast", "/podcasts", () => button("Add a podcast"), DIALOG],
    ["podcast at no address", "/podcasts", async () => {
      await button("Add a podcast");
      await page.fill("dialog input[type=url]", "ftp://nowhere/feed");
      await page.keyboard.press("Enter");
    }, `${DIALOG} small.wrong`],
  ];
}

await inBrowser(async (page, url, username, password, pictures) => {
  // What is wrong with what was typed is answered with a status of its own, which the browser logs.
  const complaints = await watch(page, (text, place) => /status of (400|401|404|422)/.test(text) && /\/api\/v1\//.test(place));
  await page.setViewportSize(DESK);
  await signIn(page, url, username, password);
  const wrong = [];
  const only = process.env.ONLY_OPENED?.split(",");
  for (const [name, view, open, selector, how = {}] of all(page, await furnish(page))) {
    if (only && !only.includes(name)) continue;
    for (const [size, lookThere] of [[DESK, lookAtDesk], [PHONE, lookAtPhone]]) {
      if (how.only && how.only !== size) continue;
      try {
        await page.setViewportSize(size);
        await show(page, url, view);
        await open();
        await page.waitForSelector(selector);
        wrong.push(...(await lookThere(page, name, pictures)));
        if (how.stays) continue;
        // What was typed to search with is taken back first.
        for (let press = 0; press < (how.escapes ?? 1); press += 1) await page.keyboard.press("Escape");
        await page.waitForSelector(selector, { state: "hidden" });
        if (selector === MENU) await page.waitForFunction(() => document.activeElement !== document.body);
      } catch (error) {
        wrong.push(`${name}, ${size.width} pixels: ${error.message}`);
      }
      wrong.push(...complaints.splice(0).map((text) => `${name}: ${text}`));
    }
    console.log(name);
  }
  assert.deepEqual(wrong, [], wrong.join("\n"));
  console.log("all that opens done");
});
