// @vitest-environment jsdom
// Presses: what is held goes on only where that is meant, and signs come before ratings.
import { beforeEach, expect, it, vi } from "vitest";

const player = vi.hoisted(() => ({ track: { id: "tr-1" }, volume: 0.5, toggle: vi.fn(), next: vi.fn(), seek: vi.fn(), now: () => 30, setVolume: vi.fn() }));
const rate = vi.hoisted(() => vi.fn(() => Promise.resolve()));
vi.mock("./player.svelte", () => ({ player }));
vi.mock("./marks.svelte", () => ({ marks: { rate } }));
const { keyboard } = await import("./keys.svelte");

function press(key: string, more: KeyboardEventInit = {}): KeyboardEvent {
  const event = new KeyboardEvent("keydown", { key, cancelable: true, ...more });
  keyboard.press(event);
  return event;
}

beforeEach(() => vi.clearAllMocks());

it("rates with Shift and a digit", () => {
  expect(press("$", { code: "Digit4", shiftKey: true }).defaultPrevented).toBe(true);
  expect(rate).toHaveBeenCalledWith("tr-1", 4);
});

it("does what a sign does where the layout has it on Shift and a digit", () => {
  press("=", { code: "Digit0", shiftKey: true });
  expect(rate).not.toHaveBeenCalled();
  expect(player.setVolume).toHaveBeenCalledWith(0.55);
});

it("goes on while a key is held only for seeking and loudness", () => {
  press("ArrowRight", { repeat: true });
  press("-", { repeat: true });
  expect([player.seek.mock.calls.length, player.setVolume.mock.calls.length]).toEqual([1, 1]);
  expect(press(" ", { repeat: true }).defaultPrevented).toBe(true);
  press("ArrowRight", { shiftKey: true, repeat: true });
  press("!", { code: "Digit1", shiftKey: true, repeat: true });
  expect([player.toggle.mock.calls.length, player.next.mock.calls.length, rate.mock.calls.length]).toEqual([0, 0, 0]);
});
