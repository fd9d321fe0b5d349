// Messages that are told twice are shown once.
import { expect, it } from "vitest";
import { merged } from "./chat";

it("puts messages together, the newest first", () => {
  const at = (...numbers: number[]) => numbers.map((number) => ({ number }));
  expect(merged(at(4, 3), at(3, 2, 1))).toEqual(at(4, 3, 2, 1));
  expect(merged(at(2), at(3, 1))).toEqual(at(3, 2, 1));
  expect(merged([], [])).toEqual([]);
});
