// Part of a page: records what an audio element plays.

/** Blocks that are recorded once all is said to be played: what was rendered last may be on its way. */
const BLOCKS_BEHIND = 100;

/** Records the first channel of what the element plays, at this rate. */
window.recorder = async (audio, rate) => {
  // No device, so nothing but this page needs to be in time.
  const sound = new AudioContext({ sampleRate: rate, sinkId: { type: "none" } });
  const processor = `registerProcessor("recorder", class extends AudioWorkletProcessor {
    process([[channel]]) {
      this.port.postMessage(channel?.slice() ?? new Float32Array(128));
      return true;
    }
  });`;
  await sound.audioWorklet.addModule(URL.createObjectURL(new Blob([processor], { type: "text/javascript" })));
  const node = new AudioWorkletNode(sound, "recorder");
  const blocks = [];
  let enough = () => {};
  node.port.onmessage = ({ data }) => {
    blocks.push(data);
    enough();
  };
  sound.createMediaElementSource(audio).connect(node).connect(sound.destination);
  await sound.resume();

  /** Everything that was heard, in base64, once the last of it has come. */
  const heard = async () => {
    const all = blocks.length + BLOCKS_BEHIND;
    await new Promise((done) => (enough = () => blocks.length >= all && done()));
    await sound.close();
    const text = await new Promise((done) => {
      const reader = new FileReader();
      reader.onload = () => done(reader.result);
      reader.readAsDataURL(new Blob(blocks));
    });
    return text.slice(text.indexOf(",") + 1);
  };
  return { heard };
};

/** Resolves at the element's event; rejects when it fails. */
window.happens = (audio, event) =>
  new Promise((done, failed) => {
    audio.addEventListener(event, done, { once: true });
    audio.addEventListener("error", () => failed(new Error(audio.error?.message)), { once: true });
  });
