// What the page says, in the listener's language. English is always there; what another language lacks falls back to it.
import { en, type Catalogue, type Key } from "./en";

export type Language = "en" | "de" | "fr" | "es" | "ja";
export const LANGUAGES: readonly { id: Language; name: string }[] = [
  { id: "en", name: "English" },
  { id: "de", name: "Deutsch" },
  { id: "fr", name: "Français" },
  { id: "es", name: "Español" },
  { id: "ja", name: "日本語" },
];
const STORED = "hexachord.language";

const loaders: Record<Exclude<Language, "en">, () => Promise<{ default: Partial<Catalogue> }>> = {
  de: () => import("./de"),
  fr: () => import("./fr"),
  es: () => import("./es"),
  ja: () => import("./ja"),
};

let english = $state.raw<Partial<Catalogue>>(en);
/** Those of another language, where one is chosen. */
let others = $state.raw<Partial<Catalogue>>({});
let language = $state<Language>("en");
let isChosen = $state(false);
const plurals = $derived(new Intl.PluralRules(language));
const inEnglish = new Intl.PluralRules("en");

export function currentLanguage(): Language {
  return language;
}

/** Are the texts those of the listener's language? Before that they would be seen in English for a moment. */
export const hasTexts = () => isChosen;

/** More texts in English: those that come with a view. */
export function addTexts(more: Partial<Catalogue>): void {
  english = { ...english, ...more };
}

/** The first of the wanted languages that there is: `de-AT` is served by `de`. */
export function best(wanted: readonly string[]): Language {
  for (const tag of wanted) {
    const base = tag.toLowerCase().split("-")[0];
    const found = LANGUAGES.find((each) => each.id === base);
    if (found) return found.id;
  }
  return "en";
}

/** Takes the chosen language, else the browser's. Stays with English where it cannot be loaded. */
export async function chooseLanguage(chosen?: Language): Promise<void> {
  if (chosen) localStorage.setItem(STORED, chosen);
  const stored = chosen ?? localStorage.getItem(STORED);
  const wanted = best(stored ? [stored] : navigator.languages);
  try {
    others = wanted === "en" ? {} : (await loaders[wanted]()).default;
    language = wanted;
  } catch {
    others = {};
    language = "en";
  }
  document.documentElement.lang = language;
  isChosen = true;
}

export type Values = Record<string, string | number>;

/**
 * The text of a key with its values put in: `{name}`. A text with forms, as in `"{n} track|{n} tracks"`, takes the form for `n`
 * by the rules of the language (one | other; languages with one form have no `|`).
 */
export function t(key: Key, values: Values = {}): string {
  const other = others[key];
  let text: string = other ?? english[key] ?? key;
  if (text.includes("|")) {
    const forms = text.split("|");
    const rule = (other === undefined ? inEnglish : plurals).select(Number(values.n ?? 0));
    text = (rule === "one" ? forms[0] : forms.at(-1)) ?? text;
  }
  return text.replace(/\{(\w+)\}/g, (whole, name: string) => {
    const value = values[name];
    if (value === undefined) return whole;
    return typeof value === "number" ? number(value) : value;
  });
}

const plainNumbers = $derived(new Intl.NumberFormat(language));

export const number = (value: number, options?: Intl.NumberFormatOptions) =>
  (options ? new Intl.NumberFormat(language, options) : plainNumbers).format(value);

const MEDIUM: Intl.DateTimeFormatOptions = { dateStyle: "medium" };
// Kept, because lists write a date in every row and making a format takes longer than all the rest of a row.
const mediumDates = $derived(new Intl.DateTimeFormat(language, MEDIUM));

export const date = (at: number | string | Date, options = MEDIUM) =>
  (options === MEDIUM ? mediumDates : new Intl.DateTimeFormat(language, options)).format(new Date(at));

const UNITS: readonly [Intl.RelativeTimeFormatUnit, number][] = [
  ["year", 31_536_000], ["month", 2_592_000], ["week", 604_800], ["day", 86_400], ["hour", 3_600], ["minute", 60],
];
/** “3 days ago”. */
export function ago(at: number | string | Date, now = Date.now()): string {
  const seconds = (new Date(at).getTime() - now) / 1000;
  const format = new Intl.RelativeTimeFormat(language, { numeric: "auto" });
  for (const [unit, length] of UNITS) if (Math.abs(seconds) >= length) return format.format(Math.round(seconds / length), unit);
  return format.format(0, "minute");
}

/** “4:05”, “1:02:03”. */
export function clock(milliseconds: number): string {
  const seconds = Math.max(0, Math.floor(milliseconds / 1000));
  const [h, m, s] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60];
  const two = (value: number) => String(value).padStart(2, "0");
  return h ? `${h}:${two(m)}:${two(s)}` : `${m}:${two(s)}`;
}

/** “1 h 12 min”, for lengths of albums and lists. */
export function duration(milliseconds: number): string {
  const minutes = Math.round(milliseconds / 60_000);
  const unit = (value: number, name: "hour" | "minute") => number(value, { style: "unit", unit: name, unitDisplay: "short" });
  if (minutes < 60) return unit(Math.max(1, minutes), "minute");
  const rest = minutes % 60;
  return unit(Math.floor(minutes / 60), "hour") + (rest ? ` ${unit(rest, "minute")}` : "");
}

/** “1.2 MB”. */
export function bytes(size: number): string {
  const units = ["byte", "kilobyte", "megabyte", "gigabyte", "terabyte"] as const;
  const step = size < 1 ? 0 : Math.min(units.length - 1, Math.floor(Math.log10(size) / 3));
  return number(size / 1000 ** step, { style: "unit", unit: units[step] ?? "byte", unitDisplay: "short", maximumFractionDigits: step > 1 ? 1 : 0 });
}
export type { Key };
