// @vitest-environment jsdom
// Where links from outside may lead.
import { describe, expect, it } from "vitest";
import { claimCode, inviteCode, placeOfHash, safePlace } from "./ways";

describe("safePlace", () => {
  it("stays on this server", () => {
    const origin = "http://music.home";
    expect(safePlace("/albums/al-1?x=1", origin)).toBe("/albums/al-1?x=1");
    for (const bad of [null, "", "albums", "//evil.example", "/\\evil.example", "https://evil.example/", "javascript:alert(1)", "/\t/evil.example"]) {
      expect(safePlace(bad, origin)).toBe("/");
    }
  });

  it("does not lead back to where one signs in", () => {
    for (const door of ["/login", "/login?to=/login", "/register", "/invite#abc", "/setup"]) expect(safePlace(door)).toBe("/");
    expect(safePlace("/logins")).toBe("/logins");
  });
});

describe("placeOfHash", () => {
  it("knows the links that are about", () => {
    expect(placeOfHash("#claim=T0T6-JYV2")).toBe("/setup#claim=T0T6-JYV2");
    expect(placeOfHash("#invite=a%2Fb")).toBe("/invite#a%2Fb");
    expect(placeOfHash("#register")).toBe("/register");
    expect(placeOfHash("#/keys")).toBe("/me/apps");
    expect(placeOfHash("#/album/al-1")).toBe("/albums/al-1");
    expect(placeOfHash("#/search?q=a")).toBe("/search?q=a");
    expect(placeOfHash("#/constructor")).toBe("/constructor");
    expect(placeOfHash("#content")).toBeNull();
    expect(placeOfHash("")).toBeNull();
  });
});

describe("inviteCode", () => {
  it("is what stands behind the hash", () => {
    expect(inviteCode("#a%2Fb")).toBe("a/b");
    expect(inviteCode("")).toBe("");
  });
});

describe("claimCode", () => {
  it("is what stands behind the hash", () => {
    expect(claimCode("#claim=A%20B")).toBe("A B");
    expect(claimCode("#claim=%zz")).toBe("%zz");
    expect(claimCode("#else")).toBe("");
  });
});
