// The catalogue in English, from which the others take their keys.
import { admin } from "./en/admin";
import { common } from "./en/common";
import { listening } from "./en/listening";
import { music } from "./en/music";
import { device } from "./en/device";
import { own } from "./en/own";
import { playback } from "./en/playback";

export const en = { ...common, ...listening, ...music, ...playback, ...own, ...device, ...admin } as const;

export type Key = keyof typeof en;
export type Catalogue = Record<Key, string>;
