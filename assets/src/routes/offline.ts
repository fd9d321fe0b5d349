// The view of what is saved on this device.
import type { View } from ".";

export const offline: readonly View[] = [{ name: "offline", path: "/me/offline", load: () => import("@/views/offline/Offline.svelte") }];
