// The views of this part of the page.
import type { View } from ".";

export const own: readonly View[] = [];
