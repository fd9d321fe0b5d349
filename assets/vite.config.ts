// How the player is built: hashed files for the browser cache, nothing inline (the page's policy forbids it).
import { fileURLToPath } from "node:url";
import { svelte } from "@sveltejs/vite-plugin-svelte";
import { defineConfig } from "vitest/config";

const server = process.env.HEXACHORD_SERVER ?? "http://127.0.0.1:4747";
const proxied = ["/api", "/rest", "/s/", "/keys", "/healthz", "/readyz"];

export default defineConfig({
  base: "/",
  plugins: [svelte()],
  resolve: {
    alias: { "@": fileURLToPath(new URL("src", import.meta.url)) },
    conditions: process.env.VITEST ? ["browser"] : undefined,
  },
  build: {
    outDir: process.env.HEXACHORD_PLAYER_OUT ?? "dist",
    emptyOutDir: true,
    target: "es2022",
    assetsDir: "assets",
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    manifest: true,
  },
  server: { proxy: Object.fromEntries(proxied.map((path) => [path, { target: server, changeOrigin: false }])) },
  test: { environment: "jsdom", include: ["src/**/*.test.ts"] },
});
