// How a page is looked at: nothing for axe to find in the dark, in the light and on a phone of 320 pixels, and nothing
// wider than that phone, also from right to left. Pictures of all that are kept where a folder is given.

import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import path from "node:path";

const axe = await readFile(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
export const PHONE = { width: 320, height: 640 };
export const DESK = { width: 1360, height: 850 };

/** What a person can type, everywhere where one can. */
export const MARKUP = `<img src=x onerror="alert(1)"><script>alert(2)</script>{{1+1}}`;

/** Goes to a view and waits until it is drawn. */
export async function show(page, url, view) {
  await page.goto(url + view);
  await page.waitForSelector("main h1");
  await page.waitForFunction(() => !document.querySelector("main .skeleton"));
}

/** What is wrong with the page as it is, on the desk and on a phone. */
export async function look(page, name, pictures) {
  const wrong = await lookAtDesk(page, name, pictures);
  await page.setViewportSize(PHONE);
  try {
    return [...wrong, ...(await lookAtPhone(page, name, pictures))];
  } finally {
    await page.setViewportSize(DESK);
  }
}

export async function lookAtDesk(page, name, pictures) {
  const wrong = [];
  for (const scheme of ["dark", "light"]) {
    await page.emulateMedia({ colorScheme: scheme, reducedMotion: "reduce" });
    await page.waitForFunction((theme) => document.documentElement.dataset.theme === theme, scheme);
    await settled(page);
    wrong.push(...(await findings(page)).map((found) => `${name} ${scheme}: ${found}`));
    await keep(page, `${name}-${scheme}`, pictures);
  }
  return wrong;
}

export async function lookAtPhone(page, name, pictures) {
  const wrong = [];
  for (const direction of ["rtl", "ltr"]) {
    await page.evaluate((dir) => (document.documentElement.dir = dir), direction);
    await settled(page);
    const by = await tooWide(page);
    if (by > 0) wrong.push(`${name} ${direction}: ${by} pixels wider than a phone`);
  }
  wrong.push(...(await findings(page)).map((found) => `${name} phone: ${found}`));
  await keep(page, `${name}-phone`, pictures);
  return wrong;
}

/** Until everything is painted, and the colours have passed over into those of the theme and of the cover. */
const settled = (page) =>
  page.evaluate(async () => {
    const isPassing = (each) => each.playState !== "finished" && Number.isFinite(each.effect.getComputedTiming().endTime);
    for (let calm = 0; calm < 6; calm += 1) {
      await new Promise(requestAnimationFrame);
      if (document.getAnimations().some(isPassing)) calm = 0;
    }
  });

const keep = (page, name, folder) => folder && page.screenshot({ path: path.join(folder, `${name.replace(/[^\w-]+/g, "_")}.png`) });

/** What axe has against the page as it is, and pictures that nobody can see. */
async function findings(page) {
  await page.evaluate(axe);
  const { violations } = await page.evaluate(() => window.axe.run(document, { resultTypes: ["violations"] }));
  const faint = await page.evaluate(() => {
    const isClear = (each) => /^(transparent|rgba\(.*, 0\)|.*\/ 0\))$/.test(getComputedStyle(each).backgroundColor);
    return [...document.querySelectorAll(".cover[style*=hue]")].filter(isClear).map((each) => `a cover without a colour in ${each.parentElement.className}`);
  });
  return faint.concat(violations.map(({ id, help, nodes }) => `${id}: ${help}\n    ${nodes.slice(0, 3).map((node) => `${node.target.join(" ")} ${node.failureSummary ?? ""}`).join("\n    ")}`));
}

/** By how many pixels the page, or what is open over it, is wider than the window. */
const tooWide = (page) =>
  page.evaluate(() => {
    const over = (part) => part.scrollWidth - part.clientWidth;
    const beyond = (part) => {
      const { left, right } = part.getBoundingClientRect();
      return Math.max(over(part), Math.ceil(-left), Math.ceil(right) - innerWidth);
    };
    const open = document.querySelectorAll("aside, dialog[open], [role=dialog], [role=menu]");
    return Math.max(document.documentElement.scrollWidth - innerWidth, over(document.querySelector("main")), ...[...open].map(beyond));
  });
