// Finding one's way: home, the library's lists, folders, search, podcasts and radio stations.
import Home from "@/views/home/Home.svelte";
import type { View } from ".";

export const listening: readonly View[] = [
  // Most visits begin here: it comes with the page.
  { name: "home", path: "/", load: async () => ({ default: Home }) },
  { name: "albums", path: "/albums", load: () => import("@/views/albums/Albums.svelte") },
  { name: "artists", path: "/artists", load: () => import("@/views/artists/Artists.svelte") },
  { name: "genres", path: "/genres", load: () => import("@/views/genres/Genres.svelte") },
  { name: "decades", path: "/decades", load: () => import("@/views/decades/Decades.svelte") },
  { name: "decade", path: "/decades/:decade", load: () => import("@/views/decades/Decade.svelte") },
  { name: "folders", path: "/folders/*id", load: () => import("@/views/folders/Folders.svelte") },
  { name: "search", path: "/search", load: () => import("@/views/search/Search.svelte") },
  { name: "library", path: "/library", load: () => import("@/views/library/Library.svelte") },
  { name: "podcasts", path: "/podcasts", load: () => import("@/views/podcasts/Podcasts.svelte") },
  { name: "podcast", path: "/podcasts/:id", load: () => import("@/views/podcasts/Podcast.svelte") },
  { name: "stations", path: "/stations", load: () => import("@/views/stations/Stations.svelte") },
];
