// Marks: asked for together, kept within bounds, and never another listener's.
import { beforeEach, expect, it, vi } from "vitest";
import { marks } from "./marks.svelte";

let asked: string[][] = [];
let rating = 3;
let answer: (ids: string[]) => Promise<Response>;
const all = (ids: string[]) => Promise.resolve(Response.json({ items: ids.map((item) => ({ item, favourite_since: null, rating, plays: 0 })) }));

beforeEach(() => {
  marks.forgetAll();
  vi.useFakeTimers();
  [asked, rating, answer] = [[], 3, all];
  vi.stubGlobal("fetch", (url: string, { method }: RequestInit) => {
    if (method !== "GET") return Promise.resolve(new Response(""));
    const ids = (new URL(url, "http://test").searchParams.get("ids") ?? "").split(",");
    asked.push(ids);
    return answer(ids);
  });
});

it("are asked for together, once", async () => {
  for (const id of ["tr-1", "tr-2", "tr-1"]) expect(marks.of(id).rating).toBe(0);
  await vi.advanceTimersByTimeAsync(50);
  expect(asked).toEqual([["tr-1", "tr-2"]]);
  expect(marks.of("tr-2").rating).toBe(3);
});

it("stay as they are until they are read again when the library changed", async () => {
  marks.of("tr-1");
  await vi.advanceTimersByTimeAsync(50);
  rating = 5;
  marks.refresh();
  expect(marks.of("tr-1").rating).toBe(3);
  await vi.advanceTimersByTimeAsync(50);
  expect(marks.of("tr-1").rating).toBe(5);
  expect(asked.length).toBe(2);
});

it("are not laid over what was changed while they were asked for", async () => {
  marks.of("tr-1");
  let arrive = () => {};
  answer = (ids) => new Promise((done) => (arrive = () => done(all(ids))));
  await vi.advanceTimersByTimeAsync(50);
  await marks.rate("tr-1", 1);
  arrive();
  await vi.advanceTimersByTimeAsync(50);
  expect(marks.of("tr-1").rating).toBe(1);
});

it("of one listener do not arrive at the next one", async () => {
  marks.of("tr-1");
  let arrive = () => {};
  answer = (ids) => new Promise((done) => (arrive = () => done(all(ids))));
  await vi.advanceTimersByTimeAsync(50);
  marks.forgetAll();
  arrive();
  await vi.advanceTimersByTimeAsync(10);
  expect(marks.of("tr-1").rating).toBe(0);
});

it("are kept of the newest five thousand", async () => {
  for (let id = 0; id < 5_500; id += 1) marks.of(`tr-${id}`);
  await vi.advanceTimersByTimeAsync(2_000);
  expect(asked.length).toBe(11);
  expect([marks.of("tr-400").rating, marks.of("tr-5499").rating]).toEqual([0, 3]);
});
