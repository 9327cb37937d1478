import assert from "node:assert/strict";
import { PointsDue } from "../../../src/stages/points_due.ts";
import { plan } from "../../../src/stages/plan.ts";
import { submit } from "../../../src/stages/submit.ts";
import { FakeTarget } from "./fake_target.ts";
import { job, points, ran, stream, surroundings } from "./samples.ts";

/** `seq+count` of the records of one metric that was announced with 30 points, what each is, and what is missing. */
const CASES:
  readonly (readonly [string, readonly (readonly [number, number])[], readonly string[], number])[] = [
    ["in order", [[0, 10], [10, 20]], ["next", "next"], 0],
    ["one twice", [[0, 10], [0, 10], [10, 20]], ["next", "surplus", "next"], 0],
    ["one twice at the end", [[0, 10], [10, 20], [10, 20]], ["next", "next", "surplus"], 0],
    ["one lost and one twice", [[0, 10], [0, 10], [20, 10]], ["next", "surplus", "misplaced"], 20],
    ["out of order", [[10, 20], [0, 10]], ["misplaced", "next"], 20],
    ["overlapping", [[0, 10], [5, 10]], ["next", "misplaced"], 20],
    ["more than announced", [[0, 40]], ["misplaced"], 30],
  ];

for (const [name, records, places, missing] of CASES) {
  Deno.test(`points records ${name}`, () => {
    const due = new PointsDue({ loss: 30 });
    const came = records.map(([seq, count]) =>
      due.came({ metric: "loss", seq, points: Array.from({ length: count }, () => [0, 0, 0]) })
    );
    assert.deepEqual(came, places);
    assert.equal(due.missing, missing);
    assert.deepEqual(due.metrics, missing === 0 ? [] : ["loss"]);
  });
}

const announced = () => job("a", { metrics: null, more_points: { loss: 30 } });

Deno.test("a lost and a doubled points record do not look whole in plan", async () => {
  const { of, end } = await ran(plan(
    stream([
      announced(),
      points("a", "loss", 0, 10),
      points("a", "loss", 0, 10),
      points("a", "loss", 20, 5),
      points("a", "loss", 25, 5),
      job("b"),
    ]),
    {},
    surroundings(),
  ));
  assert.deepEqual(of("error").map(({ code }) => code), ["points_out_of_order", "points_missing"]);
  assert.equal(of("points").length, 1);
  assert.equal(end.counts?.["dropped"], 1);
  assert.equal(end.counts?.["failed"], 2);
  assert.equal(end.counts?.["incomplete"], 1);
  assert.deepEqual(end.counts?.["out"], { unit: 2, points: 1 });
});

Deno.test("a doubled points record lands once, and one out of order makes the unit fail", async () => {
  const target = new FakeTarget();
  const [first, second] = [points("a", "loss", 0, 10), points("a", "loss", 10, 20)];
  const sent = async (...records: readonly (typeof first)[]) =>
    await ran(submit(stream([announced(), ...records, job("b")]), target, {}, surroundings()));
  const broken = await sent(second, first);
  assert.deepEqual(broken.of("receipt").map(({ outcome }) => outcome), ["failed", "created"]);
  assert.deepEqual(broken.of("error").map(({ code }) => code).sort(), [
    "points_missing",
    "points_out_of_order",
  ]);
  const doubled = await sent(first, first, second);
  assert.deepEqual(doubled.of("receipt").map(({ outcome }) => outcome), ["adopted", "unchanged"]);
  assert.deepEqual(doubled.of("error"), []);
  const [run] = target.runs.values();
  assert.deepEqual(run?.points.get("loss")?.map(([step]) => step), Array.from({ length: 30 }, (_, i) => i));
});
