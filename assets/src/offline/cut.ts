// The rest of a saved track from somewhere in it: fragmented MP4 (ISO/IEC 14496-12) is cut between its fragments, as the
// server would make it from there.

/** What decoders of Opus need before the first frame that is heard, in frames at 48 kHz; other codecs need less. */
const PREROLL = 3840;

interface Box {
  type: string;
  from: number;
  to: number;
}

function* boxes(bytes: DataView, from: number, to: number): Generator<Box> {
  for (let at = from; at + 8 <= to; ) {
    const size = bytes.getUint32(at);
    if (size < 8 || at + size > to) return;
    yield { type: String.fromCharCode(...[4, 5, 6, 7].map((place) => bytes.getUint8(at + place))), from: at, to: at + size };
    at += size;
  }
}

/** The time of a fragment (`tfdt`), in frames. */
function timeOf(bytes: DataView, moof: Box): number {
  for (const traf of boxes(bytes, moof.from + 8, moof.to)) {
    if (traf.type !== "traf") continue;
    for (const box of boxes(bytes, traf.from + 8, traf.to)) {
      if (box.type !== "tfdt") continue;
      return bytes.getUint8(box.from + 8) === 1 ? Number(bytes.getBigUint64(box.from + 12)) : bytes.getUint32(box.from + 12);
    }
  }
  return 0;
}

/** Where the file is cut so that it begins at a frame: the length of what describes it, and where its fragments go on. */
export function cutAt(file: ArrayBuffer, frame: number): { head: number; from: number } {
  const bytes = new DataView(file);
  let head = 0;
  let from = 0;
  for (const box of boxes(bytes, 0, file.byteLength)) {
    if (box.type !== "moof") continue;
    if (head === 0) head = from = box.from;
    if (timeOf(bytes, box) > frame - PREROLL) break;
    from = box.from;
  }
  return { head, from };
}

/** What is told of the rest (`x-hexachord-sound`), and its first frame. */
export function restOf(sound: string, startMs: number): { sound: string; frame: number } {
  const value = (name: string) => Number(new RegExp(`\\b${name}=(\\d+)`).exec(sound)?.[1] ?? 0);
  const skipped = Math.round((startMs * value("rate")) / 1000);
  const frame = value("start") + skipped;
  const told = sound.replace(/\bstart=\d+/, `start=${frame}`).replace(/\bframes=\d+/, `frames=${Math.max(0, value("frames") - skipped)}`);
  return { sound: told, frame: frame + value("delay") };
}
