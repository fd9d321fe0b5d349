// Playback in French.
import type { playback as english } from "../en/playback";

export const playback: Record<keyof typeof english, string> = {};
