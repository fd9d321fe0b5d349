// The last letter wins: what was asked before is given up, and half a field keeps what was found.
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { Search } from "./search.svelte";

const empty = { artists: [], albums: [], tracks: [], playlists: [], marked: {} };
let asked: { q: string; answer: (body: unknown, status?: number) => Promise<void>; aborted: () => boolean }[] = [];

beforeEach(() => {
  asked = [];
  vi.useFakeTimers();
  vi.stubGlobal("fetch", (address: string, { signal }: { signal: AbortSignal }) => {
    const url = new URL(address, "http://host");
    const q = url.searchParams.get("q") ?? "";
    if (url.pathname.endsWith("/suggestions")) return Promise.resolve(new Response('{"items":[{"text":"Björk","kind":"artist"}]}'));
    return new Promise((resolve, reject) => {
      signal.addEventListener("abort", () => reject(new DOMException("left", "AbortError")));
      const answer = async (body: unknown, status = 200) => {
        resolve(new Response(JSON.stringify(body), { status }));
        await vi.advanceTimersByTimeAsync(0);
      };
      asked.push({ q, answer, aborted: () => signal.aborted });
    });
  });
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

describe("Search", () => {
  it("asks at once for the first letter, and once for those that follow fast", async () => {
    const search = new Search();
    for (const text of ["b", "bj", "bjö"]) search.look(text);
    expect(asked.map(({ q }) => q)).toEqual(["b"]);
    await vi.advanceTimersByTimeAsync(50);
    expect(asked.map(({ q, aborted }) => [q, aborted()])).toEqual([["b", true], ["bjö", false]]);
    await asked[1]?.answer(empty);
    expect([search.found, search.results, search.suggestions[0]?.text]).toEqual(["bjö", empty, "Björk"]);
  });

  it("says of the first results that they are slow, and no longer once they are here", async () => {
    const search = new Search();
    search.look("a");
    await vi.advanceTimersByTimeAsync(140);
    expect(search.slow).toBe(false);
    search.look("ab");
    await vi.advanceTimersByTimeAsync(20);
    expect(search.slow).toBe(true);
    await asked.at(-1)?.answer(empty);
    expect(search.slow).toBe(false);
    search.look("abc");
    await vi.advanceTimersByTimeAsync(1_000);
    expect(search.slow).toBe(false);
  });

  it("gives up what was asked before", async () => {
    const search = new Search();
    search.look("a");
    await vi.advanceTimersByTimeAsync(50);
    search.look("ab");
    await vi.advanceTimersByTimeAsync(50);
    expect(asked.map(({ q, aborted }) => [q, aborted()])).toEqual([["a", true], ["ab", false]]);
    await asked[1]?.answer(empty);
    expect(search.found).toBe("ab");
  });

  it("shows at once what it has seen, and nothing for nothing", async () => {
    const search = new Search();
    search.look("a");
    await vi.advanceTimersByTimeAsync(50);
    await asked[0]?.answer({ ...empty, artists: [{ id: "ar-1" }] });
    search.look(" ");
    expect([search.found, search.results]).toEqual(["", null]);
    search.look("a ");
    expect(search.results?.artists.length).toBe(1);
    search.close();
  });

  it("keeps what was found while a field is typed half, and says why", async () => {
    const search = new Search();
    search.look("a");
    await vi.advanceTimersByTimeAsync(50);
    await asked[0]?.answer(empty);
    search.look("a year:x");
    await vi.advanceTimersByTimeAsync(50);
    await asked[1]?.answer({ detail: "year: write a year" }, 400);
    expect([search.found, search.hint, search.error]).toEqual(["a", "Year: write a year", null]);
    search.look("a year:1990");
    await vi.advanceTimersByTimeAsync(50);
    await asked[2]?.answer({ detail: "search is away" }, 503);
    expect(search.error?.status).toBe(503);
  });
});
