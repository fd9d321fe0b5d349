// @vitest-environment jsdom
// Searches are remembered for each account, the latest first, each once.
import { beforeEach, describe, expect, it } from "vitest";
import type { Account } from "@/api/types";
import { session } from "@/stores/session.svelte";
import { recent } from "./recent.svelte";

const enter = (id: string) => (session.account = { id } as Account);
beforeEach(() => {
  localStorage.clear();
  enter(`ac-${Math.random()}`);
});

describe("recent searches", () => {
  it("come the latest first, each once, and not too many", () => {
    for (const text of ["a", "b", " a ", ""]) recent.add(text);
    expect(recent.texts).toEqual(["a", "b"]);
    for (let number = 0; number < 20; number += 1) recent.add(`q${number}`);
    expect(recent.texts.length).toBe(8);
    expect(recent.texts[0]).toBe("q19");
  });

  it("are taken away one by one, or all", () => {
    for (const text of ["a", "b", "c"]) recent.add(text);
    recent.remove("b");
    expect(recent.texts).toEqual(["c", "a"]);
    recent.clear();
    expect(recent.texts).toEqual([]);
    expect(localStorage.length).toBe(0);
  });

  it("are of the account that made them", () => {
    enter("ac-1");
    recent.add("mine");
    enter("ac-2");
    expect(recent.texts).toEqual([]);
    recent.add("theirs");
    enter("ac-1");
    expect(recent.texts).toEqual(["mine"]);
  });

  it("survive nonsense in the store", () => {
    enter("ac-3");
    for (const text of ["{", "7", '["a", 7]']) {
      localStorage.setItem("hexachord.searches.ac-3", text);
      expect(Array.isArray(recent.texts)).toBe(true);
    }
    expect(recent.texts).toEqual(["a"]);
  });
});
