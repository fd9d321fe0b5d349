// The views of this part of the page: coming in, one's own things, statistics.
import type { View } from ".";

export const own: readonly View[] = [
  { name: "login", path: "/login", open: true, load: () => import("@/views/login/Login.svelte") },
  { name: "register", path: "/register", open: true, load: () => import("@/views/register/Register.svelte") },
  { name: "invite", path: "/invite/:code", open: true, load: () => import("@/views/register/Register.svelte") },
  { name: "setup", path: "/setup", open: true, load: () => import("@/views/setup/Setup.svelte") },
];
