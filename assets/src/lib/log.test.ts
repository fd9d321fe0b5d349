// The log is read, and then followed from its last line.
import { afterEach, expect, it, vi } from "vitest";
import { fieldsOf, LogTail } from "./log.svelte";

afterEach(() => vi.unstubAllGlobals());

const line = (sequence: number) => ({ sequence, time: "2026-11-27T12:00:00Z", level: "info", target: "t", message: `m${sequence}`, fields: {} });

it("goes on behind the last line", async () => {
  const asked: string[] = [];
  const tail = new LogTail("warn");
  vi.stubGlobal("fetch", (url: string) => {
    asked.push(url);
    if (asked.length === 3) tail.close();
    const items = asked.length < 3 ? [line(asked.length)] : [];
    return Promise.resolve(new Response(JSON.stringify({ items, last: 10 + asked.length, skipped: asked.length === 2 })));
  });
  await tail.run(() => true);
  expect(asked.slice(0, 2)).toEqual(["/api/v1/admin/log?level=warn&limit=500", "/api/v1/admin/log?level=warn&limit=500&after=11&wait_ms=10000"]);
  expect(asked[2]).toContain("after=12");
  expect(tail.lines.map((each) => each.sequence)).toEqual([1, 2]);
  expect(tail.skipped).toBe(true);
});

it("stops at a refusal", async () => {
  vi.stubGlobal("fetch", () => Promise.resolve(new Response(JSON.stringify({ detail: "not yours" }), { status: 403 })));
  const tail = new LogTail("info");
  await tail.run(() => true);
  expect(tail.error?.status).toBe(403);
  expect(tail.loading).toBe(false);
});

it("tells fields in one line", () => {
  expect(fieldsOf({ fields: { status: "200", ms: "3" } })).toBe("status=200 ms=3");
});
