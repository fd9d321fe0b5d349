// Reasons are said in the page's words, and in the server's where the page has none.
import { describe, expect, it } from "vitest";
import type { Mix, Reason } from "@/api/types";
import { mixTitle, reasonText } from "./reasons";

const reason = (of: object) => reasonText({ text: "as the server says it", ...of } as Reason);
const title = (theme: object) => mixTitle({ theme: { title: "as the server says it", ...theme } } as Mix);

describe("reasonText", () => {
  it("names what a reason is about", () => {
    expect(reason({ kind: "because_you_played", title: "Jóga" })).toBe("Because you played “Jóga”");
    expect(reason({ kind: "genre", genre: "Trip Hop" })).toContain("Trip Hop");
    expect(reason({ kind: "decade", decade: 1990 })).toContain("1990s");
  });

  it("leaves new kinds to the server", () => {
    expect(reason({ kind: "the_weather" })).toBe("as the server says it");
  });
});

describe("mixTitle", () => {
  it("names what a mix is about", () => {
    expect(title({ kind: "artist", artist: "ar-1", name: "Björk" })).toBe("Björk and the like");
    expect(title({ kind: "decade", decade: 1990 })).toBe("The 1990s");
    expect(title({ kind: "the_weather" })).toBe("as the server says it");
  });
});
