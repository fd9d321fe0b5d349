// Scrolls through a list of all tracks of a large library and prints what that took, as JSON: frame times in
// milliseconds, rows in the document, and how long a jump to the end takes until its rows are there.
// Arguments: the browser, a new profile folder, the server's address, a name and a password.

import { inBrowser } from "./browser.mjs";
import { signIn, watch } from "./watched.mjs";

await inBrowser(async (page, url, username, password) => {
  const complaints = await watch(page, (text, place) => /status of 401/.test(text) || /\/waveform$/.test(place));
  await page.setViewportSize({ width: 1360, height: 850 });
  await signIn(page, url, username, password);
  await page.goto(`${url}/tracks`);
  await page.waitForSelector("main [role=grid] [data-row='0'] b");
  const measured = await page.evaluate(async () => {
    const main = document.querySelector("main");
    const grid = document.querySelector("main [role=grid]");
    const frame = () => new Promise((next) => requestAnimationFrame(next));
    const shownAt = (row) => grid.querySelector(`[data-row="${row}"] b`);
    const frames = [];
    let most = 0;
    let before = await frame();
    for (let count = 0; count < 600; count += 1) {
      main.scrollTop += 400;
      const now = await frame();
      frames.push(now - before);
      before = now;
      most = Math.max(most, grid.querySelectorAll("[data-row]").length);
    }
    const total = Number(grid.getAttribute("aria-rowcount")) - 1;
    const began = performance.now();
    main.scrollTop = main.scrollHeight;
    while (!shownAt(total - 1) && performance.now() - began < 20_000) await frame();
    const jump = performance.now() - began;
    frames.sort((a, b) => a - b);
    const at = (part) => Number(frames[Math.min(frames.length - 1, Math.floor(part * frames.length))].toFixed(1));
    return { total, rows: most, p50: at(0.5), p95: at(0.95), p99: at(0.99), worst: at(1), jump: Math.round(jump), last: shownAt(total - 1)?.textContent ?? null };
  });
  if (complaints.length > 0) throw new Error(complaints.join("\n"));
  console.log(JSON.stringify(measured));
});
