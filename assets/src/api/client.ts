// Talking to the server: JSON in and out, problems as errors, patience while a service restarts.
// Same requests in flight are shared; whoever leaves aborts.

/** What the server (or the lack of one) said. `status` is 0 when nothing answered. */
export class Problem extends Error {
  constructor(
    readonly status: number,
    message: string,
    /** The machine's word for it (`type` of the problem). */
    readonly kind: string = "",
    /** The field of the request that is wrong. */
    readonly field: string | null = null,
    /** The service that is away, where one is. */
    readonly service: string | null = null,
    readonly retryAfter: number | null = null,
  ) {
    super(message);
    this.name = "Problem";
  }

  /** Is it worth asking again by itself? */
  get passes(): boolean {
    return [0, 502, 503, 504].includes(this.status);
  }
}

export type Query = Record<string, string | number | boolean | null | undefined | readonly string[]>;

export interface Options {
  query?: Query;
  body?: unknown;
  signal?: AbortSignal | null;
  headers?: Record<string, string>;
  /** Goes on when the page is left; for small bodies. */
  keepalive?: boolean;
}

type Method = "GET" | "POST" | "PUT" | "PATCH" | "DELETE";

const ROOT = "/api/v1";

/** Called with every answer: 401 signs out, 0 and 503 tell that something is away. */
let listener: (problem: Problem | null) => void = () => {};
export function onAnswer(call: typeof listener): void {
  listener = call;
}

/** The address of something under the API: path with its query. */
export function address(path: string, query: Query = {}): string {
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    if (value === undefined || value === null || value === "") continue;
    if (Array.isArray(value)) for (const each of value) search.append(name, each);
    else search.set(name, String(value));
  }
  const text = search.toString();
  return ROOT + path + (text && `?${text}`);
}

export async function problemOf(response: Response): Promise<Problem> {
  const body = await response.json().catch(() => ({}));
  const words = body.detail || body.title || `The server answered with status ${response.status}`;
  const text = words.charAt(0).toUpperCase() + words.slice(1);
  const after = Number(response.headers.get("retry-after")) || null;
  const kind = String(body.type ?? "").replace(/^.*[/:#]/, "");
  return new Problem(response.status, text, kind, body.field ?? null, body.service ?? null, after);
}

async function send(method: Method, path: string, options: Options): Promise<Response> {
  const headers: Record<string, string> = { accept: "application/json", ...options.headers };
  let body: BodyInit | undefined;
  if (options.body instanceof Blob || typeof options.body === "string") body = options.body;
  else if (options.body !== undefined) {
    headers["content-type"] = "application/json";
    body = JSON.stringify(options.body);
  }
  let response: Response;
  try {
    response = await fetch(address(path, options.query), { method, headers, body, signal: options.signal, keepalive: options.keepalive });
  } catch (error) {
    if (error instanceof DOMException && error.name === "AbortError") throw error;
    const problem = new Problem(0, "The server does not answer");
    listener(problem);
    throw problem;
  }
  if (!response.ok) {
    const problem = await problemOf(response);
    listener(problem);
    throw problem;
  }
  // What the service worker had kept is no sign of the server.
  const isKept = response.headers.has("x-hexachord-kept");
  listener(isKept ? new Problem(0, "The server does not answer") : null);
  return response;
}

async function request<T>(method: Method, path: string, options: Options): Promise<T> {
  const text = await (await send(method, path, options)).text();
  return (text ? JSON.parse(text) : null) as T;
}

/** Why an element does not play what is at `path`: elements do not tell what the server said. `null`: the server sends it. */
export async function whyNot(path: string): Promise<Problem | null> {
  try {
    const response = await send("GET", path, {});
    await response.body?.cancel();
    return null;
  } catch (error) {
    return error instanceof Problem ? error : new Problem(-1, String(error));
  }
}

interface Flight {
  promise: Promise<unknown>;
  watchers: number;
  abort: AbortController;
}
const flights = new Map<string, Flight>();

/** Asks for what is at `path`. Two who ask for the same at once share one request. */
export function get<T>(path: string, options: Omit<Options, "body"> = {}): Promise<T> {
  const key = address(path, options.query);
  const { signal } = options;
  if (signal?.aborted) return Promise.reject(signal.reason);
  let flight = flights.get(key);
  if (!flight) {
    const abort = new AbortController();
    const promise = request<T>("GET", path, { ...options, signal: abort.signal }).finally(() => {
      if (flights.get(key) === flight) flights.delete(key);
    });
    promise.catch(() => {});
    flight = { promise, watchers: 0, abort };
    flights.set(key, flight);
  }
  const mine = flight;
  mine.watchers += 1;
  if (!signal) return mine.promise as Promise<T>;
  return new Promise<T>((resolve, reject) => {
    const leave = () => {
      mine.watchers -= 1;
      if (mine.watchers === 0) {
        mine.abort.abort();
        if (flights.get(key) === mine) flights.delete(key);
      }
      reject(signal.reason);
    };
    signal.addEventListener("abort", leave, { once: true });
    mine.promise.then(resolve as (value: unknown) => void, reject).finally(() => signal.removeEventListener("abort", leave));
  });
}

/** Whoever asks from now on, below a path or at all, asks anew: what is under way was asked for before something changed. */
export function dropFlights(prefix = ""): void {
  for (const key of flights.keys()) if (key.startsWith(address(prefix))) flights.delete(key);
}

export const post = <T = null>(path: string, body?: unknown, options: Options = {}) => request<T>("POST", path, { ...options, body });
export const put = <T = null>(path: string, body?: unknown, options: Options = {}) => request<T>("PUT", path, { ...options, body });
export const patch = <T = null>(path: string, body?: unknown, options: Options = {}) => request<T>("PATCH", path, { ...options, body });
export const remove = <T = null>(path: string, options: Options = {}) => request<T>("DELETE", path, options);

const WAITS = [1, 2, 5, 10, 30];

/** How long to wait before try number `attempt` (from 0), in milliseconds. */
export function waitBefore(attempt: number, retryAfter: number | null = null): number {
  return 1000 * (retryAfter ?? WAITS[Math.min(attempt, WAITS.length - 1)] ?? 30);
}
