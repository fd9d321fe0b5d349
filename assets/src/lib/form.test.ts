// What a form tells of a try that failed.
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { Problem } from "@/api/client";
import { FormState } from "./form.svelte";

const refuse = (problem: Problem) => () => Promise.reject(problem);

describe("FormState", () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it("gives a problem to the field that it is about, else to the whole", async () => {
    const form = new FormState();
    form.register("username");
    await form.send(refuse(new Problem(400, "Too short", "invalid", "username")));
    expect(form.wrong("username")).toBe("Too short");
    expect(form.general).toBeNull();
    await form.send(refuse(new Problem(400, "Username: use at least 3 characters", "invalid", "username")));
    expect(form.wrong("username")).toBe("Use at least 3 characters");
    await form.send(refuse(new Problem(400, "Unknown", "invalid", "other")));
    expect(form.wrong("username")).toBeNull();
    expect(form.general).toBe("Unknown");
  });

  it("takes no other try before the time that the server names", async () => {
    const form = new FormState();
    await form.send(refuse(new Problem(429, "Too many", "throttled", null, null, 2)));
    expect(form.wait).toBe(2);
    expect(await form.send(async () => {})).toBe(false);
    vi.advanceTimersByTime(2000);
    expect(form.wait).toBe(0);
    expect(await form.send(async () => {})).toBe(true);
    expect(form.problem).toBeNull();
  });
});
