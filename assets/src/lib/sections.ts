// The places that the navigation leads to.
import Calendar from "@lucide/svelte/icons/calendar-range";
import Disc from "@lucide/svelte/icons/disc-3";
import Folder from "@lucide/svelte/icons/folder";
import Heart from "@lucide/svelte/icons/heart";
import History from "@lucide/svelte/icons/history";
import House from "@lucide/svelte/icons/house";
import ListMusic from "@lucide/svelte/icons/list-music";
import Mic from "@lucide/svelte/icons/mic-vocal";
import Music from "@lucide/svelte/icons/music";
import Podcast from "@lucide/svelte/icons/podcast";
import RadioTower from "@lucide/svelte/icons/radio-tower";
import Search from "@lucide/svelte/icons/search";
import Settings from "@lucide/svelte/icons/settings-2";
import Tags from "@lucide/svelte/icons/tags";
import User from "@lucide/svelte/icons/circle-user-round";
import type { Component } from "svelte";
import type { Key } from "@/i18n/index.svelte";

export interface Section {
  path: string;
  label: Key;
  icon: Component<{ size?: number }>;
  group: "top" | "library" | "own" | "house";
  admin?: boolean;
}

export const sections: readonly Section[] = [
  { path: "/", label: "nav.home", icon: House, group: "top" },
  { path: "/search", label: "nav.search", icon: Search, group: "top" },
  { path: "/albums", label: "nav.albums", icon: Disc, group: "library" },
  { path: "/artists", label: "nav.artists", icon: Mic, group: "library" },
  { path: "/tracks", label: "nav.tracks", icon: Music, group: "library" },
  { path: "/genres", label: "nav.genres", icon: Tags, group: "library" },
  { path: "/decades", label: "nav.decades", icon: Calendar, group: "library" },
  { path: "/folders", label: "nav.folders", icon: Folder, group: "library" },
  { path: "/podcasts", label: "nav.podcasts", icon: Podcast, group: "library" },
  { path: "/stations", label: "nav.stations", icon: RadioTower, group: "library" },
  { path: "/favourites", label: "nav.favourites", icon: Heart, group: "own" },
  { path: "/playlists", label: "nav.playlists", icon: ListMusic, group: "own" },
  { path: "/history", label: "nav.history", icon: History, group: "own" },
  { path: "/me", label: "nav.me", icon: User, group: "house" },
  { path: "/admin", label: "nav.admin", icon: Settings, group: "house", admin: true },
];

/** Is this section the one that is shown? Statistics are among one's own pages. */
export function isCurrent(section: string, path: string): boolean {
  if (section === "/me" && path === "/stats") return true;
  return section === "/" ? path === "/" : path === section || path.startsWith(`${section}/`);
}
