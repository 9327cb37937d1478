import assert from "node:assert/strict";
import { Failure } from "../../../src/records/failure.ts";
import { LineEncoder } from "../../../src/records/line_encoder.ts";
import { encodeItem, WRITE_CAP } from "../../../src/records/ndjson_write.ts";
import { Tally } from "../../../src/records/tally.ts";

Deno.test("an untouched line is written as it came", () => {
  const raw = '{ "kind":"a", "n":1.0, "big":12345678901234567890 }';
  assert.equal(encodeItem({ record: { kind: "a", n: 1 }, raw }), raw);
});

const values: readonly [what: string, value: unknown, json: string][] = [
  ["NaN", NaN, '"NaN"'],
  ["infinities", [Infinity, -Infinity], '["Infinity","-Infinity"]'],
  ["plain numbers", [0, -1, 0.5, 2 ** 53 - 1], "[0,-1,0.5,9007199254740991]"],
  ["2^53", 2 ** 53, '"9007199254740992"'],
  ["a whole number of 21 digits", 1e20, '"100000000000000000000"'],
  ["a number that reads as no integer", [1e21, 1.5e300, -1e-7], "[1e+21,1.5e+300,-1e-7]"],
  ["a bigint", { n: 123n }, '{"n":"123"}'],
  ["a lone surrogate", "cut \ud83d", '"cut \ufffd"'],
  ["a lone surrogate in a name", { "\ude00": [NaN] }, '{"\ufffd":["NaN"]}'],
  ["a pair", "😀", '"😀"'],
  ["text that only looks like an escape", "\\ud83d", '"\\\\ud83d"'],
  ["null", null, "null"],
];

for (const [what, value, json] of values) {
  Deno.test(`writes ${what}`, () => {
    assert.equal(encodeItem({ record: { kind: "a", value } }), `{"kind":"a","value":${json}}`);
  });
}

const huge = { kind: "job", v: 1, id: "j1", small: "x", description: "é".repeat(WRITE_CAP / 2) };

Deno.test("a line above 16 MiB is refused with its id and its largest field, made or untouched", () => {
  for (const item of [{ record: huge }, { record: huge, raw: JSON.stringify(huge) }]) {
    assert.throws(() => encodeItem(item), (error) => {
      assert.ok(error instanceof Failure);
      assert.equal(error.facts.code, "record_too_large");
      assert.equal(error.facts.reach, "record");
      assert.match(error.message, /^job "j1" is 167772\d\d bytes/);
      assert.match(error.facts.hint ?? "", /"description"/);
      return true;
    });
  }
});

Deno.test("a line of just 16 MiB is written", () => {
  const frame = '{"kind":"a","t":""}'.length;
  const line = encodeItem({ record: { kind: "a", t: "x".repeat(WRITE_CAP - frame) } });
  assert.equal(line.length, WRITE_CAP);
  assert.throws(() => encodeItem({ record: { kind: "a", t: "x".repeat(WRITE_CAP - frame + 1) } }), Failure);
});

Deno.test("a record that nests too deep is refused in words", () => {
  let deep: unknown = 1;
  for (let i = 0; i < 200_000; i++) deep = [deep];
  assert.throws(() => encodeItem({ record: { kind: "a", id: "x", deep } }), /could not write a "x"/);
});

Deno.test("the encoder puts an error in the place of what cannot be written, and puts the end right", () => {
  const tally = new Tally("filter");
  const small = { kind: "job", v: 1, id: "j2" };
  for (const record of [huge, small]) {
    tally.in(record);
    tally.out(record);
  }
  const encoder = new LineEncoder("filter");
  const text = encoder.encode([{ record: huge, line: 7 }, { record: small }]) +
    encoder.encode([{ record: tally.end(true) }]);
  const [error, job, end, ...rest] = text.trimEnd().split("\n").map((line) => JSON.parse(line));
  assert.deepEqual(rest, []);
  assert.equal(error.kind, "error");
  assert.equal(error.code, "record_too_large");
  assert.deepEqual([error.id, error.line, error.stage], ["j1", 7, "filter"]);
  assert.deepEqual(job, small);
  assert.deepEqual([end.counts.in, end.counts.out, end.counts.failed], [{ job: 2 }, { job: 1 }, 1]);
});

Deno.test("the encoder leaves the ends of other stages and clean streams as they are", () => {
  const raw = '{"kind":"end", "v":1}';
  assert.equal(new LineEncoder("filter").encode([{ record: { kind: "end", v: 1 }, raw }]), raw + "\n");
});
