// The libraries as an administrator sees them.
import { afterEach, expect, it, vi } from "vitest";
import { Libraries, nameOf } from "./libraries.svelte";

afterEach(() => vi.unstubAllGlobals());

const respond = (answers: Record<string, unknown>) =>
  vi.stubGlobal("fetch", (url: string) => {
    const found = answers[url];
    return Promise.resolve(found ? new Response(JSON.stringify(found)) : new Response("{}", { status: 404 }));
  });

it("names a library after its folder", () => {
  expect(nameOf("/srv/music/")).toBe("music");
  expect(nameOf("C:\\Music\\Jazz")).toBe("Jazz");
  expect(nameOf("/")).toBe("/");
});

it("knows a server that has nothing but what it was demonstrated with", async () => {
  respond({ "/api/v1/admin/libraries": { items: [{ id: "li-1", name: "Demo", path: "/d", track_count: 24, source: "demo" }] } });
  const libraries = new Libraries();
  await libraries.load();
  expect([libraries.demoOnly, libraries.tracks]).toEqual([true, 24]);
});
