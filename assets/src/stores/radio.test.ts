// A radio goes on without repeating itself.
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
