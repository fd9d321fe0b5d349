// How large a genre's tile is: the few that hold most of the music stand out, the many small ones do not.
export type Size = "small" | "wide" | "large";

/** Of every eight tiles about one is large and two are wide; where all hold the same, none is. */
export function sizes(counts: readonly number[]): Size[] {
  const falling = counts.toSorted((a, b) => b - a);
  const at = (share: number) => falling[Math.floor(falling.length * share)] ?? Infinity;
  const [large, wide] = [at(1 / 8), at(3 / 8)];
  return counts.map((count) => {
    if (counts.length < 8) return "wide";
    if (count > large) return "large";
    return count > wide ? "wide" : "small";
  });
}
