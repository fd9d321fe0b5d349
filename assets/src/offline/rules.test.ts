// What the service worker answers, and what it leaves to the network.
import { describe, expect, it } from "vitest";
import { rangeOf, ruleOf } from "./rules";

const origin = "https://music.example";
const rule = (path: string, mode = "cors", method = "GET") => ruleOf({ method, mode, url: path.startsWith("http") ? path : origin + path }, origin).kind;

describe("ruleOf", () => {
  it("keeps pages, parts of the page, pictures, answers and tracks apart", () => {
    expect(rule("/albums/al-1", "navigate")).toBe("page");
    expect(rule("/assets/index-1.js")).toBe("asset");
    expect(rule("/api/v1/albums/al-1/cover?size=128&v=ab")).toBe("picture");
    expect(rule("/api/v1/albums/al-1")).toBe("answer");
    expect(rule("/api/v1/me")).toBe("answer");
    expect(ruleOf({ method: "GET", mode: "cors", url: `${origin}/api/v1/tracks/tr-1/stream?format=opus-mp4` }, origin)).toEqual({ kind: "track", id: "tr-1" });
  });

  it("leaves everything else alone", () => {
    for (const path of ["/api/v1/admin/accounts", "/api/v1/events", "/api/v1/me/sessions", "/api/v1/albums/al-1/cover", "/api/v1/playlists/pl-1/file", "/rest/ping"]) {
      expect(rule(path), path).toBe("network");
    }
    expect(rule("/api/v1/albums/al-1", "cors", "DELETE")).toBe("network");
    expect(rule("https://elsewhere.example/api/v1/albums")).toBe("network");
    expect(rule("/s/secret", "navigate")).toBe("network");
  });
});

describe("rangeOf", () => {
  it("reads a single range", () => {
    expect(rangeOf("bytes=10-19", 100)).toEqual({ from: 10, to: 19 });
    expect(rangeOf("bytes=90-", 100)).toEqual({ from: 90, to: 99 });
    expect(rangeOf("bytes=-10", 100)).toEqual({ from: 90, to: 99 });
    expect(rangeOf("bytes=50-500", 100)).toEqual({ from: 50, to: 99 });
  });

  it("takes the whole for what it cannot serve", () => {
    for (const header of [null, "bytes=-", "bytes=0-1,3-4", "bytes=200-", "items=0-1"]) expect(rangeOf(header, 100)).toBeNull();
  });
});
