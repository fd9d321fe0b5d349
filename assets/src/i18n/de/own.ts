// Own in German.
import type { own as english } from "../en/own";

export const own: Record<keyof typeof english, string> = {};
