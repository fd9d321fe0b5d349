// Which program a session is told to be of.
import { expect, it } from "vitest";
import { agentOf } from "./agent";

it("tells browsers and their systems", () => {
  const told = (text: string) => {
    const { program, system } = agentOf(text);
    return [program, system];
  };
  expect(told("Mozilla/5.0 (X11; Linux x86_64; rv:153.0) Gecko/20100101 Firefox/153.0")).toEqual(["Firefox", "Linux"]);
  expect(told("Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/156.0.0.0 Safari/537.36 Edg/156.0")).toEqual(["Edge", "Windows"]);
  expect(told("Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/19.0 Mobile/15E148 Safari/604.1")).toEqual(["Safari", "iPhone"]);
  expect(told("Mozilla/5.0 (Linux; Android 16) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/156.0.0.0 Mobile Safari/537.36")).toEqual(["Chrome", "Android"]);
});

it("takes the name of what is no browser, and nothing of nothing", () => {
  expect(agentOf("curl/8.5.0").program).toBe("curl");
  expect(agentOf("")).toEqual({ program: null, system: null, handheld: false });
});
