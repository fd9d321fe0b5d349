// Decodes files as a page would, at 48 kHz, and prints as JSON how many frames and channels each has and its first
// channel's samples.
// Arguments: the browser, a new profile folder, the files.

import { readFile } from "node:fs/promises";

import { inBrowser } from "./browser.mjs";

await inBrowser(async (page, ...files) => {
  const decoded = [];
  for (const file of files) {
    const encoded = (await readFile(file)).toString("base64");
    decoded.push(
      await page.evaluate(async (text) => {
        const bytes = Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
        const audio = await new OfflineAudioContext(1, 1, 48000).decodeAudioData(bytes.buffer);
        const samples = Array.from(audio.getChannelData(0));
        return { frames: audio.length, channels: audio.numberOfChannels, samples };
      }, encoded),
    );
  }
  console.log(JSON.stringify(decoded));
});
