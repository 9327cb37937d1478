import assert from "node:assert/strict";
import { encodeItem } from "../../../src/records/ndjson_write.ts";
import { fitLine } from "../../../src/stages/fit_line.ts";
import { jobRecord } from "./fakes.ts";

const KIB = 1024;

Deno.test("a job that fits stays the very record it is", () => {
  const record = jobRecord({ id: "a", description: "x".repeat(8 * KIB) });
  const fitted = fitLine(record, 128 * KIB);
  assert.equal(fitted.record, record);
  assert.deepEqual(fitted.faults, []);
});

Deno.test("the largest field gives way first, and says so", () => {
  const files = Array.from({ length: 2_000 }, (_, index) => ({ path: `outputs/é-${index}.bin`, size: 1 }));
  const record = jobRecord({ id: "a", artifacts: { store: null, files }, definition: "d".repeat(20 * KIB) });
  const fitted = fitLine(record, 128 * KIB);
  assert.equal(fitted.record.artifacts, null);
  assert.equal(fitted.record.definition, record.definition);
  assert.deepEqual(fitted.faults.map(({ part, code }) => [part, code]), [["artifacts", "too_large"]]);
  assert.match(fitted.faults[0]?.message ?? "", /^job "a": with its artifacts \(\d+ bytes\)/);
});

Deno.test("fields give way until the line fits, characters counted as the bytes they take", () => {
  const control = "\u0001".repeat(20 * KIB);
  const record = jobRecord({ id: "a", description: control, params: { a: control }, tags: { a: "small" } });
  const { record: fitted, faults } = fitLine(record, 128 * KIB);
  assert.deepEqual(faults.map(({ part }) => part), ["params", "description"]);
  assert.deepEqual(fitted.tags, { a: "small" });
  assert.ok(encodeItem({ record: fitted }).length < 128 * KIB);
});
