// How a scan is told.
import { describe, expect, it } from "vitest";
import { changes, isRunning, progress, remaining } from "./scan";

const scan = { phase: "reading" as const, found: 100, to_read: 80, read: 20, files_per_second: 30, added: 12, updated: 0, moved: 0, missing: 3, unreadable: 0 };

describe("a scan", () => {
  it("tells how far it is", () => {
    expect(progress(scan)).toBe(0.25);
    expect(remaining(scan)).toBe(2000);
  });

  it("tells nothing that it does not know", () => {
    expect(progress({ ...scan, phase: "walking" })).toBeNull();
    expect(progress({ ...scan, to_read: 0 })).toBeNull();
    expect(remaining({ ...scan, files_per_second: 0 })).toBeNull();
  });

  it("names what changed alone", () => {
    expect(changes(scan)).toEqual([{ kind: "added", n: 12 }, { kind: "missing", n: 3 }]);
  });

  it("runs while it walks or reads", () => {
    expect(isRunning(scan)).toBe(true);
    expect(isRunning({ phase: "finished" })).toBe(false);
    expect(isRunning(null)).toBe(false);
  });
});
