import assert from "node:assert/strict";
import { IdSet } from "../../../src/azure/id_set.ts";

Deno.test("a set of ids knows what it was given, and nothing else, also after it grew", () => {
  const set = new IdSet();
  for (let i = 0; i < 50_000; i++) assert.ok(set.add(`job_${i}`), `job_${i} is new`);
  for (let i = 0; i < 50_000; i++) assert.ok(set.has(`job_${i}`), `job_${i} is there`);
  for (let i = 0; i < 50_000; i++) assert.ok(!set.has(`other_${i}`), `other_${i} is not there`);
  assert.ok(!set.add("job_7"), "a second time");
});
