// Makes a key for an app as its owner, copies it, and opens what its QR code leads to.
// Arguments: the browser, a new profile folder, the server's address, the claim code, a password; optional: a folder for
// pictures of the page.

import assert from "node:assert/strict";
import { join } from "node:path";

import { inBrowser } from "./browser.mjs";

await inBrowser(async (page, url, claim, password, pictures) => {
  const complaints = [];
  const isExpected = (text, place) => /status of 401/.test(text) && /\/api\/v1\/(me|session)$/.test(place);
  page.setDefaultTimeout(20_000);
  page.on("pageerror", (error) => complaints.push(`page error: ${error.message}`));
  page.on("console", (message) => {
    const place = message.location().url;
    if (["error", "warning"].includes(message.type()) && !isExpected(message.text(), place)) complaints.push(`${message.type()}: ${message.text()}`);
  });
  await page.context().grantPermissions(["clipboard-read", "clipboard-write"], { origin: url });
  const headed = (text) => page.waitForFunction((wanted) => document.querySelector("h1")?.textContent === wanted, text);
  const texts = (selector) => page.locator(selector).allTextContents();
  /** Nothing may be wider than a phone. */
  const looks = async (name) => {
    for (const [width, height, colorScheme] of [[390, 844, "dark"], [320, 568, "light"], [1280, 900, "light"]]) {
      await page.setViewportSize({ width, height });
      await page.emulateMedia({ colorScheme });
      const wide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
      assert.ok(wide <= 0, `${name} is ${wide} pixels too wide at ${width}`);
      if (pictures) await page.screenshot({ path: join(pictures, `${name}-${width}.png`), fullPage: true });
    }
  };
  /** What an app hears that has these. */
  const ping = (user, key) =>
    page.evaluate(async ([u, p]) => {
      const answer = await fetch(`/rest/ping?${new URLSearchParams({ u, p, f: "json" })}`);
      return (await answer.json())["subsonic-response"].status;
    }, [user, key]);

  // The account, and out again.
  await page.goto(`${url}/#claim=${claim}`);
  await page.fill("input[name=username]", "Guido d'Arezzo");
  await page.fill("input[name=password]", password);
  await page.keyboard.press("Enter");
  await page.waitForSelector("#top:not([hidden])");
  await page.click("#menu summary");
  await page.click("#sign-out");
  await page.waitForSelector("form input[name=password]");

  // Where an app sends who needs a key: in, and back to it.
  await page.goto(`${url}/keys`);
  await page.waitForSelector("form input[name=password]");
  await page.fill("input[name=username]", "Guido d'Arezzo");
  await page.fill("input[name=password]", password);
  await page.keyboard.press("Enter");
  await headed("Apps");
  assert.ok(page.url().endsWith("/#/keys"), page.url());
  assert.equal(await page.locator(".entries li").count(), 0);
  assert.ok((await page.locator("#apps option").count()) > 5);
  await looks("apps");

  await page.fill("input[name=label]", "Symfonium");
  await page.keyboard.press("Enter");
  await page.waitForSelector(".made .qr");
  const [address, user, key] = await texts(".made code");
  assert.deepEqual([address, user], [url, "Guido d'Arezzo"]);
  assert.match(key, /^hxk_/);
  assert.equal(await ping(user, key), "ok");
  assert.deepEqual(await texts(".entries b"), ["Symfonium"]);
  await looks("made");
  const drawn = await page.locator(".qr path").evaluateAll((paths) => paths.map((path) => path.getBoundingClientRect().width));
  assert.ok(drawn.length === 2 && drawn[0] >= 160 && drawn[1] > 0.7 * drawn[0], `the code is drawn: ${drawn}`);

  await page.click(".made dd:has-text('hxk_') button");
  await page.waitForSelector(".made button:text-is('Copied')");
  assert.equal(await page.evaluate(() => navigator.clipboard.readText()), key);
  // Over plain HTTP there is no clipboard for pages.
  await page.evaluate(() => Object.defineProperty(navigator, "clipboard", { value: undefined, configurable: true }));
  await page.click(".made dd >> nth=1 >> button");
  await page.waitForSelector(".made dd >> nth=1 >> button:text-is('Copied')");
  await page.evaluate(() => delete navigator.clipboard);
  assert.equal(await page.evaluate(() => navigator.clipboard.readText()), user);

  // A second key; the first one is revoked, and the new one stays in sight.
  await page.fill("input[name=label]", "Kitchen");
  await page.keyboard.press("Enter");
  await page.waitForSelector(".entries b:text-is('Kitchen')");
  await page.click(".entries li:has-text('Symfonium') button");
  await page.waitForSelector(".entries li:has-text('Symfonium')", { state: "detached" });
  assert.equal(await page.textContent(".made h2 b"), "Kitchen");
  assert.equal(await ping(user, key), "failed");
  const [, , second] = await texts(".made code");

  // Shown once.
  await page.reload();
  await page.waitForSelector(".entries b:text-is('Kitchen')");
  assert.equal(await page.locator(".made code").count(), 0);

  // What the QR code leads to, on a phone where nobody is signed in.
  await page.context().clearCookies();
  const sent = [];
  page.on("request", (request) => sent.push(request.url()));
  await page.goto(`${url}/keys#${new URLSearchParams({ user, key: second })}`);
  await headed("A key for an app");
  assert.deepEqual(await texts("code"), [url, user, second]);
  assert.equal(page.url(), `${url}/keys`, "it is not kept in the history");
  assert.ok(sent.every((address) => !address.includes(second) || address.includes("#")), `${sent}`);
  await page.click("dd:has-text('hxk_') button");
  assert.equal(await page.evaluate(() => navigator.clipboard.readText()), second);
  await looks("scanned");
  assert.deepEqual(complaints, [], "the browser complains");
  console.log("all steps done");
});
