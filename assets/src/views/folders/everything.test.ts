// A folder is played with everything below it, in order, and not without end.
import { describe, expect, it } from "vitest";
import type { Schema } from "@/api/types";
import { everythingIn } from "./everything";

const track = (id: string) => ({ track: { id } }) as unknown as Schema<"FolderItem">;
const folder = (id: string) => ({ folder: { id, name: id } }) as Schema<"FolderItem">;
const tree: Record<string, Schema<"FolderItem">[][]> = {
  root: [[folder("a"), folder("b")], [track("r1"), track("r2")]],
  a: [[track("a1")]],
  b: [[folder("deep"), track("b1")], [track("b2")]],
  deep: [[track("d1")]],
};
let asked = 0;
const read = (id: string, cursor: string | null | undefined) => {
  asked += 1;
  const place = Number(cursor ?? 0);
  const pages = tree[id] ?? [];
  return Promise.resolve({ id, name: id, above: [], items: pages[place] ?? [], next_cursor: place + 1 < pages.length ? String(place + 1) : null });
};
const ids = async (most: number) => (await everythingIn("root", most, read)).map(({ id }) => id);

describe("everythingIn", () => {
  it("walks the folders first, page by page", async () => {
    expect(await ids(100)).toEqual(["a1", "d1", "b1", "b2", "r1", "r2"]);
  });

  it("stops when it has enough", async () => {
    asked = 0;
    expect(await ids(1)).toEqual(["a1"]);
    expect(asked).toBeLessThan(4);
    for (const most of [2, 3, 4, 5]) expect((await ids(most)).length).toBe(most);
  });
});
