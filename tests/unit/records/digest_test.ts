import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { canonicalJson, sha256Hex, unitDigest } from "../../../src/records/digest.ts";
import { job, unitOf } from "../stages/samples.ts";

Deno.test("sha256Hex agrees with the platform at every block boundary", () => {
  for (const length of [0, 1, 3, 55, 56, 57, 63, 64, 65, 119, 120, 128, 1000, 100_000]) {
    for (const text of ["a".repeat(length), "é🎈".repeat(length % 500)]) {
      assert.equal(sha256Hex(text), createHash("sha256").update(text).digest("hex"), `length ${length}`);
    }
  }
});

Deno.test("canonical JSON sorts keys at every depth and keeps the order of lists", () => {
  const cases: [unknown, string][] = [
    [{ b: 1, a: { d: [2, 1], c: null } }, '{"a":{"c":null,"d":[2,1]},"b":1}'],
    [{ a: undefined, b: 'ü"' }, '{"b":"ü\\""}'],
    [[1.0, 1e3, -0, "1"], '[1,1000,0,"1"]'],
    [null, "null"],
    [{}, "{}"],
  ];
  for (const [value, text] of cases) assert.equal(canonicalJson(value), text);
});

Deno.test("the digest of a unit is that of its values, not of its text", () => {
  const unit = unitOf(job("a", { artifacts: { store: null, files: [{ path: "x", size: 1 }] } }));
  const reordered = JSON.parse(JSON.stringify(Object.fromEntries(Object.entries(unit).reverse())));
  assert.equal(unitDigest(reordered, true), unitDigest(unit, true));
  for (
    const [field, value] of [["description", "new"], ["status", "Failed"], ["parent_target", "p"]] as const
  ) {
    assert.notEqual(unitDigest({ ...unit, [field]: value }, true), unitDigest(unit, true), field);
  }
  assert.notEqual(unitDigest(unit, false), unitDigest(unit, true), "files count only when they are copied");
});
