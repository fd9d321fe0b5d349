// Which addresses fit which patterns.
import { describe, expect, it } from "vitest";
import { match } from "./router.svelte";

describe("match", () => {
  it("takes the parts of an address", () => {
    expect(match("/albums/:id", "/albums/al-1")).toEqual({ id: "al-1" });
    expect(match("/folders/*path", "/folders/a/b%20c")).toEqual({ path: "a/b c" });
    expect(match("/", "/")).toEqual({});
  });

  it("refuses what is longer, shorter or other", () => {
    for (const path of ["/albums", "/albums/a/b", "/artists/a", "/"]) expect(match("/albums/:id", path)).toBeNull();
  });

  it("leaves what is not encoded rightly as it is", () => {
    expect(match("/albums/:id", "/albums/%zz")).toEqual({ id: "%zz" });
  });
});
