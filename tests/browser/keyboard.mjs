// An evening without a mouse: sign in, find an album, play it, seek, queue, love, search, help. What has the focus can
// always be seen.
// Arguments: the browser, a new profile folder, the server's address, a name and a password.

import assert from "node:assert/strict";

import { inBrowser } from "./browser.mjs";
import { step as named, until, watch } from "./watched.mjs";

await inBrowser(async (page, url, username, password) => {
  const complaints = await watch(page, (text, place) => /status of 401/.test(text) || /\/waveform$/.test(place));
  await page.setViewportSize({ width: 1360, height: 850 });
  const step = (name, work) => named(name, complaints, work);
  const press = async (...keys) => {
    for (const key of keys) await page.keyboard.press(key);
  };
  const headed = (text) => page.waitForFunction((wanted) => document.querySelector("main h1")?.textContent.trim() === wanted, text);
  const focused = (selector) =>
    page.evaluate((wanted) => {
      const at = document.activeElement;
      const box = at.getBoundingClientRect();
      // Behind the last place the focus leaves the page, and comes back to its first.
      const isSeen = at === document.body || (box.width > 0 && box.bottom > 0 && box.top < innerHeight);
      return { fits: at.matches(wanted), isSeen, what: at.outerHTML.slice(0, 120) };
    }, selector);
  /** Goes on with Tab until something has the focus, if it has not; fails when that cannot be seen. */
  const tabTo = async (selector, most = 80) => {
    for (let count = 0; count <= most; count += 1) {
      const found = await focused(selector);
      assert.ok(found.isSeen, `what has the focus can be seen: ${found.what}`);
      if (found.fits) return;
      await page.keyboard.press("Tab");
    }
    throw new Error(`Tab does not come to ${selector}`);
  };
  const playing = (title) => page.waitForFunction((wanted) => document.querySelector("section[aria-label=Player]")?.textContent.includes(wanted), title);

  await step("signs in", async () => {
    await page.goto(`${url}/albums`);
    await page.waitForURL("**/login*");
    await page.waitForSelector("input[name=username]");
    await tabTo("input[name=username]");
    await page.keyboard.type(username);
    await tabTo("input[name=password]");
    await page.keyboard.type(password);
    await press("Enter");
    await headed("Albums");
  });
  await step("skips to the content", async () => {
    await tabTo("a[href='#content']");
    await press("Enter");
    assert.equal(await page.evaluate(() => document.activeElement.id), "content");
  });
  await step("opens an album and plays it", async () => {
    await page.waitForSelector("main a[data-card]");
    await tabTo("a[data-card]");
    await press("Enter");
    await headed("First");
    await tabTo("main button.primary");
    await press("Enter");
    await playing("First 1");
  });
  await step("plays a row, and another one next, from its menu", async () => {
    await tabTo("[role=row]");
    await press("ArrowDown", "Enter");
    await playing("First 2");
    await press("ArrowUp", "Shift+F10");
    await page.waitForSelector("[role=menu]");
    assert.ok(await page.evaluate(() => document.activeElement.closest("[role=menu]") !== null), "the menu has the focus");
    await press("Escape");
    await page.waitForSelector("[role=menu]", { state: "hidden" });
    await press("Control+Enter");
  });
  await step("goes through the house by two keys", async () => {
    for (const [key, title] of [["a", "Albums"], ["r", "Artists"], ["t", "Tracks"], ["p", "Playlists"]]) {
      await press("g", key);
      await headed(title);
    }
  });
  await step("pauses, seeks, loves, and looks at the queue", async () => {
    await press("Space");
    await page.waitForFunction(() => [...document.querySelectorAll("audio")].every((deck) => deck.paused));
    await press("l");
    await until(page, "/me/favourites?kind=track", (answer) => answer.items.length === 1);
    await press("q");
    await page.getByRole("complementary").first().waitFor();
    await press("q");
  });
  await step("searches and goes to what is found", async () => {
    await press("/");
    await page.waitForSelector("#search:focus");
    await page.keyboard.type("second");
    await page.getByRole("link", { name: "Second", exact: true }).first().waitFor();
    await tabTo("main a[href^='/albums/']");
    await press("Enter");
    await headed("Second");
  });
  await step("tells all keys, and closes that again", async () => {
    await press("?");
    await page.getByRole("dialog").waitFor();
    await press("Escape");
    await page.getByRole("dialog").waitFor({ state: "hidden" });
  });
  console.log("all steps done");
});
