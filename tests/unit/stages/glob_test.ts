import assert from "node:assert/strict";
import { glob } from "../../../src/stages/glob.ts";

const CASES: readonly [pattern: string, matches: readonly string[], misses: readonly string[]][] = [
  ["churn", ["churn"], ["Churn", "churn2", "my churn", ""]],
  ["churn*", ["churn", "churn-2024", "churn\nlines"], ["my churn"]],
  ["*", ["", "anything"], []],
  ["a**b", ["ab", "a--b"], ["a"]],
  ["run-?", ["run-1", "run-é", "run-🙂"], ["run-", "run-12"]],
  ["[abc]1", ["a1", "c1"], ["d1", "1"]],
  ["[a-c]1", ["a1", "b1"], ["-1", "d1"]],
  ["[!a-c]1", ["d1", "-1"], ["a1"]],
  ["[^a-c]1", ["d1"], ["b1"]],
  ["[]]", ["]"], ["[", "a"]],
  ["[a-]", ["a", "-"], ["b"]],
  ["[a\\-c]", ["a", "-", "c"], ["b"]],
  ["[z-a]", [], ["z", "a", "-"]],
  ["[open", ["[open"], ["o", "open"]],
  ["a\\*b", ["a*b"], ["axb", "a\\*b"]],
  ["a\\,b", ["a,b"], ["a\\,b"]],
  ["\\**", ["*", "*x"], ["x"]],
  ["end\\", ["end\\"], ["end"]],
  ["a.c", ["a.c"], ["abc"]],
  ["(x|y)+$", ["(x|y)+$"], ["x"]],
  ["Größe-[ä-ü]", ["Größe-ö"], ["Größe-a"]],
];

for (const [pattern, matches, misses] of CASES) {
  Deno.test(`glob ${JSON.stringify(pattern)} matches whole names`, () => {
    const test = glob(pattern);
    for (const name of matches) assert.equal(test(name), true, `should match ${JSON.stringify(name)}`);
    for (const name of misses) assert.equal(test(name), false, `should not match ${JSON.stringify(name)}`);
  });
}
