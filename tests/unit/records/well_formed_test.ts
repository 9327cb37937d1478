import assert from "node:assert/strict";
import { cutBytes, cutText, utf8Length, wellFormed } from "../../../src/records/well_formed.ts";

const cuts: readonly [text: string, max: number, chars: string, bytes: string][] = [
  ["abc", 5, "abc", "abc"],
  ["abc", 2, "ab", "ab"],
  ["abc", 0, "", ""],
  ["aé", 2, "aé", "a"],
  ["a😀b", 2, "a", "a"],
  ["a😀b", 3, "a😀", "a"],
  ["a😀b", 5, "a😀b", "a😀"],
  ["😀", 1, "", ""],
  ["😀", 3, "😀", ""],
  ["x\ud83d", 2, "x\ufffd", "x"],
  ["x\ud83d", 4, "x\ufffd", "x\ufffd"],
];

for (const [text, max, chars, bytes] of cuts) {
  Deno.test(`cuts ${JSON.stringify(text)} to ${max}`, () => {
    assert.equal(cutText(text, max), chars);
    assert.equal(cutBytes(text, max), bytes);
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
