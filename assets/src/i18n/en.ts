// The catalogue in English, from which the others take their keys. What only some views say comes with them: they
// import "@/i18n/own" or "@/i18n/admin".
import type { admin } from "./en/admin";
import { common } from "./en/common";
import { device } from "./en/device";
import { listening } from "./en/listening";
import { music } from "./en/music";
import type { own } from "./en/own";
import { playback } from "./en/playback";

/** What every visit may say. */
export const en = { ...common, ...listening, ...music, ...playback, ...device } as const;

export type Key = keyof typeof en | keyof typeof own | keyof typeof admin;
export type Catalogue = Record<Key, string>;
