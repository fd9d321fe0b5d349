// The views of this part of the page: coming in, one's own things, statistics.
import type { View } from ".";

export const own: readonly View[] = [
  { name: "login", path: "/login", open: true, load: () => import("@/views/login/Login.svelte") },
  { name: "register", path: "/register", open: true, load: () => import("@/views/register/Register.svelte") },
  { name: "invite", path: "/invite", open: true, load: () => import("@/views/register/Register.svelte") },
  { name: "setup", path: "/setup", open: true, load: () => import("@/views/setup/Setup.svelte") },
  { name: "me", path: "/me", load: () => import("@/views/me/Profile.svelte") },
  { name: "security", path: "/me/security", load: () => import("@/views/me/Security.svelte") },
  { name: "apps", path: "/me/apps", load: () => import("@/views/me/Apps.svelte") },
  { name: "plan", path: "/me/plan", load: () => import("@/views/me/Plan.svelte") },
  { name: "shares", path: "/me/shares", load: () => import("@/views/me/Shares.svelte") },
  { name: "bookmarks", path: "/me/bookmarks", load: () => import("@/views/me/Bookmarks.svelte") },
  { name: "data", path: "/me/data", load: () => import("@/views/me/Data.svelte") },
  { name: "chat", path: "/me/chat", load: () => import("@/views/chat/Chat.svelte") },
  { name: "stats", path: "/stats", load: () => import("@/views/stats/Stats.svelte") },
];
