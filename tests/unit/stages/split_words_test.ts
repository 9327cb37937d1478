import assert from "node:assert/strict";
import { literal, splitWords } from "../../../src/stages/split_words.ts";

const CASES: readonly [values: readonly string[], words: readonly string[]][] = [
  [[], []],
  [["a,b"], ["a", "b"]],
  [["a,b", "c"], ["a", "b", "c"]],
  [["a, b ,c"], ["a", "b", "c"]],
  [[",,a,,"], ["a"]],
  [["a\\,b,c"], ["a\\,b", "c"]],
  [["a\\\\,b"], ["a\\\\", "b"]],
  [["x\\*,y*"], ["x\\*", "y*"]],
  [["end\\"], ["end\\"]],
  [["two words"], ["two words"]],
];

for (const [values, words] of CASES) {
  Deno.test(`option values ${JSON.stringify(values)} are split into words`, () => {
    assert.deepEqual(splitWords(values), words);
  });
}

Deno.test("a literal word loses its backslashes and keeps what they stand before", () => {
  assert.equal(literal("a\\,b\\*c\\\\d"), "a,b*c\\d");
  assert.equal(literal("end\\"), "end\\");
});
