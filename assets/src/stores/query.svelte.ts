// What was read from the server, kept for a while: shown at once when it is asked for again, and read anew behind it
// (stale while revalidate). Retries by itself while a service is away.
import { address, dropFlights, get, Problem, waitBefore, type Query as Parameters } from "@/api/client";
import { showing, type Shown } from "./shown";

const MOST = 200;
const kept = new Map<string, unknown>();
/** Another one whenever everything was forgotten: what was asked for before that is not kept. */
let epoch = 0;

function keep(key: string, value: unknown): void {
  kept.delete(key);
  kept.set(key, value);
  if (kept.size > MOST) kept.delete(kept.keys().next().value as string);
}

/** Forgets everything: another listener signed in, or the server says that the library changed. */
export function forgetAll(): void {
  epoch += 1;
  kept.clear();
  dropFlights();
}

/** Forgets what is below a path, for example after a change: `forget("/playlists")`. */
export function forget(prefix: string): void {
  dropFlights(prefix);
  for (const key of kept.keys()) if (key.startsWith(address(prefix))) kept.delete(key);
  for (const query of alive) if (query.key.startsWith(address(prefix))) void query.load();
}

const alive = new Set<Query<unknown>>();

/** How what is at a path is read, where that takes more than one request. */
type Reader<T> = (path: string, options: { query: Parameters; signal: AbortSignal }) => Promise<T>;

/** One answer of the server with its state; made by [`query`]. */
export class Query<T> implements Shown {
  data = $state.raw<T | undefined>(undefined);
  error = $state.raw<Problem | null>(null);
  loading = $state(true);
  readonly key: string;
  #abort = new AbortController();
  #timer: ReturnType<typeof setTimeout> | undefined;
  #attempt = 0;
  /** The newest reading is the one that counts. */
  #round = 0;
  #leave = () => {};

  constructor(
    readonly path: string,
    readonly parameters: Parameters = {},
    readonly read: Reader<T> = get,
  ) {
    this.key = address(path, parameters);
    if (kept.has(this.key)) this.data = kept.get(this.key) as T;
  }

  async load(): Promise<void> {
    clearTimeout(this.#timer);
    this.loading = true;
    this.#round += 1;
    const [round, begun] = [this.#round, epoch];
    try {
      const data = await this.read(this.path, { query: this.parameters, signal: this.#abort.signal });
      if (round !== this.#round) return;
      // It was asked for by another listener, or of another library.
      if (begun !== epoch) return this.load();
      keep(this.key, data);
      this.data = data;
      this.error = null;
      this.#attempt = 0;
      this.loading = false;
    } catch (error) {
      if (this.#abort.signal.aborted || round !== this.#round) return;
      this.loading = false;
      this.error = error instanceof Problem ? error : new Problem(-1, String(error));
      if (this.error.passes) {
        this.#timer = setTimeout(() => void this.load(), waitBefore(this.#attempt, this.error.retryAfter));
        this.#attempt += 1;
      }
    }
  }

  refresh(): void {
    void this.load();
  }

  retry(): void {
    if (this.error?.passes && !this.loading) void this.load();
  }

  /** Changes what is shown at once, before the server has confirmed; the next load tells the truth. */
  set(data: T): void {
    this.data = data;
    keep(this.key, data);
  }

  /** @internal */
  open(): void {
    alive.add(this as Query<unknown>);
    this.#leave = showing(this);
    void this.load();
  }

  /** @internal */
  close(): void {
    alive.delete(this as Query<unknown>);
    this.#leave();
    clearTimeout(this.#timer);
    this.#abort.abort();
  }
}

/**
 * The answer at a path, for as long as the component lives and the path stays: `const album = query(() => \`/albums/${id}\`)`,
 * then `album.current.data`. `null` asks for nothing.
 */
export function query<T>(path: () => string | null, parameters: () => Parameters = () => ({}), read?: Reader<T>): { readonly current: Query<T> | null } {
  const current = $derived.by(() => {
    const where = path();
    return where === null ? null : new Query<T>(where, parameters(), read);
  });
  $effect(() => {
    const mine = current;
    mine?.open();
    return () => mine?.close();
  });
  return {
    get current() {
      return current;
    },
  };
}
