import assert from "node:assert/strict";
import type { Point } from "../../../src/records/point.ts";
import { MetricCollector } from "../../../src/stages/metric_collector.ts";
import { fakeSpools } from "./fakes.ts";

const LIMITS = { points: 5, pointsSize: 1_000, tablesSize: 100 };

async function collect(
  limits: Partial<typeof LIMITS>,
  points: readonly (readonly [metric: string, Point[]])[],
) {
  const spools = fakeSpools();
  const collector = new MetricCollector("job", spools.make, { ...LIMITS, ...limits });
  for (const [metric, some] of points) await collector.add({ kind: "points", metric, points: some });
  const collected = await collector.finish();
  const lines: unknown[] = [];
  for await (const batch of collected.overflow?.records() ?? []) {
    lines.push(...batch.map(({ record }) => record));
  }
  await collected.overflow?.close();
  assert.equal(spools.open, 0);
  return { ...collected, lines, spools };
}

function point(step: number, value: number | string = 1): Point {
  return [step, 0, value];
}

Deno.test("as many points as a line holds need nothing set aside", async () => {
  const { metrics, more, lines, spools } = await collect({}, [[
    "a",
    [0, 1, 2, 3, 4].map((step) => point(step)),
  ]]);
  assert.equal(metrics["a"]?.length, 5);
  assert.equal(more, null);
  assert.deepEqual(lines, []);
  assert.equal(spools.made, 0);
});

Deno.test("metrics that come by turns keep the order of each, in the line and behind it", async () => {
  const { metrics, more, lines } = await collect({}, [
    ["a", [point(0), point(1)]],
    ["b", [point(0)]],
    ["a", [point(2), point(3), point(4)]],
    ["b", [point(1)]],
    ["c", [point(0)]],
  ]);
  assert.deepEqual(metrics, { a: [point(0), point(1), point(2), point(3)], b: [point(0)], c: [] });
  assert.deepEqual(more, { a: 1, b: 1, c: 1 });
  assert.deepEqual(lines, [
    { kind: "points", v: 1, job: "job", metric: "a", seq: 0, points: [point(4)] },
    { kind: "points", v: 1, job: "job", metric: "b", seq: 0, points: [point(1)] },
    { kind: "points", v: 1, job: "job", metric: "c", seq: 0, points: [point(0)] },
  ]);
});

Deno.test("long values and long names use up the room of a line, too", async () => {
  const long = "1".repeat(900);
  assert.deepEqual((await collect({}, [["a", [point(0, long), point(1, long), point(2)]]])).more, { a: 1 });
  assert.deepEqual((await collect({}, [["n".repeat(1_000), [point(0)]]])).more, { ["n".repeat(1_000)]: 1 });
});

Deno.test("values that are no JSON numbers survive being set aside", async () => {
  const { lines } = await collect({ points: 0 }, [["a", [
    point(0, "NaN"),
    point(1, NaN),
    point(2, 2 ** 60),
  ]]]);
  const [line] = lines as { points: Point[] }[];
  assert.deepEqual(line?.points.map(([, , value]) => value), ["NaN", "NaN", String(2 ** 60)]);
});

Deno.test("tables that together are larger than a line are left out, and said", async () => {
  const collector = new MetricCollector("job", fakeSpools().make, LIMITS);
  const rows = [{ text: "x".repeat(40) }];
  for (const name of ["t1", "t2"]) await collector.add({ kind: "table", table: { name, type: null, rows } });
  const { tables, faults } = await collector.finish();
  assert.deepEqual(tables.map(({ name }) => name), ["t1"]);
  assert.deepEqual(faults.map(({ part, code }) => [part, code]), [["tables/t2", "too_large"]]);
});

Deno.test("a secret in a metric's name goes out of it, and two metrics stay two", async () => {
  const { metrics, more, lines, redacted } = await collect({ points: 2 }, [
    ["a?sig=Zm9v", [point(0)]],
    ["a?sig=YmFy", [point(1)]],
    ["loss", [point(2)]],
    ["a?sig=Zm9v", [point(3)]],
  ]);
  const names = ["a?sig=<redacted>", "a?sig=<redacted> (2)"] as const;
  assert.deepEqual(metrics, { [names[0]]: [point(0)], [names[1]]: [point(1)], loss: [] });
  assert.deepEqual(more, { loss: 1, [names[0]]: 1 });
  assert.deepEqual(lines.map((line) => Object(line).metric), ["loss", names[0]]);
  assert.deepEqual(redacted, names.map((name) => `metrics.${name}`));
});
