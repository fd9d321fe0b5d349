// Starts the browser that is installed, for every script of this folder. Their first arguments are its path and a
// new profile folder.

import { chromium } from "playwright-core";

const args = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
  "--autoplay-policy=no-user-gesture-required",
  // Nothing is asked of anybody but this machine.
  "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost",
];

/**
 * Does `work` on a page, with the other arguments, and ends the browser however that went. `options` are Playwright's of the
 * context.
 */
export const inBrowser = async (work, options = {}) => {
  const [executablePath, profile, ...others] = process.argv.slice(2);
  const context = await chromium.launchPersistentContext(profile, { executablePath, headless: true, args, ...options });
  try {
    await work(context.pages()[0] ?? (await context.newPage()), ...others);
  } finally {
    await context.close();
  }
};
