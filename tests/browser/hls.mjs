// Plays a track's HTTP Live Streaming: by hls.js, or by the browser alone as a phone would. Prints as JSON how long
// the track is said to be, where it was begun, and which variants its segments came from, and keeps what was heard.
// Arguments: the browser, a new profile folder, the file to keep the recording in, the master playlist's address,
// the rate to record at, and in JSON how to play: `account` to sign in with as the page does, or the `token` to send
// along; where to begin, `from` seconds; for hls.js the number of the first `variant`, and of the `next` one to
// change to behind the first segment.

import { inBrowser } from "./browser.mjs";
import { keep, openBench } from "./recording.mjs";

await inBrowser(async (page, file, master, rate, how) => {
  await openBench(page, master, "hls.js/dist/hls.min.js");
  const [said, heard] = await page.evaluate(
    async ([address, rate, { account, token, from, variant, next }]) => {
      const audio = document.querySelector("audio");
      const recording = await recorder(audio, rate);
      const variants = [];
      if (account) {
        const [method, headers] = ["POST", { "content-type": "application/json" }];
        await fetch("/api/v1/session", { method, headers, body: JSON.stringify(account) });
        const loaded = happens(audio, "loadedmetadata");
        audio.src = address;
        await loaded;
      } else {
        const authorize = (request) => request.setRequestHeader("authorization", `Bearer ${token}`);
        const hls = new Hls({ enableWorker: false, xhrSetup: authorize, startLevel: variant, autoStartLoad: false });
        hls.on(Hls.Events.FRAG_BUFFERED, (_, { frag }) => variants.push(hls.levels[frag.level].url[0].split("/").at(-2)));
        hls.once(Hls.Events.FRAG_LOADED, () => (hls.loadLevel = next ?? variant));
        await new Promise((done, failed) => {
          hls.on(Hls.Events.ERROR, (_, { fatal, details, error }) => failed(new Error(`${fatal} ${details} ${error}`)));
          hls.once(Hls.Events.BUFFERED_TO_END, done);
          hls.once(Hls.Events.MANIFEST_PARSED, () => {
            hls.loadLevel = variant;
            hls.startLoad(0);
          });
          hls.attachMedia(audio);
          hls.loadSource(address);
        });
      }
      if (from) {
        const arrived = happens(audio, "seeked");
        audio.currentTime = from;
        await arrived;
      }
      const [duration, began] = [audio.duration, audio.currentTime];
      const ended = happens(audio, "ended");
      await audio.play();
      await ended;
      return [{ duration, began, ended: audio.currentTime, variants }, await recording.heard()];
    },
    [master, Number(rate), JSON.parse(how)],
  );
  await keep(file, heard);
  console.log(JSON.stringify(said));
});
