// Presses by their names, sequences, and other keys for a command.
import { describe, expect, it } from "vitest";
import { commandOf, nameOf, rebound, USUAL } from "./keys";

const press = (key: string, held: Partial<Record<"shiftKey" | "ctrlKey" | "metaKey" | "altKey", boolean>> = {}) =>
  nameOf({ key, shiftKey: false, ctrlKey: false, metaKey: false, altKey: false, ...held });

describe("names of presses", () => {
  it("tell modifiers only where they are not part of the sign", () => {
    expect(press(" ")).toBe("Space");
    expect(press("K", { shiftKey: true })).toBe("Shift+k");
    expect(press("?", { shiftKey: true })).toBe("?");
    expect(press("k", { metaKey: true })).toBe("Ctrl+k");
    expect(press("ArrowLeft", { shiftKey: true })).toBe("Shift+ArrowLeft");
    for (const none of [press("Shift"), press("a", { altKey: true }), press("Dead")]) expect(none).toBeNull();
  });
});

describe("commands", () => {
  it("are found by key and by sequence", () => {
    expect(commandOf(USUAL, "Space", null)).toBe("play");
    expect(commandOf(USUAL, "g", null)).toBe("waits");
    expect(commandOf(USUAL, "a", "g")).toBe("albums");
    expect(commandOf(USUAL, "a", null)).toBeNull();
    // A sequence that leads nowhere is the single key.
    expect(commandOf(USUAL, "m", "g")).toBe("mute");
  });

  it("have each key once, usually and after every change", () => {
    const once = (keys: typeof USUAL) => {
      const all = Object.values(keys).flat();
      expect(new Set(all).size).toBe(all.length);
    };
    once(USUAL);
    const changed = rebound(USUAL, "mute", "k");
    once(changed);
    expect(commandOf(changed, "k", null)).toBe("mute");
    expect(commandOf(changed, "Space", null)).toBe("play");
  });
});
