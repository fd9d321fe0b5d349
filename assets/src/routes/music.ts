// Albums, artists, tracks, genres, playlists, favourites and history.
import type { View } from ".";

export const music: readonly View[] = [];
