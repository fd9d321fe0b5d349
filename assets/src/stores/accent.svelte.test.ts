// @vitest-environment jsdom
// Who lends the page its accent, and that it is given back.
import { flushSync } from "svelte";
import { afterEach, describe, expect, it } from "vitest";
import { accentColour, paintAccent, useAccent } from "./accent.svelte";
import { ui } from "./ui.svelte";

/** Lends a colour until the returned function is called. */
function lend(colour: string | null, fromBehind = false): () => void {
  const stop = $effect.root(() => useAccent(() => colour, { fromBehind }));
  flushSync();
  return () => {
    stop();
    flushSync();
  };
}

const stops: (() => void)[] = [];
afterEach(() => {
  for (const stop of stops.splice(0)) stop();
  ui.chooseAccent({ fromCovers: true, colour: null });
  flushSync();
});

describe("the accent", () => {
  it("comes from the view before what plays, whoever came last", () => {
    const album = lend("#aa0000");
    const playing = lend("#00aa00", true);
    stops.push(playing);
    expect(accentColour()).toBe("#aa0000");
    album();
    expect(accentColour()).toBe("#00aa00");
  });

  it("comes from the view that was opened last", () => {
    stops.push(lend("#aa0000"));
    const second = lend("#0000aa");
    expect(accentColour()).toBe("#0000aa");
    second();
    expect(accentColour()).toBe("#aa0000");
  });

  it("is the chosen one where covers lend none, or must not", () => {
    ui.chooseAccent({ colour: "#3355ff" });
    stops.push(lend(null));
    expect(accentColour()).toBe("#3355ff");
    stops.push(lend("#aa0000"));
    expect(accentColour()).toBe("#aa0000");
    ui.chooseAccent({ fromCovers: false });
    expect(accentColour()).toBe("#3355ff");
  });

  it("is put on the document, and taken from it", () => {
    stops.push($effect.root(() => paintAccent()));
    const { style } = document.documentElement;
    const album = lend("#aa0000");
    expect(style.getPropertyValue("--accent")).toMatch(/^#[\da-f]{6}$/);
    expect(style.getPropertyValue("--on-accent")).not.toBe("");
    album();
    expect(style.getPropertyValue("--accent")).toBe("");
    expect(style.getPropertyValue("--on-accent")).toBe("");
  });

  it("is remembered", () => {
    ui.chooseAccent({ fromCovers: false, colour: "#3355ff" });
    expect(JSON.parse(localStorage.getItem("hexachord.accent") ?? "")).toEqual({ fromCovers: false, colour: "#3355ff" });
    ui.chooseAccent({ fromCovers: true, colour: null });
    expect(localStorage.getItem("hexachord.accent")).toBeNull();
  });
});
