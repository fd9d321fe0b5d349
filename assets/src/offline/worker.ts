// The service worker: the page, what it showed last, and the saved tracks, without a server.
import { ANSWERS, PARTS, PICTURES, savedAddress, TRACKS } from "./caches";
import { cutAt, restOf } from "./cut";
import { rangeOf, ruleOf } from "./rules";

/** What this file needs of the worker's scope; its full types exclude those of pages. */
interface Scope {
  location: Location;
  skipWaiting(): Promise<void>;
  clients: { claim(): Promise<void> };
  addEventListener(type: "install" | "activate", listener: (event: Lasting) => void): void;
  addEventListener(type: "fetch", listener: (event: Lasting & { request: Request; respondWith(answer: Promise<Response>): void }) => void): void;
  addEventListener(type: "message", listener: (event: Lasting & { data: unknown }) => void): void;
}
interface Lasting {
  waitUntil(work: Promise<unknown>): void;
}
const scope = globalThis as unknown as Scope;

const MOST_ANSWERS = 400;
const MOST_PICTURES = 1_500;
const PATIENCE_MS = 4_000;

scope.addEventListener("install", (event) => event.waitUntil(refresh().then(() => scope.skipWaiting())));
scope.addEventListener("activate", (event) => event.waitUntil(scope.clients.claim()));
scope.addEventListener("message", (event) => {
  if (event.data === "refresh") event.waitUntil(refresh());
});
scope.addEventListener("fetch", (event) => {
  const rule = ruleOf(event.request, scope.location.origin);
  if (rule.kind === "page") event.respondWith(page(event.request));
  else if (rule.kind === "asset") event.respondWith(kept(PARTS, event.request, Infinity));
  else if (rule.kind === "picture") event.respondWith(kept(PICTURES, event.request, MOST_PICTURES));
  else if (rule.kind === "answer") event.respondWith(answer(event.request));
  else if (rule.kind === "track") event.respondWith(track(event.request, rule.id));
});

/** Keeps all parts of the newest page, and lets older ones go. */
async function refresh(): Promise<void> {
  const cache = await caches.open(PARTS);
  const names: string[] = await (await fetch("/precache.json", { cache: "no-cache" })).json();
  const wanted = new Set(["/", "/icon.svg", "/manifest.webmanifest", ...names]);
  const have = new Set((await cache.keys()).map((request) => new URL(request.url).pathname));
  await Promise.all([...wanted].filter((path) => path === "/" || !have.has(path)).map((path) => cache.add(new Request(path, { cache: "no-cache" }))));
  await Promise.all([...have].filter((path) => !wanted.has(path)).map((path) => cache.delete(path)));
}

async function page(request: Request): Promise<Response> {
  const cache = await caches.open(PARTS);
  const controller = new AbortController();
  const timer = setTimeout(() => controller.abort(), PATIENCE_MS);
  try {
    return await fetch(request.url, { signal: controller.signal, headers: { accept: "text/html" }, credentials: "same-origin" });
  } catch {
    return (await cache.match("/")) ?? Response.error();
  } finally {
    clearTimeout(timer);
  }
}

async function kept(name: string, request: Request, most: number): Promise<Response> {
  const cache = await caches.open(name);
  const known = await cache.match(request);
  if (known) return known;
  const response = await fetch(request);
  if (response.ok) await keep(cache, request, response.clone(), most);
  return response;
}

async function answer(request: Request): Promise<Response> {
  const cache = await caches.open(ANSWERS);
  try {
    const response = await fetch(request);
    if (response.ok) await keep(cache, request, response.clone(), MOST_ANSWERS);
    return response;
  } catch (error) {
    const known = await cache.match(request);
    if (!known) throw error;
    const headers = new Headers(known.headers);
    headers.set("x-hexachord-kept", known.headers.get("date") ?? "");
    return new Response(known.body, { status: known.status, headers });
  }
}

/** What was saved sounds as it was saved, also with a server: that is what it was saved for. */
async function track(request: Request, id: string): Promise<Response> {
  const cache = await caches.open(TRACKS);
  const saved = await cache.match(savedAddress(id));
  if (!saved) return fetch(request);
  const headers = new Headers(saved.headers);
  const startMs = Number(new URL(request.url).searchParams.get("start_ms") ?? 0);
  if (startMs > 0) {
    const file = await saved.arrayBuffer();
    const { sound, frame } = restOf(headers.get("x-hexachord-sound") ?? "", startMs);
    const { head, from } = cutAt(file, frame);
    headers.set("x-hexachord-sound", sound);
    headers.delete("content-length");
    return new Response(new Blob([file.slice(0, head), file.slice(from)]), { headers });
  }
  const body = await saved.blob();
  const range = rangeOf(request.headers.get("range"), body.size);
  if (!range) return new Response(body, { headers });
  headers.set("content-range", `bytes ${range.from}-${range.to}/${body.size}`);
  headers.set("content-length", String(range.to - range.from + 1));
  return new Response(body.slice(range.from, range.to + 1), { status: 206, headers });
}

/** Puts it last, and lets the first go when there are too many. */
async function keep(cache: Cache, request: Request, response: Response, most: number): Promise<void> {
  try {
    await cache.delete(request);
    await cache.put(request, response);
    const keys = await cache.keys();
    if (keys.length > most) await Promise.all(keys.slice(0, keys.length - most).map((key) => cache.delete(key)));
  } catch {
    // No room: the answer goes out all the same.
  }
}
