import assert from "node:assert/strict";
import { HeldTable, TABLE_SIZE } from "../../../src/azure/held_table.ts";
import type { MetricRow } from "../../../src/azure/metric_rows.ts";

const head = { name: "t", namespace: null, type: "azureml.v1.table", columns: null, location: null };
const row = (step: number): MetricRow => ({ step, time: 0, data: { a: step, b: "x".repeat(100) } });

Deno.test("a table within the size is held whole, without a fault", () => {
  const table = new HeldTable();
  for (let i = 0; i < 1000; i++) table.add([row(i)]);
  assert.equal(table.rows.length, 1000);
  assert.equal(table.fault(head, "r1"), null);
});

Deno.test("of a larger table the beginning is held, and the fault says how much is missing of what", () => {
  const table = new HeldTable(1000);
  for (let page = 0; page < 10; page++) table.add([row(page * 2), row(page * 2 + 1)]);
  const held = table.rows.length;
  assert.ok(held > 0 && held < 20, `${held}`);
  assert.deepEqual(table.rows.map(({ step }) => step), Array.from({ length: held }, (_, i) => i));
  const fault = table.fault(head, "r1");
  assert.deepEqual([fault?.part, fault?.code, fault?.retryable], ["tables/t", "too_large", false]);
  assert.match(
    fault?.message ?? "",
    new RegExp(`run r1 has 20 rows.*first ${held} .*the ${20 - held} behind`),
  );
});

Deno.test("a million rows of fifteen columns stay within the size that a line can hold", () => {
  const table = new HeldTable();
  const data = Object.fromEntries(Array.from({ length: 15 }, (_, i) => [`column_${i}`, i * 1.5]));
  const page = Array.from({ length: 1000 }, (_, i) => ({ step: i, time: 0, data }));
  for (let i = 0; i < 1000; i++) table.add(page);
  assert.ok(JSON.stringify(table.rows.map((row) => row.data)).length <= TABLE_SIZE);
  assert.match(table.fault(head, "r1")?.message ?? "", /has 1000000 rows/);
});
