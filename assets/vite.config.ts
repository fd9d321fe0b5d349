// How the player is built: hashed files for the browser cache, nothing inline (the page's policy forbids it).
import { fileURLToPath } from "node:url";
import { svelte } from "@sveltejs/vite-plugin-svelte";
import { build, type Plugin } from "vite";
import { defineConfig } from "vitest/config";
import { groups } from "./vite/chunks.ts";
import { viewFiles } from "./vite/view-files.ts";

const server = process.env.HEXACHORD_SERVER ?? "http://127.0.0.1:4747";
const outDir = process.env.HEXACHORD_PLAYER_OUT ?? "dist";
const alias = { "@": fileURLToPath(new URL("src", import.meta.url)) };
const proxied = ["/api", "/rest", "/s/", "/healthz", "/readyz"];

/** Tells the service worker which files make up the page: all scripts and styles, and the letters of Latin alone. */
function precache(): Plugin {
  const isWanted = (name: string) => /\.(js|css)$/.test(name) || /latin-wght.*\.woff2$/.test(name);
  return {
    name: "precache",
    generateBundle(_options, bundle) {
      const names = Object.keys(bundle).filter((name) => name.startsWith("assets/") && isWanted(name));
      this.emitFile({ type: "asset", fileName: "precache.json", source: JSON.stringify(names.sort().map((name) => `/${name}`)) });
    },
  };
}

/** Builds the service worker as one script at the root, whose address is its scope. */
function serviceWorker(): Plugin {
  return {
    name: "service-worker",
    apply: "build",
    async closeBundle() {
      await build({
        configFile: false,
        logLevel: "warn",
        resolve: { alias },
        build: {
          outDir,
          emptyOutDir: false,
          copyPublicDir: false,
          target: "es2022",
          rolldownOptions: { input: "src/offline/worker.ts", output: { entryFileNames: "sw.js", format: "iife" } },
        },
      });
    },
  };
}

export default defineConfig({
  base: "/",
  plugins: [svelte(), precache(), viewFiles(), serviceWorker()],
  resolve: {
    alias,
    conditions: process.env.VITEST ? ["browser"] : undefined,
  },
  build: {
    outDir,
    emptyOutDir: true,
    target: "es2022",
    assetsDir: "assets",
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    rolldownOptions: { output: { codeSplitting: { groups } } },
  },
  server: { proxy: Object.fromEntries(proxied.map((path) => [path, { target: server, changeOrigin: false }])) },
  test: { environment: "node", include: ["src/**/*.test.ts"] },
});
