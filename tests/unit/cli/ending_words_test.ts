import assert from "node:assert/strict";
import { endingWords } from "../../../src/cli/ending_words.ts";
import type { EndRecord } from "../../../src/records/end.ts";
import { Tally } from "../../../src/records/tally.ts";

const incomplete = { kind: "job", v: 1, incomplete: [{ part: "metrics", code: "x", message: "y" }] };

function end(work: (tally: Tally) => void, upstream?: EndRecord): EndRecord {
  const tally = new Tally(upstream === undefined ? "extract" : "plan");
  work(tally);
  if (upstream !== undefined) tally.upstream(upstream);
  return tally.end(true);
}

const whole = new Tally("extract").end(true);
const broken = new Tally("extract").end(false);

const CASES: readonly (readonly [name: string, end: EndRecord | null, says: RegExp])[] = [
  [
    "an input that broke off",
    end(() => {}, broken),
    /input says that it is incomplete: extract was .*; extract again/,
  ],
  ["an input that broke off, and failures", end((tally) => tally.failed(), broken), /extract again/],
  ["a record that failed", end((tally) => tally.failed(), whole), /see the error records and receipts/],
  ["a bad line", end((tally) => tally.badLine(), whole), /see the error records/],
  ["an incomplete record", end((tally) => tally.in(incomplete), whole), /1 record is incomplete/],
  [
    "incomplete records of two stages",
    end((tally) => [1, 2].forEach(() => tally.in(incomplete)), end((tally) => tally.in(incomplete))),
    /2 records are incomplete/,
  ],
];

for (const [name, last, says] of CASES) {
  Deno.test(`exit 3 after ${name} says why`, () => {
    const words = endingWords(3, last);
    assert.equal(words?.level, "warn");
    assert.match(words.text, says);
    assert.match(words.text, /\(exit 3\)$/);
  });
}

Deno.test("an input without a record is an error, and success says nothing", () => {
  assert.equal(endingWords(7, whole)?.level, "error");
  assert.equal(endingWords(6, whole)?.level, "warn");
  assert.equal(endingWords(0, whole), null);
});
