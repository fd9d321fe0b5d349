// Plays pieces one behind the other as the player does, through a MediaSource, and prints as JSON what was
// heard: the first channel's samples, from a little before the first piece to behind the last.
// Arguments: the browser, a new profile folder, a file that lists the pieces in JSON: their files, MIME types,
// rates, exact numbers of frames, and delays in frames. All have one rate.

import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import { chromium } from "playwright-core";

const [executablePath, profile, list] = process.argv.slice(2);
const pieces = JSON.parse(await readFile(list, "utf8"));
const server = createServer(async (request, response) => {
  const piece = pieces[Number(request.url.slice(1))];
  response.setHeader("content-type", piece ? "application/octet-stream" : "text/html");
  response.end(piece ? await readFile(piece.file) : "<!doctype html><title>Joins</title><audio></audio>");
});
await new Promise((listening) => server.listen(0, "127.0.0.1", listening));

const args = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
  "--autoplay-policy=no-user-gesture-required",
];
const context = await chromium.launchPersistentContext(profile, { executablePath, headless: true, args });
try {
  const page = context.pages()[0] ?? (await context.newPage());
  await page.goto(`http://127.0.0.1:${server.address().port}/page`);
  const heard = await page.evaluate(async (all) => {
    const audio = document.querySelector("audio");
    const { rate } = all[0];
    const sound = new AudioContext({ sampleRate: rate });
    const recorder = `registerProcessor("recorder", class extends AudioWorkletProcessor {
      process([[channel]]) {
        if (channel) this.port.postMessage(channel.slice());
        return true;
      }
    });`;
    await sound.audioWorklet.addModule(URL.createObjectURL(new Blob([recorder], { type: "text/javascript" })));
    const node = new AudioWorkletNode(sound, "recorder");
    const blocks = [];
    node.port.onmessage = ({ data }) => blocks.push(data);
    sound.createMediaElementSource(audio).connect(node).connect(sound.destination);

    const media = new MediaSource();
    audio.src = URL.createObjectURL(media);
    await new Promise((opened) => media.addEventListener("sourceopen", opened, { once: true }));
    const buffer = media.addSourceBuffer(all[0].mime);
    let [start, mime] = [0, all[0].mime];
    for (const [number, piece] of all.entries()) {
      const bytes = await (await fetch(`/${number}`)).arrayBuffer();
      if (piece.mime !== mime) buffer.changeType((mime = piece.mime));
      // A quarter of a sample inside keeps rounding from taking the neighbour.
      const begin = (start + 0.25) / rate;
      buffer.appendWindowStart = 0;
      buffer.appendWindowEnd = begin + piece.frames / rate;
      buffer.appendWindowStart = begin;
      buffer.timestampOffset = begin - piece.delay / rate;
      const appended = new Promise((done, failed) => {
        buffer.addEventListener("updateend", done, { once: true });
        buffer.addEventListener("error", failed, { once: true });
      });
      buffer.appendBuffer(bytes);
      await appended;
      start += piece.frames;
    }
    media.endOfStream();
    const ended = new Promise((done, failed) => {
      audio.addEventListener("ended", done, { once: true });
      audio.addEventListener("error", () => failed(audio.error?.message), { once: true });
    });
    await sound.resume();
    await audio.play();
    await ended;
    // What was rendered last is on its way.
    while (blocks.length * 128 < start) await new Promise((later) => setTimeout(later, 20));
    await sound.suspend();
    return blocks.flatMap((block) => Array.from(block));
  }, pieces);
  console.log(JSON.stringify(heard));
} finally {
  await context.close();
  server.close();
}
