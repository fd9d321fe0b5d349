// The service worker: the page, what it showed last, and the saved tracks, without a server.
import { ANSWERS, PARTS, PICTURES, savedAddress, TRACKS } from "./caches";
import { cutAt, restOf } from "./cut";
import { rangeOf, ROUTES, ruleOf } from "./rules";

/** What this file needs of the worker's scope; its full types exclude those of pages. */
interface Scope {
  location: Location;
  skipWaiting(): Promise<void>;
  clients: { claim(): Promise<void> };
  addEventListener(type: "install", listener: (event: Lasting & { addRoutes?(routes: unknown): Promise<void> }) => void): void;
  addEventListener(type: "activate", listener: (event: Lasting) => void): void;
  addEventListener(type: "fetch", listener: (event: Lasting & { request: Request; respondWith(answer: Promise<Response>): void }) => void): void;
  addEventListener(type: "message", listener: (event: Lasting & { data: unknown }) => void): void;
}
interface Lasting {
  waitUntil(work: Promise<unknown>): void;
}
const scope = globalThis as unknown as Scope;

const MOST_ANSWERS = 400;
const PATIENCE_MS = 4_000;
const TRIM_EVERY = 50;
/** What is read anew each time. */
const ALWAYS = ["/", "/icon.svg", "/manifest.webmanifest"];

scope.addEventListener("install", (event) => {
  event.waitUntil(refresh().then(() => scope.skipWaiting()));
  // Without them everything comes by the worker, as in browsers that do not know them.
  event.waitUntil(Promise.resolve(event.addRoutes?.(ROUTES)).catch(() => {}));
});
scope.addEventListener("activate", (event) => event.waitUntil(scope.clients.claim()));
scope.addEventListener("message", (event) => {
  if (event.data === "refresh") event.waitUntil(refresh());
});
scope.addEventListener("fetch", (event) => {
  const rule = ruleOf(event.request, scope.location.origin);
  if (rule.kind === "page") event.respondWith(page(event.request));
  else if (rule.kind === "asset") event.respondWith(part(event, event.request));
  else if (rule.kind === "picture") event.respondWith(picture(event.request));
  else if (rule.kind === "answer") event.respondWith(answer(event, event.request));
  else if (rule.kind === "track") event.respondWith(track(event.request, rule.id));
});

/**
 * Keeps all parts of the newest page. The page itself comes last, when everything that it names is here; the parts of the
 * page before stay for the tabs that still show it, until the next time.
 */
async function refresh(): Promise<void> {
  const cache = await caches.open(PARTS);
  const answer = await fetch("/precache.json", { cache: "no-cache" });
  if (!answer.ok) return;
  const text = await answer.text();
  const before = await cache.match("/precache.json").then((known) => known?.text());
  const paths = (list: string | undefined) => JSON.parse(list ?? "[]") as string[];
  const have = new Set((await cache.keys()).map((request) => new URL(request.url).pathname));
  await Promise.all(paths(text).filter((path) => !have.has(path)).map((path) => cache.add(path)));
  for (const path of ALWAYS) await cache.add(new Request(path, { cache: "no-cache", redirect: "error" }));
  if (text === before) return;
  await cache.put("/precache.json", new Response(text, { headers: { "content-type": "application/json" } }));
  const wanted = new Set([...ALWAYS, "/precache.json", ...paths(text), ...paths(before)]);
  await Promise.all([...have].filter((path) => !wanted.has(path)).map((path) => cache.delete(path)));
}

/** Waits so long for a server that may have gone, where there is something else to show. */
const late = () => new Promise<never>((_, fail) => setTimeout(() => fail(new Error("the server does not answer in time")), PATIENCE_MS));

/** Does something before the server answer in its place? A proxy says so when the server is gone. */
const isGone = (response: Response) => [502, 504].includes(response.status);

async function page(request: Request): Promise<Response> {
  const known = await (await caches.open(PARTS)).match("/");
  if (!known) return fetch(request);
  try {
    const response = await Promise.race([fetch(request), late()]);
    return response.status >= 500 ? known : response;
  } catch {
    return known;
  }
}

async function part(event: Lasting, request: Request): Promise<Response> {
  const cache = await caches.open(PARTS);
  const known = await cache.match(request);
  if (known) return known;
  const response = await fetch(request);
  event.waitUntil(keep(cache, request, response, Infinity));
  return response;
}

async function picture(request: Request): Promise<Response> {
  return (await (await caches.open(PICTURES)).match(request)) ?? fetch(request);
}

async function answer(event: Lasting, request: Request): Promise<Response> {
  const cache = await caches.open(ANSWERS);
  const known = await cache.match(request);
  try {
    const response = await (known ? Promise.race([fetch(request), late()]) : fetch(request));
    if (known && isGone(response)) return asKept(known);
    event.waitUntil(keep(cache, request, response, MOST_ANSWERS));
    return response;
  } catch (error) {
    if (!known) throw error;
    return asKept(known);
  }
}

/** Says of an answer that it is an older one. */
function asKept(known: Response): Response {
  const headers = new Headers(known.headers);
  headers.set("x-hexachord-kept", known.headers.get("date") ?? "");
  return new Response(known.body, { status: known.status, headers });
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

let puts = 0;

/** Keeps a whole answer, and now and then lets the oldest go. */
async function keep(cache: Cache, request: Request, response: Response, most: number): Promise<void> {
  if (response.status !== 200) return;
  try {
    await cache.put(request, response.clone());
    puts += 1;
    if (puts % TRIM_EVERY !== 0) return;
    const keys = await cache.keys();
    await Promise.all(keys.slice(0, Math.max(0, keys.length - most)).map((key) => cache.delete(key)));
  } catch {
    // No room: the answer went out all the same.
  }
}
