// A colour of its own for everything that has a name.
/** Degrees on the wheel of hues, the same for the same name. */
export function hueOf(name: string): number {
  let hue = 7;
  for (const letter of name) hue = (hue * 31 + (letter.codePointAt(0) ?? 0)) % 360;
  return hue;
}
