import assert from "node:assert/strict";
import type { AnyRecord } from "../../../src/records/item.ts";
import { targetName } from "../../../src/records/target_name.ts";
import { plan } from "../../../src/stages/plan.ts";
import { submit } from "../../../src/stages/submit.ts";
import { verify } from "../../../src/stages/verify.ts";
import { FakeTarget } from "./fake_target.ts";
import { child, job, ran, SOURCE, stream, surroundings } from "./samples.ts";

const nameOf = (id: string) => targetName("runs", SOURCE, id);
const parent = () => job("p", { type: "pipeline" });
const nested = () => child("s", "p", 1, { type: "pipeline" });
const grandchild = () => child("t", "s", 2);

async function submitted(records: readonly AnyRecord[], target: FakeTarget) {
  const ctx = surroundings();
  const result = await ran(submit(stream(records), target, {}, ctx));
  const outcomes = result.of("receipt").map(({ original, outcome }) => `${original} ${outcome}`);
  return { ...result, outcomes, warnings: ctx.said.filter((line) => line.startsWith("warn")) };
}

async function units(records: readonly AnyRecord[]): Promise<AnyRecord[]> {
  const { of } = await ran(plan(stream(records), {}, surroundings()));
  return of("unit");
}

const PATHS = [
  ["job records", (records: readonly AnyRecord[]) => Promise.resolve(records)],
  ["units that plan made offline", units],
] as const;

for (const [what, through] of PATHS) {
  Deno.test(`a nested pipeline sent alone after the whole migration is unchanged (${what})`, async () => {
    const target = new FakeTarget();
    await submitted([parent(), nested(), grandchild()], target);
    const { outcomes, warnings } = await submitted(await through([nested(), grandchild()]), target);
    assert.deepEqual(outcomes, ["s unchanged", "t unchanged"]);
    assert.deepEqual(warnings, []);
  });

  Deno.test(`a child sent alone is linked to the parent that the target has (${what})`, async () => {
    const [alone, whole] = [new FakeTarget(), new FakeTarget()];
    await submitted([parent()], alone);
    const { outcomes, warnings } = await submitted(await through([nested(), grandchild()]), alone);
    await submitted([parent(), nested(), grandchild()], whole);
    assert.deepEqual(outcomes, ["s created", "t created"]);
    assert.deepEqual(warnings, []);
    assert.deepEqual(alone.runs, whole.runs);
  });

  Deno.test(`a child of a parent that is nowhere is a root until the parent comes (${what})`, async () => {
    const target = new FakeTarget();
    const orphan = await through([nested()]);
    const first = await submitted(orphan, target);
    assert.deepEqual(first.outcomes, ["s created"]);
    assert.equal(first.warnings.length, 1);
    assert.match(first.warnings[0] ?? "", /neither in the stream nor in the target \(s\)/);
    assert.equal(target.runs.get(nameOf("s"))?.record.parent, null);
    assert.deepEqual((await submitted(orphan, target)).outcomes, ["s unchanged"]);
    await submitted([parent()], target);
    assert.deepEqual((await submitted(orphan, target)).outcomes, ["s updated"]);
    assert.equal(target.runs.get(nameOf("s"))?.record.parent, nameOf("p"));
    assert.deepEqual((await submitted([parent(), nested()], target)).outcomes, [
      "p unchanged",
      "s unchanged",
    ]);
  });
}

Deno.test("verify of a child alone takes the parent that its run has in the target", async () => {
  const target = new FakeTarget();
  await submitted([parent(), nested(), grandchild()], target);
  const check = () =>
    ran(verify(stream([nested(), grandchild()]), target, { extras: false }, surroundings()));
  assert.deepEqual((await check()).of("diff").map(({ symbol }) => symbol), ["=", "="]);
  const run = target.runs.get(nameOf("s")) ?? assert.fail();
  run.record = { ...run.record, parent: nameOf("other") };
  assert.deepEqual((await check()).of("diff").map(({ symbol }) => symbol), ["*", "="]);
});

Deno.test("units of a cycle that plan has opened stay opened", async () => {
  const made = await units([child("a", "c"), child("b", "a"), child("c", "b")]);
  const target = new FakeTarget();
  const { outcomes, of } = await submitted(made, target);
  assert.deepEqual(outcomes, ["a created", "b created", "c created"]);
  assert.deepEqual(of("error"), []);
  assert.equal(target.runs.get(nameOf("a"))?.record.parent, null);
  assert.equal(target.runs.get(nameOf("c"))?.record.parent, nameOf("b"));
});
