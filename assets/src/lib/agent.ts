// The program behind a session, from what it says of itself. Told as text only.
import { t } from "@/i18n/index.svelte";

const PROGRAMS: readonly [RegExp, string][] = [
  [/\bEdgA?\//, "Edge"], [/\bOPR\//, "Opera"], [/\bVivaldi\//, "Vivaldi"], [/\bSamsungBrowser\//, "Samsung Internet"],
  [/\b(Firefox|FxiOS)\//, "Firefox"], [/\b(Headless)?(Chrome|CriOS)\//, "Chrome"], [/\bVersion\/.*\bSafari\//, "Safari"],
];
const SYSTEMS: readonly [RegExp, string][] = [
  [/\biPhone\b/, "iPhone"], [/\biPad\b/, "iPad"], [/\bAndroid\b/, "Android"], [/\bWindows\b/, "Windows"], [/\bMac OS X\b/, "macOS"],
  [/\bCrOS\b/, "ChromeOS"], [/\bLinux\b/, "Linux"],
];

export interface Agent {
  program: string | null;
  system: string | null;
  /** Is it one that is held in the hand? */
  handheld: boolean;
}

export function agentOf(text: string): Agent {
  const find = (known: readonly [RegExp, string][]) => known.find(([pattern]) => pattern.test(text))?.[1] ?? null;
  // Programs that are no browser name themselves first: `curl/8.5.0`.
  const program = find(PROGRAMS) ?? /^([^\s/(]{1,40})/.exec(text)?.[1] ?? null;
  const system = find(SYSTEMS);
  return { program, system, handheld: system === "iPhone" || system === "iPad" || system === "Android" };
}

/** What people call it: “Chrome on Linux”; apps by the name that they give themselves. */
export function deviceName(text: string): string {
  const { program, system } = agentOf(text);
  if (program && system) return t("sessions.on", { program, system });
  return (text.startsWith("Mozilla/") ? (program ?? system) : text.trim()) || t("sessions.unknown");
}
