// Amounts of money, in words and as they are typed.
import { number } from "@/i18n/index.svelte";
import type { Schema } from "@/api/types";

type Money = Schema<"Money">;

/** How many digits a currency has behind the point: 2 for EUR, 0 for JPY. Two where it is not known. */
export function digits(currency: string): number {
  try {
    return new Intl.NumberFormat("en", { style: "currency", currency }).resolvedOptions().maximumFractionDigits ?? 2;
  } catch {
    return 2;
  }
}

/** `499` of EUR as “€4.99”, of JPY as “¥499”. */
export function price({ amount, currency }: Money): string {
  const value = amount / 10 ** digits(currency);
  try {
    return number(value, { style: "currency", currency });
  } catch {
    return `${number(value)} ${currency}`;
  }
}

/** What was typed, in the currency's smallest unit: “4,99” of EUR is 499. `null`: it is no amount. */
export function amountOf(text: string, currency: string): number | null {
  const match = /^(\d{1,9})(?:[.,](\d+))?$/.exec(text.trim());
  if (!match) return null;
  const places = digits(currency);
  const [, whole = "", behind = ""] = match;
  if (behind.length > places) return null;
  return Number(whole + behind.padEnd(places, "0"));
}

/** The amount as one would type it. */
export function typed({ amount, currency }: Money): string {
  const places = digits(currency);
  return (amount / 10 ** places).toFixed(places);
}
