// Invites and services as administrators are told of them.
import { describe, expect, it } from "vitest";
import { namesIn, openInvites, resting, stateOf } from "./house";

const now = Date.parse("2026-11-27T12:00:00Z");

describe("an invite", () => {
  it("is open until it is used or its time is over", () => {
    expect(stateOf({ expires_at: "2026-11-28T12:00:00Z" }, now)).toBe("open");
    expect(stateOf({ expires_at: "2026-11-27T12:00:00Z" }, now)).toBe("expired");
    expect(stateOf({ expires_at: "2026-11-20T12:00:00Z", used_by: "ac-1" }, now)).toBe("used");
  });

  it("is counted while it is open", () => {
    const invites = [{ expires_at: "2026-11-28T12:00:00Z" }, { expires_at: "2026-11-28T12:00:00Z", used_by: "ac-1" }];
    expect(openInvites(invites, now)).toHaveLength(1);
  });
});

it("finds what does not run", () => {
  const services = (["running", "starting", "restarting", "stopped"] as const).map((state) => ({ state }));
  expect(resting(services).map((each) => each.state)).toEqual(["starting", "restarting", "stopped"]);
});

it("reads several names", () => {
  expect(namesIn(" A ; B;; ")).toEqual(["A", "B"]);
  expect(namesIn("Earth, Wind & Fire")).toEqual(["Earth, Wind & Fire"]);
  expect(namesIn("")).toEqual([]);
});
