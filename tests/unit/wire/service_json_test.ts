import assert from "node:assert/strict";
import { parseServiceJson } from "../../../src/wire/service_json.ts";

const CASES: readonly (readonly [string, unknown])[] = [
  ['{"a":1,"b":[true,null,"x"]}', { a: 1, b: [true, null, "x"] }],
  ['{"v":NaN}', { v: "NaN" }],
  ["[NaN, Infinity,-Infinity]", ["NaN", "Infinity", "-Infinity"]],
  ['{"v":NaN,"s":"a NaN, \\"Infinity\\" here"}', { v: "NaN", s: 'a NaN, "Infinity" here' }],
  ['{"NaN":"NaN","v":-Infinity}', { NaN: "NaN", v: "-Infinity" }],
  ['{"id":9007199254740993}', { id: "9007199254740993" }],
  ["[-12345678901234567890,1]", ["-12345678901234567890", 1]],
  ["12345678901234567890", "12345678901234567890"],
  ["[1723753476169000]", [1723753476169000]],
  ["[0.12345678901234567,1234567890123456.5]", [0.12345678901234567, 1234567890123456.5]],
  ['{"s":"9007199254740993"}', { s: "9007199254740993" }],
  ["[1e400,-1e400,1e300]", ["Infinity", "-Infinity", 1e300]],
  ['{"v":NaN,"id":9007199254740993}', { v: "NaN", id: "9007199254740993" }],
];

for (const [text, value] of CASES) {
  Deno.test(`service JSON ${text}`, () => assert.deepEqual(parseServiceJson(text), value));
}

for (const text of ["", "<html>", '{"a":', "[NaN", "nan", "[NaNa]"]) {
  Deno.test(`no JSON even so: ${text}`, () => assert.throws(() => parseServiceJson(text), SyntaxError));
}

Deno.test("a key named __proto__ stays a key", () => {
  const value = parseServiceJson('{"__proto__":{"x":9007199254740993}}');
  assert.deepEqual(Object.keys(value ?? {}), ["__proto__"]);
});
