// Plays tracks one behind the other as the player does: fetched from the server, through a MediaSource, with
// nothing known of them but what the server says. Prints as JSON what it said of each, and keeps what was heard.
// Arguments: the browser, a new profile folder, the file to keep the recording in, the server's address, a
// credential, the addresses of the streams.

import { inBrowser } from "./browser.mjs";
import { keep, openBench } from "./recording.mjs";

await inBrowser(async (page, file, server, credential, ...streams) => {
  await openBench(page, server);
  const [said, heard] = await page.evaluate(
    async ([headers, addresses]) => {
      const fetched = [];
      for (const address of addresses) {
        const response = await fetch(address, { headers });
        if (!response.ok) throw new Error(`${address}: ${await response.text()}`);
        const fields = response.headers.get("x-hexachord-sound").split("; ");
        const sound = Object.fromEntries(fields.map((field) => field.split("=")).map(([name, value]) => [name, +value]));
        fetched.push({ sound, mime: response.headers.get("content-type"), bytes: await response.arrayBuffer() });
      }

      const audio = document.querySelector("audio");
      const { rate } = fetched[0].sound;
      const recording = await recorder(audio, rate);
      const media = new MediaSource();
      audio.src = URL.createObjectURL(media);
      await new Promise((opened) => media.addEventListener("sourceopen", opened, { once: true }));
      let [start, mime] = [0, fetched[0].mime];
      const buffer = media.addSourceBuffer(mime);
      for (const { sound, bytes, ...piece } of fetched) {
        if (piece.mime !== mime) buffer.changeType((mime = piece.mime));
        // A quarter of a sample inside keeps rounding from taking the neighbour.
        const begin = (start + 0.25) / rate;
        buffer.appendWindowStart = 0;
        buffer.appendWindowEnd = begin + sound.frames / rate;
        buffer.appendWindowStart = begin;
        buffer.timestampOffset = begin - (sound.start + sound.delay) / rate;
        const appended = happens(buffer, "updateend");
        buffer.appendBuffer(bytes);
        await appended;
        start += sound.frames;
      }
      media.endOfStream();
      const ended = happens(audio, "ended");
      await audio.play();
      await ended;
      return [fetched.map(({ mime, sound }) => ({ mime, sound })), await recording.heard()];
    },
    [{ authorization: `Bearer ${credential}` }, streams],
  );
  await keep(file, heard);
  console.log(JSON.stringify(said));
});
