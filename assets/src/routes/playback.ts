// The views of what plays: the scene, the queue, how it sounds.
import type { View } from ".";

export const playback: readonly View[] = [
  { name: "now", path: "/now", load: () => import("@/views/now/Now.svelte") },
  { name: "queue", path: "/queue", load: () => import("@/views/queue/Queue.svelte") },
  { name: "playback", path: "/me/playback", load: () => import("@/views/playback/Playback.svelte") },
];
