// Listening in Spanish.
import type { listening as english } from "../en/listening";

export const listening: Record<keyof typeof english, string> = {};
