import assert from "node:assert/strict";
import fc from "fast-check";
import { mayHoldLongInteger } from "../../../src/records/long_integer.ts";

const bytes = (text: string) => new TextEncoder().encode(text);

const CASES: readonly { text: string; may: boolean }[] = [
  { text: "", may: false },
  { text: "[1234567890123456]", may: true },
  { text: "1234567890123456", may: true },
  { text: "[123456789012345]", may: false },
  { text: "[-9007199254740993]", may: true },
  { text: '{"a":0.12345678901234567,"b":1704270000000}', may: false },
  { text: '{"a":12345678901234567.5}', may: true },
  { text: `[${"123456789012345,".repeat(20)}1]`, may: false },
];

Deno.test("long whole numbers are seen, digits of fractions and shorter numbers are not", () => {
  for (const { text, may } of CASES) assert.equal(mayHoldLongInteger(bytes(text)), may, text);
});

Deno.test("a long whole number is seen wherever it stands", () => {
  fc.assert(
    fc.property(fc.nat(200), fc.integer({ min: 16, max: 40 }), fc.nat(200), (before, digits, after) => {
      const text = `${"0.5,".repeat(before)}-${"9".repeat(digits)}${",1.5".repeat(after)}`;
      assert.equal(mayHoldLongInteger(bytes(text)), true);
    }),
  );
});

Deno.test("endless digits are looked at once", () => {
  const fraction = bytes(`0.${"1".repeat(1 << 22)}`);
  assert.equal(mayHoldLongInteger(fraction), false);
});
