// What is asked before the engine is here happens once it is.
import { expect, test, vi } from "vitest";
import type { Playable } from "./engine";
import { Waiting, type Sounding } from "./waiting";

const item = { key: 7 } as Playable;
const engine = () => ({ play: vi.fn() }) as unknown as Sounding & { play: ReturnType<typeof vi.fn> };

test("the last wish is handed over with what was set", () => {
  const wake = vi.fn();
  const waiting = new Waiting(wake);
  Object.assign(waiting, { volume: 0.25, muted: true, speed: 1.5, crossfade: 4 });
  waiting.play({ key: 1 } as Playable, 0, true);
  waiting.play(item, 3, true);
  waiting.seek(12);
  waiting.pause();
  const real = engine();
  waiting.handOver(real);
  expect(wake).toHaveBeenCalledTimes(2);
  expect(real).toMatchObject({ volume: 0.25, muted: true, speed: 1.5, crossfade: 4 });
  expect(real.play.mock.calls).toEqual([[item, 12, false]]);
});

test("what was stopped is not begun", () => {
  const waiting = new Waiting(() => {});
  waiting.play(item);
  waiting.stop();
  waiting.resume();
  const real = engine();
  waiting.handOver(real);
  expect(real.play).not.toHaveBeenCalled();
});
