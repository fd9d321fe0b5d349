// @vitest-environment jsdom
// The player before its engine is loaded: what is pressed meanwhile is what sounds in the end.
import { expect, it, vi } from "vitest";
import type { Account, Track } from "@/api/types";
import type { EngineHost, Playable } from "@/engine/engine";

const gate = vi.hoisted(() => {
  let open = () => {};
  const opened = new Promise<void>((resolve) => (open = resolve));
  return { opened, open: () => open() };
});
const played = vi.hoisted(() => [] as [string, number, boolean][]);

vi.mock("@/engine/engine", async () => {
  await gate.opened;
  class Engine {
    item: Playable | null = null;
    position = 0;
    length = null;
    dry = false;
    constructor(readonly host: EngineHost) {}
    play(item: Playable, seconds: number, sounding: boolean): void {
      [this.item, this.position] = [item, seconds];
      played.push([item.track.id, seconds, sounding]);
    }
    stop(): void {}
    revise(): void {}
    forget(): void {}
  }
  return { Engine };
});

const { player } = await import("./player.svelte");
const { queue } = await import("./queue.svelte");
const { session } = await import("./session.svelte");
const track = (id: number) => ({ id: `tr-${id}`, title: "", artists: [], album: { id: "al-1" }, duration_ms: 200_000, missing_since: null }) as unknown as Track;

it("plays what is left of what was pressed, from where was sought", async () => {
  vi.stubGlobal("fetch", () => Promise.resolve(Response.json({ items: [], track_ids: [] })));
  session.account = { id: "ac-1" } as Account;
  await player.play([track(0), track(1)], 0, "tracks");
  expect([player.playing, player.dry]).toEqual([true, true]);
  queue.take(new Set([queue.current?.key ?? 0]));
  expect(queue.current?.track.id).toBe("tr-1");
  player.seek(30);
  gate.open();
  await player.prepare();
  expect(played).toEqual([["tr-1", 30, true]]);
});
