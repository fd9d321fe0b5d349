// What the scan of the libraries does, in figures.
import type { Schema } from "@/api/types";

export type Scan = Schema<"ScanState">;
type Looked = Pick<Scan, "phase" | "found" | "to_read" | "read" | "files_per_second" | "added" | "updated" | "moved" | "missing" | "unreadable">;

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
