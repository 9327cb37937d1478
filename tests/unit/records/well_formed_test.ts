import assert from "node:assert/strict";
import { cutText, utf8Length, wellFormed } from "../../../src/records/well_formed.ts";

const cuts: readonly [text: string, max: number, cut: string][] = [
  ["abc", 5, "abc"],
  ["abc", 2, "ab"],
  ["abc", 0, ""],
  ["aé", 2, "aé"],
  ["a😀b", 2, "a"],
  ["a😀b", 3, "a😀"],
  ["a😀b", 5, "a😀b"],
  ["😀", 1, ""],
  ["x\ud83d", 2, "x\ufffd"],
];

for (const [text, max, cut] of cuts) {
  Deno.test(`cuts ${JSON.stringify(text)} to ${max}`, () => {
    assert.equal(cutText(text, max), cut);
  });
}

Deno.test("counts bytes as an encoder does", () => {
  for (const text of ["", "abc", "é", "€", "😀", "a\ud83db", "\ude00\ud83d", "\ud83d\ud83d\ude00\ude00"]) {
    assert.equal(utf8Length(text), new TextEncoder().encode(text).length, JSON.stringify(text));
  }
});

Deno.test("replaces lone surrogates alone", () => {
  assert.equal(wellFormed("a\ud83d😀\ude00"), "a\ufffd😀\ufffd");
});
