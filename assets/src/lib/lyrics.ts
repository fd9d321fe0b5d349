// Lyrics in time: which line and which word is sung.
import type { Schema } from "@/api/types";

export type Lyrics = Schema<"Lyrics">;
type Line = Lyrics["lines"][number];

/** The line that is sung at a time; −1: none yet. */
export function lineAt(lines: readonly Line[], ms: number): number {
  let found = -1;
  for (const [place, { start_ms }] of lines.entries()) if (start_ms != null && start_ms <= ms) found = place;
  return found;
}

/** How many words of a line were begun at a time. */
export const wordsAt = (line: Line, ms: number) => line.words.filter(({ start_ms }) => start_ms <= ms).length;

/** The version that suits the listener: in time first, then in the language. */
export function bestLyrics(items: readonly Lyrics[], language: string): number {
  const worth = ({ synced, language: of }: Lyrics) => (synced ? 2 : 0) + (of?.slice(0, 2) === language ? 1 : 0);
  let best = 0;
  for (const [place, item] of items.entries()) if (worth(item) > worth(items[best] as Lyrics)) best = place;
  return best;
}
