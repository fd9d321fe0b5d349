// All tracks of something, page by page, without those that are missing.
import { afterEach, expect, it, vi } from "vitest";
import { tracksOf } from "./gather";

const answers: Record<string, unknown> = {
  "/api/v1/tracks?artist=ar-1&sort=album&limit=500": { items: [{ id: "a" }, { id: "b", missing_since: "2026-01-01T00:00:00Z" }], next_cursor: "n" },
  "/api/v1/tracks?artist=ar-1&sort=album&limit=500&cursor=n": { items: [{ id: "c" }], next_cursor: null },
  "/api/v1/playlists/pl-1?limit=500": { id: "pl-1", tracks: { items: [{ track_id: "a", track: { id: "a" } }, { track_id: "x", track: null }], next_cursor: "n" } },
  "/api/v1/playlists/pl-1?limit=500&cursor=n": { id: "pl-1", tracks: { items: [{ track_id: "d", track: { id: "d" } }], next_cursor: null } },
};
const found = async (kind: "artist" | "playlist", id: string) => {
  vi.stubGlobal("fetch", async (address: string) => new Response(JSON.stringify(answers[address] ?? {}), { status: answers[address] ? 200 : 404 }));
  return (await tracksOf({ kind, id })).map((track) => track.id);
};

afterEach(() => vi.unstubAllGlobals());

it("reads all pages of an artist and of a playlist", async () => {
  expect(await found("artist", "ar-1")).toEqual(["a", "c"]);
  expect(await found("playlist", "pl-1")).toEqual(["a", "d"]);
});
