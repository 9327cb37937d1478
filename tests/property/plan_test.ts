import assert from "node:assert/strict";
import fc from "fast-check";
import type { JobRecord } from "../../src/records/job.ts";
import { targetName } from "../../src/records/target_name.ts";
import { plan } from "../../src/stages/plan.ts";
import { child, job, ran, SOURCE, stream, surroundings } from "../unit/stages/samples.ts";

/** `parents[i]` < i, or null for a root: any forest. */
const forest = fc.array(fc.nat(), { minLength: 1, maxLength: 30 }).map((seeds) =>
  seeds.map((seed, i) => i === 0 || seed % (i + 1) === i ? null : seed % (i + 1))
);

function jobsOf(parents: readonly (number | null)[]): JobRecord[] {
  return parents.map((parent, i) => parent === null ? job(`j${i}`) : child(`j${i}`, `j${parent}`));
}

async function linksOf(jobs: readonly JobRecord[], batch: number): Promise<[unknown, unknown][]> {
  const { of, end } = await ran(plan(stream(jobs, batch), {}, surroundings()));
  assert.equal(of("error").length, 0);
  assert.deepEqual(end.counts?.["out"], { unit: jobs.length });
  return of("unit").map((unit): [unknown, unknown] => [unit["id"], unit["parent_target"]]);
}

const nameOf = (i: number) => targetName("runs", SOURCE, `j${i}`);

Deno.test("any shuffle of a forest gives the same units under the same parents, parents first", async () => {
  const shuffled = forest.chain((parents) =>
    fc.record({
      parents: fc.constant(parents),
      order: fc.shuffledSubarray(parents.map((_, i) => i), { minLength: parents.length }),
      batch: fc.integer({ min: 1, max: 8 }),
    })
  );
  await fc.assert(
    fc.asyncProperty(shuffled, async ({ parents, order, batch }) => {
      const jobs = jobsOf(parents);
      const links = await linksOf(order.flatMap((i) => jobs[i] ?? []), batch);
      const expected = parents.map((parent, i) => [nameOf(i), parent === null ? null : nameOf(parent)]);
      assert.deepEqual(new Map(links as [string, string][]), new Map(expected as [string, string][]));
      const seen = new Set<unknown>([null]);
      for (const [id, parent] of links) {
        assert.ok(seen.has(parent), "a parent stands before its child");
        seen.add(id);
      }
    }),
    { numRuns: 150 },
  );
});

Deno.test("whatever parents a stream names, every job becomes one unit, and the units are a forest", async () => {
  const any = fc.array(fc.option(fc.nat({ max: 14 }), { nil: null }), { minLength: 1, maxLength: 12 });
  await fc.assert(
    fc.asyncProperty(any, async (parents) => {
      const { of } = await ran(plan(stream(jobsOf(parents)), {}, surroundings()));
      const units = of("unit");
      assert.equal(units.length, parents.length);
      const seen = new Set<unknown>([null]);
      for (const unit of units) {
        assert.ok(seen.has(unit["parent_target"]), "no unit hangs below what is not there yet");
        seen.add(unit["id"]);
      }
      assert.equal(seen.size, parents.length + 1);
    }),
    { numRuns: 150 },
  );
});
