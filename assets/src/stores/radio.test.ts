// A radio goes on without repeating itself, also on servers that know only what is alike.
import { expect, it, vi } from "vitest";
import { radio } from "./radio";

const answer = (ids: number[]) => Response.json({ items: ids.map((id) => ({ track: { id: `tr-${id}` }, reason: {} })) });

it("names what came already", async () => {
  const asked: string[] = [];
  vi.stubGlobal("fetch", (url: string) => Promise.resolve((asked.push(url), answer([1, 2]))));
  const more = radio("al-1");
  expect((await more.fetch()).map(({ id }) => id)).toEqual(["tr-1", "tr-2"]);
  expect(await more.fetch()).toEqual([]);
  expect(new URL(asked[1] ?? "", "http://test").searchParams.get("exclude")).toBe("tr-1,tr-2");
});

it("goes on with what is like the last track where there is no radio", async () => {
  const asked: string[] = [];
  vi.stubGlobal("fetch", (url: string) => {
    asked.push(url.split("?")[0] ?? "");
    return Promise.resolve(url.includes("/radio") ? Response.json({ title: "Not Found" }, { status: 404 }) : answer([asked.length, 7]));
  });
  const more = radio("tr-7");
  expect((await more.fetch()).map(({ id }) => id)).toEqual(["tr-2"]);
  expect((await more.fetch()).map(({ id }) => id)).toEqual(["tr-4"]);
  expect(asked).toEqual(["/api/v1/radio", "/api/v1/tracks/tr-7/similar", "/api/v1/radio", "/api/v1/tracks/tr-2/similar"]);
});
