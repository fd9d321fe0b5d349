// The doors of the player: signing in, making an account, invites, setting up a server, a key that came by its code, and
// the plan of whoever came in. Each as it is first seen and with what it has against what was typed; see looked.mjs.
// Arguments: the browser, a new profile folder, the addresses of three servers (one that takes whom it invited, one that
// takes nobody, one that has no administrator yet and then takes everybody), name and password of the first one's
// administrator, the claim code of the last, and where to keep pictures (or nothing).

import assert from "node:assert/strict";

import { inBrowser } from "./browser.mjs";
import { DESK, look, show } from "./looked.mjs";
import { watch } from "./watched.mjs";

/** Asks a server as its administrator, beside the browser, which has nobody's session. */
async function administrator(url, username, password) {
  let token;
  const ask = async (path, body) => {
    const headers = { "content-type": "application/json", ...(token && { authorization: `Bearer ${token}` }) };
    const answer = await fetch(`${url}/api/v1${path}`, { method: "POST", headers, body: JSON.stringify(body) });
    if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
    return answer.json();
  };
  token = (await ask("/session", { username, password })).token;
  return ask;
}

await inBrowser(async (page, invited, closed, unclaimed, username, password, claim, pictures) => {
  // What is wrong with what was typed is answered with a status of its own, which the browser logs.
  const complaints = await watch(page, (text, place) => /status of (400|401|403|404)/.test(text) && /\/api\/v1\//.test(place));
  await page.setViewportSize(DESK);
  const wrong = [];
  const looked = async (name, come) => {
    try {
      await come();
      wrong.push(...(await look(page, name, pictures)));
    } catch (error) {
      wrong.push(`${name}: ${error.message}`);
    }
    wrong.push(...complaints.splice(0).map((text) => `${name}: ${text}`));
    console.log(name);
  };
  const headed = (text) => page.waitForFunction((wanted) => document.querySelector("main h1")?.textContent.trim() === wanted, text);
  const button = (name) => page.getByRole("button", { name, exact: true }).click();
  const type = async (fields) => {
    for (const [name, text] of Object.entries(fields)) await page.fill(`input[name=${name}]`, text);
  };
  /** What was typed is sent, and something is wrong with it. */
  const refused = async () => {
    await page.keyboard.press("Enter");
    await page.waitForSelector("main .problem:not([hidden]), main small.wrong");
  };
  const ask = await administrator(invited, username, password);
  const invite = async () => (await ask("/admin/invites", { role: "listener", libraries: "all", valid_seconds: 86_400 })).code;

  await looked("signing in", () => show(page, invited, "/login"));
  await looked("signing in with a wrong password", async () => {
    await type({ username, password: "not the password" });
    await refused();
  });
  await looked("signing in where nobody makes accounts", () => show(page, closed, "/login"));
  await looked("an account where nobody makes them", () => show(page, closed, "/register"));
  await looked("an account by a code", () => show(page, invited, "/register"));
  await looked("an invite that is none", async () => {
    await show(page, invited, "/invite#not-an-invite");
    await type({ username: "ida", password: "a long enough password" });
    await refused();
  });
  await looked("an invite", async () => show(page, invited, `/invite#${await invite()}`));
  await looked("an invite with a short password", async () => {
    await type({ username: "ida", password: "short" });
    await refused();
  });
  await looked("an invite of somebody who is in", async () => {
    await type({ username: "ida", password: "a long enough password" });
    await page.keyboard.press("Enter");
    await page.waitForFunction(() => location.pathname === "/");
    await show(page, invited, `/invite#${await invite()}`);
    await headed("You are invited");
  });

  const price = { amount: 500, currency: "EUR" };
  const entitlements = { max_bitrate_kbps: 320, concurrent_streams: 3, downloads: true };
  await ask("/admin/plans", { name: "Supporter", description: "For those who keep the lights on.", price, period: "month", entitlements });
  await looked("plans", () => show(page, invited, "/me/plan"));
  await looked("a plan that is chosen", async () => {
    await button("Take this plan: Supporter");
    await page.waitForSelector("dialog[open]");
  });
  await looked("a plan that is to be paid", async () => {
    await page.getByRole("dialog").getByRole("button", { name: "Take this plan" }).click();
    await page.waitForSelector("main .due");
  });
  await looked("a key", async () => {
    await page.context().clearCookies();
    await show(page, invited, "/keys#user=ida&key=hxk_3LBx9eXYj0lX1fV5y2Q8s7w4n6m1");
    assert.equal(await page.evaluate(() => location.hash), "", "the address does not keep the key");
  });

  await looked("a server of nobody", async () => {
    await show(page, unclaimed, "/");
    await page.waitForURL(`${unclaimed}/setup`);
    await headed("Make yourself at home");
  });
  await looked("a server of nobody with a wrong code", async () => {
    await type({ code: "not-the-code", username: "guido", password });
    await refused();
  });
  await looked("where the music is", async () => {
    await show(page, unclaimed, `/setup#claim=${claim}`);
    await page.waitForFunction((code) => document.querySelector("input[name=code]")?.value === code, claim);
    await type({ username: "guido", password });
    await page.keyboard.press("Enter");
    await headed("Where is your music?");
    await page.waitForSelector(".libraries .card-panel");
  });
  await looked("a folder of the server", async () => {
    await button("Add a folder");
    await page.waitForSelector("dialog[open] .folders button");
  });
  await looked("a folder that is not there", async () => {
    await page.fill("dialog input[name=path]", "/nowhere/at/all");
    await page.keyboard.press("Enter");
    await page.waitForSelector("dialog small.wrong");
  });
  await looked("the first look", async () => {
    await page.keyboard.press("Escape");
    await page.waitForSelector("dialog[open]", { state: "hidden" });
    await button("Continue");
    await headed("Everything is ready");
  });
  await looked("a server of somebody", async () => {
    await page.context().clearCookies();
    await show(page, unclaimed, "/setup");
    await headed("This server has its administrator already.");
  });
  await looked("signing in where anybody makes accounts", () => show(page, unclaimed, "/login"));
  await looked("an account", () => show(page, unclaimed, "/register"));

  assert.deepEqual(wrong, [], wrong.join("\n"));
  console.log("all doors done");
});
