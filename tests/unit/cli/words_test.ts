import assert from "node:assert/strict";
import { nearestWord } from "../../../src/cli/nearest_word.ts";
import { duration, wholeNumber } from "../../../src/cli/parse.ts";

const NEAR: readonly (readonly [word: string, words: readonly string[], near: string | null])[] = [
  ["exctract", ["extract", "plan"], "extract"],
  ["EXTRACT", ["extract", "plan"], "extract"],
  ["tenantid", ["tenant_id", "cloud"], "tenant_id"],
  ["frobnicate", ["extract", "plan"], null],
  ["frob", ["tree", "plan"], null],
  ["x", [], null],
];

for (const [word, words, near] of NEAR) {
  Deno.test(`who writes ${word} means ${near ?? "nothing"} of ${words.join(", ") || "no words"}`, () =>
    assert.equal(nearestWord(word, words), near));
}

const DURATIONS: readonly (readonly [string, number])[] = [
  ["45s", 45_000],
  ["1.5s", 1_500],
  ["90m", 5_400_000],
  ["2h", 7_200_000],
  ["1d", 86_400_000],
];

Deno.test("durations have a unit", () => {
  for (const [text, ms] of DURATIONS) assert.equal(duration(text), ms);
  for (const text of ["", "90", "m", "-1m", "1w", "1m30s", "1 m"]) {
    assert.throws(() => duration(text), /such as 90m/);
  }
});

Deno.test("whole numbers have a least one", () => {
  assert.equal(wholeNumber(1)("12"), 12);
  assert.equal(wholeNumber(0)("0"), 0);
  for (const text of ["", " 5", "0x10", "1e2"]) assert.throws(() => wholeNumber(0)(text), /at least 0/);
  for (const text of ["0", "-1", "1.5", "x", "1e400", "9007199254740993"]) {
    assert.throws(() => wholeNumber(1)(text), new RegExp(`at least 1: "${text.replace(".", "\\.")}"`));
  }
});
