import { inBrowser } from "./browser.mjs";
import { signIn } from "./watched.mjs";
await inBrowser(async (page, url, u, p, view, out, w, h) => {
  await page.setViewportSize({ width: +w, height: +h });
  await signIn(page, url, u, p);
  await page.goto(url + view); await page.waitForSelector("main h1"); await page.waitForFunction(() => !document.querySelector("main .skeleton")); await page.waitForTimeout(700);
  await page.screenshot({ path: out });
  console.log(await page.evaluate(() => [...document.querySelectorAll("[role=grid],[role=table],.list")].map((e) => [e.className, e.clientWidth, getComputedStyle(e).display])));
});
