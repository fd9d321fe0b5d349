// Plays tracks one behind the other in the player itself, as a listener does: the queue that the server keeps is restored,
// and play is pressed. Keeps what was heard, and prints as JSON the tracks that the player said it played.
// Arguments: the browser, a new profile folder, the file to keep the recording in, the server's address, the user's name and
// password, the quality that is chosen in the player (`original`: FLAC, `high`: Opus), the rate to record at, the tracks' ids.

import { inBrowser } from "./browser.mjs";
import { keep } from "./recording.mjs";
import { fileURLToPath } from "node:url";

await inBrowser(async (page, file, server, username, password, quality, rate, ...tracks) => {
  const ask = async (method, path, body) => {
    const response = await page.request.fetch(new URL(`/api/v1${path}`, server).href, { method, data: body });
    if (!response.ok()) throw new Error(`${method} ${path}: ${await response.text()}`);
    return response.json();
  };
  await ask("POST", "/session", { username, password });
  await ask("PUT", "/me/queue", { track_ids: tracks, current: 0, position_ms: 0 });

  await page.addInitScript((chosen) => {
    // As loud as it is: the recording is compared to the file.
    localStorage.setItem("hexachord.playback", JSON.stringify({ quality: chosen, loudness: "off" }));
  }, quality);
  const heardOf = [];
  page.on("request", (request) => /\/stream\?/.test(request.url()) && heardOf.push(new URL(request.url()).pathname + new URL(request.url()).search));
  await page.goto(server);
  const play = page.locator("[data-action=play]").first();
  await play.waitFor();
  // What makes sound comes after what is seen.
  await page.waitForSelector("audio#deck", { state: "attached" });
  const script = fileURLToPath(import.meta.resolve("./recorder.js"));
  await page.addScriptTag({ path: script });
  await page.evaluate(async (hertz) => {
    const audio = document.querySelector("audio#deck");
    window.recording = await recorder(audio, hertz);
    window.ended = new Promise((done) => audio.addEventListener("ended", done, { once: true }));
  }, Number(rate));
  await play.click();
  const heard = await page.evaluate(async () => {
    await window.ended;
    return window.recording.heard();
  });
  await keep(file, heard);
  console.log(JSON.stringify(heardOf));
  // The recorder is a script of the test in the player's page, whose policy allows only its own.
}, { bypassCSP: true });
