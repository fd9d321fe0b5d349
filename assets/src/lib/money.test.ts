// Amounts are kept in the smallest unit, and never counted in halves.
import { describe, expect, it } from "vitest";
import { amountOf, price, typed } from "./money";

describe("amountOf", () => {
  it("reads points and commas", () => {
    expect(amountOf("4.99", "EUR")).toBe(499);
    expect(amountOf("4,9", "EUR")).toBe(490);
    expect(amountOf(" 12 ", "EUR")).toBe(1200);
    expect(amountOf("499", "JPY")).toBe(499);
    expect(amountOf("1.234", "KWD")).toBe(1234);
  });

  it("takes nothing that is no amount", () => {
    for (const text of ["", "a", "-1", "1.999", "1e3", "1.", "1.2.3"]) expect(amountOf(text, "EUR")).toBeNull();
    expect(amountOf("4.5", "JPY")).toBeNull();
  });
});

it("says and types what it reads", () => {
  expect(price({ amount: 499, currency: "EUR" })).toBe("€4.99");
  expect(price({ amount: 499, currency: "JPY" })).toBe("¥499");
  expect(typed({ amount: 5, currency: "EUR" })).toBe("0.05");
  expect(amountOf(typed({ amount: 123_456, currency: "EUR" }), "EUR")).toBe(123_456);
});
