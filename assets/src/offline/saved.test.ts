// Saving tracks: several tabs keep one list, and one track that cannot be had does not keep the others from being saved.
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { Track } from "@/api/types";
import { INDEX, PICTURES, TRACKS } from "./caches";
// The first time takes long; no test is to wait for it.
import "./saved.svelte";

class Kept {
  entries = new Map<string, Response>();
  match = async (path: string) => this.entries.get(path)?.clone();
  put = async (path: string, answer: Response) => void this.entries.set(path, answer);
  delete = async (key: string | { path: string }) => this.entries.delete(typeof key === "string" ? key : key.path);
  keys = async () => [...this.entries.keys()].map((path) => ({ path, url: new URL(path, location.href).href }));
}

let kept: Map<string, Kept>;
let statuses: Record<string, number>;
let asked: string[];

beforeEach(() => {
  kept = new Map();
  statuses = {};
  asked = [];
  vi.stubGlobal("caches", {
    open: async (name: string) => kept.get(name) ?? kept.set(name, new Kept()).get(name),
    delete: async (name: string) => kept.delete(name),
  });
  let last: Promise<unknown> = Promise.resolve();
  const request = (_name: string, work: () => Promise<unknown>) => (last = last.then(work));
  vi.stubGlobal("navigator", { serviceWorker: {}, locks: { request }, storage: {} });
  vi.stubGlobal("isSecureContext", true);
  vi.stubGlobal("location", { href: "http://house/", origin: "http://house" });
  vi.stubGlobal("fetch", async (address: string) => {
    const id = /tracks\/([^/]+)\//.exec(address)?.[1] ?? "";
    asked.push(id);
    const status = statuses[id] ?? 200;
    return new Response(status === 200 ? "sound" : JSON.stringify({ detail: `no ${id}` }), { status });
  });
});
afterEach(() => vi.unstubAllGlobals());

const track = (id: string) => ({ id, title: id.toUpperCase() }) as Track;
/** Each has its own memory, and the same disk. */
const tab = async () => {
  vi.resetModules();
  const [{ saved }, { ui }] = await Promise.all([import("./saved.svelte"), import("@/stores/ui.svelte")]);
  return { saved, said: () => ui.notices.map(({ text }) => text) };
};
const listed = async () => ((await (await kept.get(TRACKS)?.match(INDEX))?.json()) ?? []).map((each: { track: Track }) => each.track.id).sort();

describe("saved tracks", () => {
  it("of two tabs are all kept", async () => {
    const [one, other] = [await tab(), await tab()];
    await Promise.all([one.saved.add([track("a"), track("b")]), other.saved.add([track("c")])]);
    expect(await listed()).toEqual(["a", "b", "c"]);
    await one.saved.remove(["a"]);
    expect(await listed()).toEqual(["b", "c"]);
    expect(one.saved.has("c")).toBe(true);
  });

  it("have their pictures with them, as large as they are shown, until they go", async () => {
    const { saved } = await tab();
    await saved.add([{ ...track("a"), cover: { hash: "ab" } }]);
    const sizes = () => [...(kept.get(PICTURES)?.entries.keys() ?? [])].map((path) => /tracks\/a\/cover\?size=(\d+)&v=ab$/.exec(path)?.[1]);
    expect(sizes()).toEqual(["64", "640"]);
    // A finer screen since.
    vi.stubGlobal("devicePixelRatio", 2);
    await saved.remove(["a"]);
    expect(sizes()).toEqual([]);
  });

  it("come without the one that cannot be had", async () => {
    statuses = { b: 404 };
    const { saved, said } = await tab();
    await saved.add([track("a"), track("b"), track("c")]);
    expect([await listed(), saved.done, saved.waiting]).toEqual([["a", "c"], 2, []]);
    expect(said().at(-1)).toBe("B: No b");
  });

  it("wait for another time where the session ended", async () => {
    statuses = { b: 401 };
    const { saved } = await tab();
    await saved.add([track("a"), track("b"), track("c")]);
    expect([await listed(), asked, saved.waiting]).toEqual([["a"], ["a", "b"], []]);
  });

  it("are not those of the listener before", async () => {
    const { saved } = await tab();
    const adding = saved.add([track("a")]);
    await saved.forgetAll();
    await adding;
    expect([await listed(), saved.tracks]).toEqual([[], []]);
  });
});
