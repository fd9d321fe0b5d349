// Lists that are read page by page.
import { afterEach, describe, expect, it, vi } from "vitest";
import { Pages } from "./pages.svelte";

function answer(pages: Record<string, { items: number[]; next_cursor: string | null } | 503>) {
  const asked: string[] = [];
  vi.stubGlobal("fetch", (url: string) => {
    asked.push(url);
    const page = pages[new URL(url, "http://h").searchParams.get("cursor") ?? ""];
    if (page === 503) return Promise.resolve(new Response(JSON.stringify({ detail: "away" }), { status: 503 }));
    return Promise.resolve(new Response(JSON.stringify(page)));
  });
  return asked;
}

afterEach(() => {
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

describe("Pages", () => {
  it("adds a page when more is asked for, until there is none", async () => {
    const asked = answer({ "": { items: [1, 2], next_cursor: "b" }, b: { items: [3], next_cursor: null } });
    const list = new Pages<number>("/list", { state: "open" }, 2);
    await list.load();
    expect([list.items, list.hasMore]).toEqual([[1, 2], true]);
    await list.more();
    expect([list.items, list.hasMore]).toEqual([[1, 2, 3], false]);
    await list.more();
    expect(asked).toEqual(["/api/v1/list?state=open&limit=2", "/api/v1/list?state=open&limit=2&cursor=b"]);
  });

  it("reads as much anew as is here", async () => {
    const server: Parameters<typeof answer>[0] = { "": { items: [1, 2], next_cursor: "b" }, b: { items: [3], next_cursor: null } };
    answer(server);
    const list = new Pages<number>("/list", {}, 2);
    await list.load();
    await list.more();
    server[""] = { items: [0, 1], next_cursor: "b" };
    list.refresh();
    expect(list.items).toEqual([1, 2, 3]);
    await vi.waitFor(() => expect(list.items).toEqual([0, 1, 3]));
  });

  it("keeps what it has when the next page cannot be read", async () => {
    answer({ "": { items: [1], next_cursor: "b" }, b: 503 });
    const list = new Pages<number>("/list");
    await list.load();
    await list.more();
    expect(list.items).toEqual([1]);
    expect(list.error?.message).toBe("Away");
    expect(list.loading).toBe(false);
    list.close();
  });

  it("tries again by itself while a service is away, until one leaves", async () => {
    vi.useFakeTimers();
    const asked = answer({ "": 503 });
    const list = new Pages<number>("/list");
    await list.load();
    await vi.advanceTimersByTimeAsync(1000);
    expect(asked).toHaveLength(2);
    list.close();
    await vi.advanceTimersByTimeAsync(60_000);
    expect(asked).toHaveLength(2);
  });
});
