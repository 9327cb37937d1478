import assert from "node:assert/strict";
import type { AnyRecord } from "../../../src/records/item.ts";
import { plan } from "../../../src/stages/plan.ts";
import { PointsDigest } from "../../../src/records/points_digest.ts";
import { submit } from "../../../src/stages/submit.ts";
import type { SubmitOptions } from "../../../src/stages/submit_options.ts";
import { FakeTarget } from "./fake_target.ts";
import { job, points, ran, stream, surroundings } from "./samples.ts";

const long = () => job("a", { more_points: { loss: 30 } });
const first = () => points("a", "loss", 0, 10);
const second = () => points("a", "loss", 10, 20);

function edited(): AnyRecord {
  const rows = second()["points"];
  assert.ok(Array.isArray(rows));
  return { ...second(), points: rows.with(5, [15, 1704067200015, 99]) };
}

async function sent(target: FakeTarget, records: readonly AnyRecord[], options: SubmitOptions = {}) {
  target.calls.length = 0;
  const ctx = surroundings();
  const { of, end } = await ran(submit(stream([...records, job("b")]), target, options, ctx));
  assert.equal(ctx.open.spools, 0, "every spool was closed");
  return {
    outcomes: of("receipt").map(({ outcome }) => outcome),
    codes: of("error").map(({ code }) => code),
    end,
  };
}

Deno.test("points beyond the line that are as they were leave everything unchanged, without a call", async () => {
  const target = new FakeTarget();
  const records = [long(), first(), second()];
  assert.deepEqual((await sent(target, records)).outcomes, ["created", "created"]);
  const again = await sent(target, records);
  assert.deepEqual(again.outcomes, ["unchanged", "unchanged"]);
  assert.ok(target.calls.every(({ call }) => call === "find"));
  assert.deepEqual(again.end.counts?.["out"], { receipt: 2, points: 2 });
  const whole = points("a", "loss", 0, 30);
  assert.deepEqual((await sent(target, [long(), whole])).outcomes, ["unchanged", "unchanged"]);
  const units = await ran(plan(stream(records), {}, surroundings()));
  const planned = units.records.filter(({ kind }) => kind !== "end");
  assert.deepEqual((await sent(target, planned)).outcomes, ["unchanged", "unchanged"]);
});

Deno.test("an edited point beyond the line is an update, and then unchanged", async () => {
  const target = new FakeTarget();
  await sent(target, [long(), first(), second()]);
  const rehearsed = await sent(target, [long(), first(), edited()], { dryRun: true });
  assert.deepEqual(rehearsed.outcomes, ["updated", "unchanged"]);
  assert.ok(target.calls.every(({ call }) => call === "find"));
  assert.deepEqual((await sent(target, [long(), first(), edited()])).outcomes, ["updated", "unchanged"]);
  assert.equal(target.count("points"), 3, "the line's points and both records were brought again");
  assert.deepEqual((await sent(target, [long(), first(), edited()])).outcomes, ["unchanged", "unchanged"]);
});

Deno.test("points that are lost on the second way leave the run as it is and are told", async () => {
  const target = new FakeTarget();
  await sent(target, [long(), first(), second()]);
  const cut = await sent(target, [long(), first()]);
  assert.deepEqual(cut.outcomes, ["failed", "unchanged"]);
  assert.deepEqual(cut.codes, ["points_missing"]);
  assert.equal(target.count("open"), 0);
  assert.deepEqual((await sent(target, [long(), first(), second()])).outcomes, ["unchanged", "unchanged"]);
});

Deno.test("a file that was left out is brought by the next run, with many points too", async () => {
  const target = new FakeTarget();
  const files = { store: null, files: [{ path: "a.txt", size: 1 }] };
  const records = [{ ...long(), artifacts: files }, first(), second()];
  target.brokenFiles.add("a.txt");
  await sent(target, records);
  target.brokenFiles.clear();
  assert.deepEqual((await sent(target, records)).outcomes, ["adopted", "unchanged"]);
  assert.deepEqual((await sent(target, records)).outcomes, ["unchanged", "unchanged"]);
});

Deno.test("the digest of points tells order and metric, not how they were cut or mixed", () => {
  const of = (...records: readonly (readonly [string, readonly number[]])[]) => {
    const digest = new PointsDigest();
    for (const [metric, steps] of records) digest.add({ metric, points: steps.map((step) => [step, 1, 1]) });
    return digest.behind("line");
  };
  assert.equal(of(), "line");
  assert.equal(of(["a", []]), "line");
  assert.equal(of(["a", [1, 2]], ["b", [3]]), of(["b", [3]], ["a", [1]], ["a", [2]]));
  assert.notEqual(of(["a", [1, 2]]), of(["a", [2, 1]]));
  assert.notEqual(of(["a", [1]], ["b", [2]]), of(["a", [2]], ["b", [1]]));
});
