// The views of administrators.
import type { View } from ".";

export const admin: readonly View[] = [
  { name: "admin", path: "/admin", admin: true, load: () => import("@/views/admin/Overview.svelte") },
  { name: "admin-users", path: "/admin/users", admin: true, load: () => import("@/views/admin/Users.svelte") },
  { name: "admin-invites", path: "/admin/invites", admin: true, load: () => import("@/views/admin/Invites.svelte") },
  { name: "admin-libraries", path: "/admin/libraries", admin: true, load: () => import("@/views/admin/LibrariesView.svelte") },
  { name: "admin-scan", path: "/admin/scan", admin: true, load: () => import("@/views/admin/Scanning.svelte") },
  { name: "admin-edits", path: "/admin/edits", admin: true, load: () => import("@/views/admin/Edits.svelte") },
  { name: "admin-plans", path: "/admin/plans", admin: true, load: () => import("@/views/admin/Plans.svelte") },
  { name: "admin-members", path: "/admin/members", admin: true, load: () => import("@/views/admin/Members.svelte") },
  { name: "admin-ledger", path: "/admin/ledger", admin: true, load: () => import("@/views/admin/Ledger.svelte") },
  { name: "admin-services", path: "/admin/services", admin: true, load: () => import("@/views/admin/Services.svelte") },
  { name: "admin-log", path: "/admin/log", admin: true, load: () => import("@/views/admin/LogView.svelte") },
  { name: "admin-about", path: "/admin/about", admin: true, load: () => import("@/views/admin/About.svelte") },
];
