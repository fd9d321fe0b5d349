// What the scan of the libraries does, told by the server as it goes.
import { address } from "@/api/client";
import type { Schema } from "@/api/types";

export type Scan = Schema<"ScanState">;
type Looked = Pick<Scan, "phase" | "found" | "to_read" | "read" | "files_per_second" | "added" | "updated" | "moved" | "missing" | "unreadable">;

const AGAIN_MS = 15_000;

export const isRunning = (scan: Pick<Scan, "phase"> | null | undefined) => scan?.phase === "walking" || scan?.phase === "reading";

/** How far it is, 0 to 1; `null` while nobody can tell. */
export function progress(scan: Looked): number | null {
  if (scan.phase !== "reading" || scan.to_read === 0) return null;
  return Math.min(1, scan.read / scan.to_read);
}

/** Milliseconds that the rest takes at this speed; `null` when there is nothing to go by. */
export function remaining(scan: Looked): number | null {
  if (scan.phase !== "reading" || !scan.files_per_second) return null;
  return (Math.max(0, scan.to_read - scan.read) / scan.files_per_second) * 1000;
}

/** What the scan changed, without what it did not. */
export function changes(scan: Looked): { kind: "added" | "updated" | "moved" | "missing" | "unreadable"; n: number }[] {
  const kinds = ["added", "updated", "moved", "missing", "unreadable"] as const;
  return kinds.map((kind) => ({ kind, n: scan[kind] })).filter((change) => change.n > 0);
}

/** Follows the scan while somebody looks. */
export class ScanWatch {
  state = $state.raw<Scan | null>(null);
  /** Nobody tells at the moment. */
  lost = $state(false);
  #source: EventSource | null = null;
  #timer: ReturnType<typeof setTimeout> | undefined;

  /** @returns how to stop. */
  open(): () => void {
    const listen = () => this.#listen();
    document.addEventListener("visibilitychange", listen);
    this.#listen();
    return () => {
      document.removeEventListener("visibilitychange", listen);
      this.#close();
    };
  }

  #close(): void {
    clearTimeout(this.#timer);
    this.#source?.close();
    this.#source = null;
  }

  #listen(): void {
    this.#close();
    // A page that nobody sees leaves its connection to others.
    if (document.hidden) return;
    const source = new EventSource(address("/admin/scan/events"));
    source.addEventListener("scan", (event) => {
      this.state = JSON.parse(event.data) as Scan;
      this.lost = false;
    });
    source.addEventListener("error", () => {
      this.lost = true;
      // The browser connects again by itself, unless the server answered that it will not tell.
      if (source.readyState === EventSource.CLOSED) this.#timer = setTimeout(() => this.#listen(), AGAIN_MS);
    });
    this.#source = source;
  }
}
