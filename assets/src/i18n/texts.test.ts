// What not every visit says is loaded with what says it: whoever uses such a text imports its area.
import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { admin } from "./en/admin";
import { own } from "./en/own";

const SOURCES = fileURLToPath(new URL("..", import.meta.url));
const areas = Object.entries({ admin, own });

/** Texts that a source names: whole keys, and the beginnings of those that it puts together. */
function named(source: string, keys: readonly string[]): boolean {
  const whole = new Set([...source.matchAll(/["']([a-z][\w.-]*)["']/g)].map(([, key]) => key));
  const begun = [...source.matchAll(/`([a-z][\w.-]*\.)\$\{/g)].map(([, begin = ""]) => begin);
  return keys.some((key) => whole.has(key) || begun.some((begin) => key.startsWith(begin)));
}

test("texts of an area come with those who use them", () => {
  const files = readdirSync(SOURCES, { recursive: true, encoding: "utf8" });
  const sources = files.filter((name) => /\.(svelte|ts)$/.test(name) && !/^i18n\b|\.test\.ts$/.test(name));
  const using = sources.flatMap((name) => {
    const source = readFileSync(SOURCES + name, "utf8");
    const used = areas.filter(([, texts]) => named(source, Object.keys(texts)));
    return used.map(([area]) => ({ name, area, imports: source.includes(`import "@/i18n/${area}";`) }));
  });
  expect(using.length).toBeGreaterThan(50);
  expect(using.filter(({ imports }) => !imports)).toEqual([]);
});
