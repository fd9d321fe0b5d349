// Albums, artists, tracks, genres, playlists, favourites and history.
import type { View } from ".";

export const music: readonly View[] = [
  { name: "tracks", path: "/tracks", load: () => import("@/views/tracks/Tracks.svelte") },
];
