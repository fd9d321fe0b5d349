// The views of this device: what is saved on it, and the key that came to it by a QR code.
import type { View } from ".";

export const device: readonly View[] = [
  { name: "offline", path: "/me/offline", load: () => import("@/views/offline/Offline.svelte") },
  { name: "keys", path: "/keys", load: () => import("@/views/keys/Keys.svelte"), open: true },
];
