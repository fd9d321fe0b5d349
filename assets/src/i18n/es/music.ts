// Rows, cards and what one does with music, in Spanish.
import type { music as english } from "../en/music";

export const music: Record<keyof typeof english, string> = {};
