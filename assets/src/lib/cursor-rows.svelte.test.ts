// Pages are read one behind the other, once each, until there are no more.
import { afterEach, describe, expect, it, vi } from "vitest";
import { CursorRows } from "./cursor-rows.svelte";

const pages: Record<string, { items: number[]; next_cursor: string | null }> = {
  "": { items: [1, 2], next_cursor: "b" },
  b: { items: [3, 4], next_cursor: "c" },
  c: { items: [5], next_cursor: null },
};

function server(failing = new Set<string>()) {
  const asked: string[] = [];
  vi.stubGlobal("fetch", async (address: string) => {
    const cursor = new URL(address, "http://host").searchParams.get("cursor") ?? "";
    asked.push(cursor);
    if (failing.delete(cursor)) return new Response(JSON.stringify({ detail: "away" }), { status: 503 });
    return new Response(JSON.stringify(pages[cursor]));
  });
  return asked;
}

afterEach(() => {
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

describe("CursorRows", () => {
  it("reads the first page at once, and the next when it is wanted", async () => {
    const asked = server();
    const rows = new CursorRows<number>("/x");
    await rows.more();
    expect(rows.items).toEqual([1, 2]);
    rows.want(0, 1);
    expect(asked).toEqual([""]);
    rows.want(0, 2);
    rows.want(0, 2);
    await rows.more();
    expect(rows.items).toEqual([1, 2, 3, 4]);
    expect(asked).toEqual(["", "b"]);
  });

  it("takes rows from behind what is here, and no more than there are", async () => {
    const asked = server();
    const rows = new CursorRows<number>("/x");
    expect(await rows.take(1, 3)).toEqual([2, 3, 4]);
    expect(rows.ended).toBe(false);
    expect(await rows.take(3, 100)).toEqual([4, 5]);
    expect(rows.ended).toBe(true);
    await rows.more();
    expect(asked).toEqual(["", "b", "c"]);
  });

  it("keeps what is here when a page fails, and reads on when asked again", async () => {
    server(new Set(["b"]));
    const rows = new CursorRows<number>("/x");
    await rows.more();
    await rows.more();
    expect(rows.error?.message).toBe("Away");
    expect(rows.items).toEqual([1, 2]);
    await rows.more();
    expect(rows.error).toBeNull();
    expect(rows.items).toEqual([1, 2, 3, 4]);
  });

  it("reads as much anew as is here, and goes on behind it", async () => {
    const asked = server();
    const rows = new CursorRows<number>("/x");
    await rows.take(0, 4);
    asked.length = 0;
    rows.refresh();
    await rows.more();
    expect([asked, rows.items]).toEqual([["", "b"], [1, 2, 3, 4]]);
    await rows.more();
    expect([rows.items.at(-1), rows.ended]).toEqual([5, true]);
  });

  it("reads anew behind what is under way, and what failed of it again, also at the end of the list", async () => {
    vi.useFakeTimers();
    const failing = new Set<string>();
    const asked = server(failing);
    const rows = new CursorRows<number>("/x");
    void rows.more();
    rows.refresh();
    await rows.take(0, 100);
    expect([rows.items, rows.ended]).toEqual([[1, 2, 3, 4, 5], true]);
    failing.add("b");
    asked.length = 0;
    rows.refresh();
    await vi.advanceTimersByTimeAsync(0);
    expect([rows.error?.status, rows.items.length]).toEqual([503, 5]);
    await vi.advanceTimersByTimeAsync(1_000);
    expect([asked, rows.error]).toEqual([["", "b", "", "b", "c"], null]);
  });

  it("asks again by itself while a service is away", async () => {
    vi.useFakeTimers();
    server(new Set([""]));
    const rows = new CursorRows<number>("/x");
    await vi.advanceTimersByTimeAsync(0);
    expect(rows.error?.status).toBe(503);
    await vi.advanceTimersByTimeAsync(1_000);
    expect([rows.items, rows.error]).toEqual([[1, 2], null]);
  });

  it("finds items that lie deeper", async () => {
    vi.stubGlobal("fetch", async () => new Response(JSON.stringify({ name: "a folder", inside: pages.c })));
    const rows = new CursorRows<number, { name: string; inside: { items: number[] } }>("/y", {}, (answer) => answer.inside);
    await rows.more();
    expect(rows.items).toEqual([5]);
    expect(rows.first?.name).toBe("a folder");
  });
});
