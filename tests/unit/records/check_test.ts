import assert from "node:assert/strict";
import { checkRecord, isKnownKind } from "../../../src/records/check.ts";
import type { AnyRecord } from "../../../src/records/item.ts";

const job = { kind: "job", v: 1, id: "a" };
const points = { kind: "points", v: 1, job: "a", metric: "loss", seq: 0, points: [[0, 1, 0.5]] };

const accepted: readonly [what: string, record: AnyRecord][] = [
  ["a job with nothing but its envelope", job],
  ["fields that are not known", { ...job, team: { a: 1 } }],
  ["nulls where a service has nothing", { ...job, role: null, tags: null, metrics: null, artifacts: null }],
  ["numbers as strings", {
    ...job,
    metrics: { loss: [["9007199254740993", 1, "NaN"], [1, 2, "-Infinity"]] },
  }],
  ["points", points],
  ["an error", { kind: "error", v: 1, stage: "x", code: "c", message: "m", retryable: false }],
];

for (const [what, record] of accepted) {
  Deno.test(`accepts ${what}, and lets the very object go on`, () => {
    const check = checkRecord(record);
    assert.ok(check.ok);
    assert.equal(check.record, record);
  });
}

const refused: readonly [what: string, record: AnyRecord, code: string, says: RegExp][] = [
  ["an unknown kind", { kind: "horse", v: 1 }, "unknown_kind", /kind "horse" is not known/],
  ["no version", { kind: "job", id: "a" }, "bad_version", /"v" is missing/],
  ["a version that is none", { ...job, v: 1.5 }, "bad_version", /whole number/],
  ["version 0", { ...job, v: 0 }, "bad_version", /whole number/],
  [
    "a newer version",
    { ...job, v: 2 },
    "newer_version",
    /"v" is 2; this azml reads job records up to version 1/,
  ],
  ["no id", { kind: "job", v: 1 }, "bad_record", /"id" is missing \(expected string\)/],
  ["an empty id", { ...job, id: "" }, "bad_record", /"id" too small/],
  [
    "a tag that is a number",
    { ...job, tags: { n: 1 } },
    "bad_record",
    /"tags.n" must be string and is number/,
  ],
  ["a wrong optional field", { ...job, archived: "no" }, "bad_record", /"archived" must be boolean/],
  [
    "a point that is short",
    { ...job, metrics: { loss: [[0, 1, 2], [0, 1]] } },
    "bad_record",
    /"metrics\.loss\[1\]/,
  ],
  [
    "a value that is no number",
    { ...job, metrics: { loss: [[0, 1, true]] } },
    "bad_record",
    /"metrics\.loss\[0\]\[2\]" must be number or string and is boolean/,
  ],
  [
    "a word that is no number",
    { ...job, metrics: { loss: [[0, 1, "abc"]] } },
    "bad_record",
    /"metrics\.loss\[0\]\[2\]"/,
  ],
  ["points without their job", { ...points, job: undefined }, "bad_record", /"job"/],
  ["too many points a line", { ...points, points: Array(10_001).fill([0, 1, 2]) }, "bad_record", /"points"/],
  [
    "a wrong word",
    { kind: "diff", v: 1, id: "a", symbol: "?", fields: [] },
    "bad_record",
    /"symbol" must be "=" or/,
  ],
  [
    "many faults",
    { ...job, type: 1, role: 2, parent: 3, root: 4, experiment: 5 },
    "bad_record",
    /"type".*"role".*"parent".* and 2 more$/,
  ],
];

for (const [what, record, code, says] of refused) {
  Deno.test(`refuses ${what}`, () => {
    const check = checkRecord(record);
    assert.equal(check.ok, false);
    assert.equal(check.code, code);
    assert.match(check.message, says);
    assert.ok(check.hint.length > 0);
  });
}

Deno.test("a refusal tells no value of the record", () => {
  const check = checkRecord({
    ...job,
    tags: { a: "hunter2", b: 7, c: ["hunter2"] },
    metrics: { m: [[0, 1, "hunter2"]] },
  });
  assert.equal(check.ok, false);
  assert.doesNotMatch(JSON.stringify(check), /hunter2/);
});

Deno.test("knows its kinds, and no names of the language", () => {
  assert.deepEqual(["job", "unit", "horse", "toString", "__proto__"].map(isKnownKind), [
    true,
    true,
    false,
    false,
    false,
  ]);
});
