// The accent that suits a colour: its hue, as light or dark as the theme needs to be read on every surface.
// Computed in OKLCH, where equal steps look equal.

export type Theme = "dark" | "light";
export interface Accent {
  accent: string;
  /** Text that stands on the accent. */
  onAccent: string;
}

/** Of the theme's surfaces, the one on which its accent is hardest to read; and where lightness begins and ends. */
const THEMES: Record<Theme, { worst: string; step: number; bound: (lightness: number) => number; onAccent: string }> = {
  dark: { worst: "#24272c", step: 0.01, bound: (lightness) => Math.max(lightness, 0.7), onAccent: "#0b0c0e" },
  light: { worst: "#f0f0ed", step: -0.01, bound: (lightness) => Math.min(lightness, 0.55), onAccent: "#ffffff" },
};
const CONTRAST = 4.5;
const MOST_CHROMA = 0.17;
/** Below it a colour has no hue worth keeping. */
const GREY = 0.03;

type Triple = readonly [number, number, number];

/** `null` for what is no colour of the form `#rrggbb`. */
export function accentOf(colour: string, theme: Theme): Accent | null {
  const rgb = parse(colour);
  if (!rgb) return null;
  const { worst, step, bound, onAccent } = THEMES[theme];
  const [given, a, b] = toLab(rgb.map(linear) as unknown as Triple);
  const chroma = Math.hypot(a, b);
  const wanted = chroma < GREY ? 0 : Math.min(chroma, MOST_CHROMA);
  const hue = Math.atan2(b, a);
  let lightness = bound(given);
  let accent = hex(intoGamut(lightness, wanted, hue));
  while (contrast(accent, worst) < CONTRAST && lightness > 0 && lightness < 1) {
    lightness += step;
    accent = hex(intoGamut(lightness, wanted, hue));
  }
  return { accent, onAccent };
}

/** How well one colour is read on another, from 1 to 21 (WCAG 2). */
export function contrast(one: string, other: string): number {
  const [darker, lighter] = [luminance(one), luminance(other)].sort((a, b) => a - b) as [number, number];
  return (lighter + 0.05) / (darker + 0.05);
}

function luminance(colour: string): number {
  const [r, g, b] = (parse(colour) ?? [0, 0, 0]).map(linear) as unknown as Triple;
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

function parse(colour: string): Triple | null {
  const found = /^#([\da-f]{2})([\da-f]{2})([\da-f]{2})$/i.exec(colour.trim());
  return found ? (found.slice(1).map((part) => parseInt(part, 16) / 255) as unknown as Triple) : null;
}

const hex = (rgb: Triple) => `#${rgb.map((part) => Math.round(255 * part).toString(16).padStart(2, "0")).join("")}`;

const linear = (part: number) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4);
const encoded = (part: number) => (part <= 0.0031308 ? 12.92 * part : 1.055 * part ** (1 / 2.4) - 0.055);

/** The colour with the greatest chroma up to `chroma` that a screen can show. */
function intoGamut(lightness: number, chroma: number, hue: number): Triple {
  const at = (c: number) => fromLab([lightness, c * Math.cos(hue), c * Math.sin(hue)]);
  let best = at(chroma);
  if (!isShown(best)) {
    let [low, high] = [0, chroma];
    while (high - low > 0.0005) {
      const middle = (low + high) / 2;
      if (isShown(at(middle))) low = middle;
      else high = middle;
    }
    best = at(low);
  }
  return best.map((part) => encoded(Math.min(1, Math.max(0, part)))) as unknown as Triple;
}

const isShown = (rgb: Triple) => rgb.every((part) => part >= -0.0001 && part <= 1.0001);

/** From linear sRGB to OKLab. */
function toLab([r, g, b]: Triple): Triple {
  const l = Math.cbrt(0.4122214708 * r + 0.5363325363 * g + 0.0514459929 * b);
  const m = Math.cbrt(0.2119034982 * r + 0.6806995451 * g + 0.1073969566 * b);
  const s = Math.cbrt(0.0883024619 * r + 0.2817188376 * g + 0.6299787005 * b);
  return [
    0.2104542553 * l + 0.793617785 * m - 0.0040720468 * s,
    1.9779984951 * l - 2.428592205 * m + 0.4505937099 * s,
    0.0259040371 * l + 0.7827717662 * m - 0.808675766 * s,
  ];
}

/** From OKLab to linear sRGB, which may lie outside of what a screen shows. */
function fromLab([lightness, a, b]: Triple): Triple {
  const l = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3;
  const m = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3;
  const s = (lightness - 0.0894841775 * a - 1.291485548 * b) ** 3;
  return [
    4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s,
    -1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s,
    -0.0041960863 * l - 0.7034186147 * m + 1.707614701 * s,
  ];
}
