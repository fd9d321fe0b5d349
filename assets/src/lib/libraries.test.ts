// The libraries, also of a server where they can be set at its start alone.
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

it("can be changed where the server lets one", async () => {
  respond({ "/api/v1/admin/libraries": { items: [{ id: "li-1", name: "Demo", path: "/d", track_count: 24, source: "demo" }] } });
  const libraries = new Libraries();
  await libraries.load();
  expect([libraries.changeable, libraries.demoOnly, libraries.tracks]).toEqual([true, true, 24]);
});

it("is shown where the server does not", async () => {
  respond({ "/api/v1/libraries": { items: [{ id: "li-1", name: "Music", folder: "/m", track_count: 3 }] } });
  const libraries = new Libraries();
  await libraries.load();
  expect([libraries.changeable, libraries.items?.[0]?.path, libraries.error]).toEqual([false, "/m", null]);
});
