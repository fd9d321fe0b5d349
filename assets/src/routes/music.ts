// Albums, artists, tracks, genres, playlists, favourites and history.
import type { View } from ".";

export const music: readonly View[] = [
  { name: "tracks", path: "/tracks", load: () => import("@/views/tracks/Tracks.svelte") },
  { name: "album", path: "/albums/:id", load: () => import("@/views/album/Album.svelte") },
  { name: "artist", path: "/artists/:id", load: () => import("@/views/artist/Artist.svelte") },
  { name: "genre", path: "/genres/:id", load: () => import("@/views/genre/Genre.svelte") },
  { name: "playlists", path: "/playlists", load: () => import("@/views/playlists/Playlists.svelte") },
  { name: "playlist", path: "/playlists/:id", load: () => import("@/views/playlist/Playlist.svelte") },
  { name: "favourites", path: "/favourites", load: () => import("@/views/favourites/Favourites.svelte") },
  { name: "history", path: "/history", load: () => import("@/views/history/History.svelte") },
];
