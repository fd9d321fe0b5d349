// What a cover looks like while it loads: its ThumbHash, drawn small and stretched.

const SIDE = 24;

/** Cosines of `terms` waves at each of `size` points. */
const waves = (size, terms) => Array.from({ length: size }, (_, at) =>
  Array.from({ length: terms }, (_, wave) => Math.cos((Math.PI / size) * (at + 0.5) * wave)));

/** The pixels of a ThumbHash without transparency; null for anything else. */
function pixels(text) {
  const hash = Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
  const head = hash[0] | (hash[1] << 8) | (hash[2] << 16);
  const tail = hash[3] | (hash[4] << 8);
  if (hash.length < 5 || head >> 23) return null;
  const [landscape, across] = [tail >> 15, Math.max(3, tail & 7)];
  const [nx, ny] = landscape ? [7, across] : [across, 7];
  let half = 10;
  const next = () => ((hash[half >> 1] >> ((half++ & 1) * 4)) & 15) / 7.5 - 1;
  const terms = (columns, rows, scale) => {
    const found = [];
    for (let y = 0; y < rows; y++) {
      for (let x = y ? 0 : 1; x * rows < columns * (rows - y); x++) found.push([x, y, 2 * scale * next()]);
    }
    return found;
  };
  const light = terms(nx, ny, ((head >> 18) & 31) / 31);
  const yellow = terms(3, 3, (((tail >> 3) & 63) / 63) * 1.25);
  const red = terms(3, 3, (((tail >> 9) & 63) / 63) * 1.25);
  const base = [(head & 63) / 63, ((head >> 6) & 63) / 31.5 - 1, ((head >> 12) & 63) / 31.5 - 1];
  const [width, height] = nx > ny ? [SIDE, Math.round((SIDE * ny) / nx)] : [Math.round((SIDE * nx) / ny), SIDE];
  const [fx, fy] = [waves(width, 7), waves(height, 7)];
  const image = new ImageData(width, height);
  for (let y = 0, i = 0; y < height; y++) {
    for (let x = 0; x < width; x++, i += 4) {
      const sum = (list, from) => list.reduce((all, [cx, cy, factor]) => all + factor * fx[x][cx] * fy[y][cy], from);
      const [l, p, q] = [sum(light, base[0]), sum(yellow, base[1]), sum(red, base[2])];
      const b = l - (2 / 3) * p;
      const r = (3 * l - b + q) / 2;
      image.data.set([255 * r, 255 * (r - q), 255 * b, 255], i);
    }
  }
  return image;
}

/** A blurred picture; null where there is none. */
export function blurred(thumbhash) {
  const image = thumbhash && pixels(thumbhash);
  if (!image) return null;
  const canvas = document.createElement("canvas");
  [canvas.width, canvas.height] = [image.width, image.height];
  canvas.getContext("2d").putImageData(image, 0, 0);
  return canvas;
}
