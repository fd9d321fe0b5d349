// A playlist that is changed: seen at once, told in order, taken back when the server refuses.
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { ui } from "@/stores/ui.svelte";
import { PlaylistRows } from "./playlist-rows.svelte";
import { shifted } from "./shifts";

/** A server with one playlist that keeps revisions as ours does. */
class Server {
  ids = ["a", "b", "c", "d", "e"];
  revision = 1;
  calls: string[] = [];

  answer = async (address: string, { method = "GET", body }: RequestInit = {}) => {
    this.calls.push(`${method} ${address.replace("/api/v1", "").replace(/\?.*/, "")}`);
    const asked = body ? JSON.parse(String(body)) : {};
    if (asked.revision !== undefined && asked.revision !== this.revision) return new Response(JSON.stringify({ detail: "changed" }), { status: 409 });
    if (method === "PATCH") this.ids = shifted(this.ids, asked);
    if (method === "DELETE") this.ids = this.ids.filter((_, place) => !asked.positions.includes(place));
    if (method === "POST") this.ids.splice(asked.position ?? this.ids.length, 0, ...asked.track_ids);
    if (method !== "GET") this.revision += 1;
    const list = { id: "pl-1", name: "Mine", revision: this.revision };
    const items = this.ids.map((id, position) => ({ position, track_id: id, track: { id } }));
    return new Response(JSON.stringify(method === "GET" ? { ...list, tracks: { items, next_cursor: null } } : list));
  };
}

let server: Server;
const opened = async () => {
  const rows = new PlaylistRows("pl-1");
  await vi.waitFor(() => expect(rows.total).toBe(5));
  return rows;
};
const shown = (rows: PlaylistRows) => rows.entries.map(({ id }) => id).join("");

beforeEach(() => {
  server = new Server();
  vi.stubGlobal("fetch", server.answer);
});
afterEach(() => {
  vi.unstubAllGlobals();
  ui.notices = [];
});

describe("PlaylistRows", () => {
  it("shows a move before the server knows, and can take it back", async () => {
    const rows = await opened();
    const moved = rows.move([0, 3], 5);
    expect(shown(rows)).toBe("bcead");
    expect(await moved).toBe(true);
    expect(server.ids.join("")).toBe("bcead");
    await ui.notices.at(-1)?.action?.run();
    expect(shown(rows)).toBe("abcde");
    expect(server.ids.join("")).toBe("abcde");
  });

  it("puts removed tracks back where they were", async () => {
    const rows = await opened();
    await rows.remove([1, 2, 4]);
    expect(server.ids.join("")).toBe("ad");
    await ui.notices.at(-1)?.action?.run();
    expect(server.ids.join("")).toBe("abcde");
    expect(shown(rows)).toBe("abcde");
  });

  it("tells changes that follow quickly one after the other", async () => {
    const rows = await opened();
    const all = [rows.move([0], 2), rows.move([1], 3), rows.remove([0])];
    expect(await Promise.all(all)).toEqual([true, true, true]);
    expect(server.ids.join("")).toBe(shown(rows));
  });

  it("offers to take back only what was done last", async () => {
    const rows = await opened();
    await Promise.all([rows.move([0], 2), rows.move([1], 3)]);
    await rows.remove([4]);
    expect(ui.notices.filter(({ action }) => action)).toHaveLength(1);
    await ui.notices.at(-1)?.action?.run();
    expect(server.ids).toContain("e");
    expect(shown(rows)).toBe(server.ids.join(""));
  });

  it("does not put what was read before a change in its place", async () => {
    const rows = await opened();
    rows.refresh();
    await Promise.resolve();
    const moved = rows.move([0], 5);
    expect(await moved).toBe(true);
    await vi.waitFor(() => expect(rows.loading).toBe(false));
    expect(shown(rows)).toBe("bcdea");
  });

  it("reads the list anew when somebody else changed it", async () => {
    const rows = await opened();
    server.ids = ["x", ...server.ids];
    server.revision += 1;
    expect(await rows.move([0], 2)).toBe(false);
    expect(shown(rows)).toBe("xabcde");
    expect(ui.notices.at(-1)?.kind).toBe("wrong");
  });
});
