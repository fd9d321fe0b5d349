// What a cover looks like before it is here: its ThumbHash, some 25 bytes, as a blurred picture of 32 pixels.
import { thumbHashToRGBA } from "thumbhash";

const MOST = 300;
/** The same album is often drawn many times. */
const kept = new Map<string, ImageData | null>();

/** Draws a hash (base64) on a canvas, which takes its size; false for what is no hash. */
export function paint(canvas: HTMLCanvasElement, hash: string): boolean {
  const picture = decoded(hash);
  if (!picture) return false;
  canvas.width = picture.width;
  canvas.height = picture.height;
  canvas.getContext("2d")?.putImageData(picture, 0, 0);
  return true;
}

function decoded(hash: string): ImageData | null {
  let picture = kept.get(hash);
  if (picture === undefined) {
    const pixels = decode(hash);
    picture = pixels && new ImageData(pixels.rgba, pixels.width, pixels.height);
    kept.set(hash, picture);
    if (kept.size > MOST) kept.delete(kept.keys().next().value as string);
  }
  return picture;
}

export interface Pixels {
  width: number;
  height: number;
  rgba: Uint8ClampedArray<ArrayBuffer>;
}

/** The pixels of a hash; `null` for what is none, or is cut off. */
export function decode(hash: string): Pixels | null {
  let bytes: Uint8Array;
  try {
    bytes = Uint8Array.from(atob(hash), (letter) => letter.charCodeAt(0));
  } catch {
    return null;
  }
  if (bytes.length < lengthOf(bytes)) return null;
  const { w, h, rgba } = thumbHashToRGBA(bytes);
  return { width: w, height: h, rgba: new Uint8ClampedArray(rgba) };
}

/** How long a hash must be by what its head says: four bits for every wave of lightness, of the two colours, and of opacity. */
function lengthOf(bytes: Uint8Array): number {
  if (bytes.length < 6) return Infinity;
  const [, , third = 0, fourth = 0, fifth = 0] = bytes;
  const isOpen = third >> 7 === 1;
  const longest = isOpen ? 5 : 7;
  const shortest = Math.max(3, fourth & 7);
  const [across, down] = fifth >> 7 ? [longest, shortest] : [shortest, longest];
  const half = waves(across, down) + 2 * waves(3, 3) + (isOpen ? waves(5, 5) : 0);
  return (isOpen ? 6 : 5) + Math.ceil(half / 2);
}

function waves(across: number, down: number): number {
  let count = 0;
  for (let y = 0; y < down; y += 1) for (let x = y ? 0 : 1; x * down < across * (down - y); x += 1) count += 1;
  return count;
}
