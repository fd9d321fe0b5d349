// What was asked for before a change is not kept behind it.
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { forget, forgetAll, Query } from "./query.svelte";

let held: ((words: string) => void)[];
beforeEach(() => {
  held = [];
  vi.stubGlobal("fetch", () => new Promise<Response>((resolve) => held.push((words) => resolve(new Response(JSON.stringify(words))))));
});
afterEach(() => {
  forgetAll();
  vi.unstubAllGlobals();
});

it("does not keep the answer for one listener for the next", async () => {
  const first = new Query<string>("/me/queue");
  first.open();
  forgetAll();
  held[0]?.("of the first");
  await vi.waitFor(() => expect(held).toHaveLength(2));
  expect([first.data, new Query<string>("/me/queue").data]).toEqual([undefined, undefined]);
  held[1]?.("of the next");
  await vi.waitFor(() => expect(first.data).toBe("of the next"));
  first.close();
});

it("does not take the answer from before a write for that behind it", async () => {
  const list = new Query<string>("/playlists");
  list.open();
  forget("/playlists");
  expect(held).toHaveLength(2);
  held[1]?.("new");
  await vi.waitFor(() => expect(list.data).toBe("new"));
  held[0]?.("old");
  await new Promise((resolve) => setTimeout(resolve));
  expect([list.data, new Query<string>("/playlists").data]).toEqual(["new", "new"]);
  list.close();
});
