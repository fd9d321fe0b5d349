// What is asked before the engine is here happens once it is.
import { expect, test, vi } from "vitest";
import type { Playable } from "./engine";
import { Waiting, type Sounding } from "./waiting";

const item = { key: 7 } as Playable;

function waiting() {
  const engine = { play: vi.fn() } as unknown as Sounding & { play: ReturnType<typeof vi.fn> };
  let [come, fail] = [() => {}, () => {}];
  const make = vi.fn(
    () =>
      new Promise<Sounding>((resolve, reject) => {
        come = () => resolve(engine);
        fail = () => reject(new Error("gone"));
      }),
  );
  const listener = { arrived: vi.fn(), failed: vi.fn() };
  return { engine, make, listener, come: () => come(), fail: () => fail(), waits: new Waiting(make, listener) };
}

test("the last wish is handed over with what was set", async () => {
  const { waits, engine, make, listener, come } = waiting();
  Object.assign(waits, { volume: 0.25, muted: true, speed: 1.5, crossfade: 4 });
  waits.play({ key: 1 } as Playable, 0, true);
  waits.play(item, 3, true);
  waits.seek(12);
  expect([waits.item, waits.position, waits.dry]).toEqual([item, 12, true]);
  waits.pause();
  come();
  await waits.load();
  expect(make).toHaveBeenCalledTimes(1);
  expect(listener.arrived).toHaveBeenCalledWith(engine);
  expect(engine).toMatchObject({ volume: 0.25, muted: true, speed: 1.5, crossfade: 4 });
  expect(engine.play.mock.calls).toEqual([[item, 12, false]]);
});

test("what was stopped is not begun", async () => {
  const { waits, engine, come } = waiting();
  waits.play(item);
  waits.stop();
  waits.resume();
  come();
  await waits.load();
  expect(engine.play).not.toHaveBeenCalled();
});

test("an engine that cannot be had is told where it was wanted, and asked for again", async () => {
  const { waits, make, listener, fail } = waiting();
  const idle = waits.load();
  fail();
  await idle;
  expect(listener.failed).not.toHaveBeenCalled();
  waits.play(item);
  const wanted = waits.load();
  fail();
  await wanted;
  expect(listener.failed).toHaveBeenCalledTimes(1);
  waits.play(item);
  expect(make).toHaveBeenCalledTimes(3);
});
