// Which requests the service worker answers, and from what: pure, so that it can be tested.

import { PICTURES } from "./caches";

/**
 * What needs no worker: browsers that know such routes (Chromium 123) do not wake it, nor wait for it. What changes something
 * may be lost on its way through a worker when the page is left meanwhile.
 */
export const ROUTES = [
  ...["POST", "PUT", "PATCH", "DELETE"].map((requestMethod) => ({ condition: { requestMethod }, source: "network" })),
  { condition: { urlPattern: { pathname: "/api/v1/*/cover" } }, source: { cacheName: PICTURES } },
  { condition: { urlPattern: { pathname: "/api/v1/search*" } }, source: "network" },
  { condition: { urlPattern: { pathname: "/api/v1/events" } }, source: "network" },
];

export type Rule =
  /** A view: the newest page, else the one that is kept. */
  | { kind: "page" }
  /** Named by its content: from the cache for ever. */
  | { kind: "asset" }
  /** A picture that its hash names: as it was saved with its track, else what the browser has, else the server's. */
  | { kind: "picture" }
  /** What the interface told last, when it cannot be asked. */
  | { kind: "answer" }
  /** A track: as it was saved, when it was. */
  | { kind: "track"; id: string }
  /** Not ours. */
  | { kind: "network" };

/** Answers that are worth having without a server; nothing of administration, and no streams of events. */
const ANSWERS =
  /^\/api\/v1\/(?:(?:server|me(?:\/(?:favourites|annotations|queue|recent\/albums))?)$|(?:albums|artists|tracks|genres|playlists|decades|recommendations|mixes|rediscover)(?:\/|$))/;
const NOT_ANSWERS = /\/(events|stream|download|hls|cover|file)(\/|$)/;

export function ruleOf(request: { method: string; mode: string; url: string }, origin: string): Rule {
  const url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== origin) return { kind: "network" };
  const { pathname } = url;
  const stream = /^\/api\/v1\/tracks\/([^/]+)\/stream$/.exec(pathname);
  if (stream) return { kind: "track", id: decodeURIComponent(stream[1] ?? "") };
  if (/^\/api\/v1\/.*\/cover$/.test(pathname)) return url.searchParams.has("v") ? { kind: "picture" } : { kind: "network" };
  if (ANSWERS.test(pathname) && !NOT_ANSWERS.test(pathname)) return { kind: "answer" };
  if (pathname.startsWith("/assets/") || pathname === "/icon.svg" || pathname === "/manifest.webmanifest") return { kind: "asset" };
  if (request.mode === "navigate" && !/^\/(api|rest|s|assets)(\/|$)/.test(pathname)) return { kind: "page" };
  return { kind: "network" };
}

/** The part of a saved track that was asked for (RFC 9110, section 14); `null`: the whole. */
export function rangeOf(header: string | null, size: number): { from: number; to: number } | null {
  const found = /^bytes=(\d*)-(\d*)$/.exec(header ?? "");
  if (!found || (!found[1] && !found[2])) return null;
  const from = found[1] ? Number(found[1]) : Math.max(0, size - Number(found[2]));
  const to = found[1] && found[2] ? Math.min(Number(found[2]), size - 1) : size - 1;
  return from <= to ? { from, to } : null;
}
