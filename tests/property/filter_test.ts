import assert from "node:assert/strict";
import fc from "fast-check";
import type { AnyRecord } from "../../src/records/item.ts";
import { filter } from "../../src/stages/filter.ts";
import { readSelection, type SelectionWords } from "../../src/stages/selection.ts";
import { drain, fakeContext, jobRecord, streamOf } from "../unit/stages/fakes.ts";

/** A forest in pre-order: each job hangs below an earlier one or is a root. */
const forest = fc.array(fc.record({ above: fc.nat(30), status: fc.constantFrom("Completed", "Failed") }), {
  maxLength: 25,
}).map((shapes) => {
  const jobs: { id: string; parent: string | null; root: string; depth: number; status: string }[] = [];
  for (const [at, { above, status }] of shapes.entries()) {
    const parent = jobs[above];
    const id = `j${at}`;
    jobs.push({
      id,
      status,
      parent: parent?.id ?? null,
      root: parent?.root ?? id,
      depth: parent === undefined ? 0 : parent.depth + 1,
    });
  }
  return jobs.map((job): AnyRecord => jobRecord(job));
});

const words: fc.Arbitrary<SelectionWords> = fc.record({
  status: fc.constantFrom(["completed"], ["failed"]),
  include: fc.array(fc.nat(25).map((at) => `j${at}`), { minLength: 1, maxLength: 4 }),
  maxDepth: fc.nat(3),
}, { requiredKeys: [] });

async function kept(records: readonly AnyRecord[], selection: SelectionWords): Promise<string[]> {
  const { items, thrown } = await drain(
    filter(streamOf(records, 4), { selection: readSelection(selection) }, fakeContext()),
  );
  assert.equal(thrown, undefined);
  return items.flatMap(({ record }) => record.kind === "job" ? [String(record["id"])] : []).toSorted();
}

Deno.test("which jobs pass a filter does not depend on the order of the lines", async () => {
  const shuffled = forest.chain((jobs) =>
    fc.tuple(fc.constant(jobs), fc.shuffledSubarray(jobs, { minLength: jobs.length, maxLength: jobs.length }))
  );
  await fc.assert(fc.asyncProperty(shuffled, words, async ([ordered, mixed], selection) => {
    assert.deepEqual(await kept(mixed, selection), await kept(ordered, selection));
  }));
});

Deno.test("a stream that was filtered passes the same filter whole", async () => {
  await fc.assert(fc.asyncProperty(forest, words, async (jobs, selection) => {
    const once = await kept(jobs, selection);
    assert.deepEqual(await kept(jobs.filter(({ id }) => once.includes(String(id))), selection), once);
  }));
});
