import assert from "node:assert/strict";
import { jsonFault } from "../../../src/records/json_fault.ts";

const faults: readonly [text: string, at: number, what: RegExp][] = [
  ["", 0, /ends where a value was expected/],
  ["hello", 0, /a value was expected/],
  ["tru", 0, /a value was expected/],
  ["'a'", 0, /a value was expected/],
  ['{"a":1,}', 7, /a name in double quotes/],
  ['{"a":1', 6, /ends where a comma or } was expected/],
  ["[1 2]", 3, /a comma or ] was expected/],
  ["[1,]", 3, /a value was expected/],
  ['{"a" 1}', 5, /a colon was expected/],
  ["{a:1}", 1, /a name in double quotes/],
  ['{"a":NaN}', 5, /NaN and Infinity/],
  ["[-Infinity]", 1, /NaN and Infinity/],
  ["[01]", 1, /a value was expected/],
  ["[1.]", 1, /a value was expected/],
  ['["a\u0001"]', 3, /a control character/],
  ['["a\\x"]', 3, /a backslash/],
  ['["a\\u12"]', 3, /a backslash/],
  ['["abc', 5, /ends inside a string/],
  ["{} {}", 3, /more text behind/],
  ["[1}", 2, /a comma or ]/],
];

for (const [text, at, what] of faults) {
  Deno.test(`names the fault of ${JSON.stringify(text)}`, () => {
    assert.throws(() => JSON.parse(text), SyntaxError);
    const fault = jsonFault(text);
    assert.equal(fault?.at, at);
    assert.match(fault.what, what);
  });
}

for (const text of ["{}", "[]", ' {"a":[1,-0.5e+3,true,null,"x\\u00e9\\n"],"b":{}} ', "[[[]]]", "0"]) {
  Deno.test(`finds no fault in ${text}`, () => assert.equal(jsonFault(text), null));
}

Deno.test("a long string and a deep nesting are walked without recursion", () => {
  assert.equal(jsonFault(`["${"x".repeat(5_000_000)}"]`), null);
  assert.equal(jsonFault("[".repeat(1_000_000))?.at, 1_000_000);
});
