import assert from "node:assert/strict";
import type { Point } from "../../../src/records/point.ts";
import { readMetrics } from "../../../src/azure/metrics_read.ts";
import { fakeTarget, unit } from "./fake_service.ts";
import { Rig } from "./reading_rig.ts";

const T0 = 1_700_000_000_000;

Deno.test("a point of which several parts give way has a loss for each", async () => {
  const { target } = fakeTarget();
  const { run } = await target.open(unit(), null, null);
  await run.points("m", [["9007199254740993", 1e300, "9007199254740995"]]);
  const loss = await run.pointsDone();
  assert.deepEqual(loss.map(({ reason }) => reason.split(" ")[0]), ["steps", "whole", "times"]);
});

const SERIES: readonly Point[] = [[0, T0, 1], [1, T0 + 1, 2], [2, T0 + 2, 3]];
const ORDERS = [
  { name: "the last value first, then all", first: SERIES.slice(2), isTold: true },
  { name: "the first values first, then all", first: SERIES.slice(0, 2), isTold: false },
];

for (const { name, first, isTold } of ORDERS) {
  Deno.test(`the order in which points were logged: ${name}`, async () => {
    const { target } = fakeTarget();
    const { run } = await target.open(unit(), null, null);
    await run.points("m", first);
    await run.pointsDone();
    await run.finish("d");
    const found = (await target.find(["job-1-aaaa"])).get("job-1-aaaa") ?? null;
    const again = (await target.open(unit(), null, found)).run;
    await again.points("m", SERIES);
    await again.pointsDone();
    const loss = await again.finish("d");
    const told = loss.map(({ field, change, reason }) => [field, change, /order/.test(reason)]);
    assert.deepEqual(told, isTold ? [["metrics.m", "rewritten", true]] : []);
  });
}

Deno.test("a metric that the unit no longer has stays, and is told", async () => {
  const { target } = fakeTarget();
  const { run } = await target.open(unit(), null, null);
  await run.points("gone", SERIES);
  await run.pointsDone();
  await run.finish("d");
  const found = (await target.find(["job-1-aaaa"])).get("job-1-aaaa") ?? null;
  const again = (await target.open(unit(), null, found)).run;
  assert.deepEqual((await again.finish("d")).map(({ field, change }) => [field, change]), [[
    "metrics.gone",
    "rewritten",
  ]]);
});

const STARTS = [
  { since: "2024-01-01T00:00:00Z", time: Date.UTC(2024, 0, 1) },
  { since: null, time: 0 },
];

for (const { since, time } of STARTS) {
  Deno.test(`points without a time have the run's (${since}), and a fault says so`, async () => {
    const rig = new Rig({
      "metric.list": () => ({ value: [{ metricKey: { name: "m" } }] }),
      "metric.full": () => ({ name: "m", value: [{ step: 1, data: { m: 2 } }] }),
    });
    const parts = [];
    for await (const part of readMetrics(rig.plane(), { run: "r", container: "dcid.r", since }, "full")) {
      parts.push(part);
    }
    const [points, fault] = parts;
    assert.deepEqual(points, { kind: "points", metric: "m", points: [[1, time, 2]] });
    assert.ok(fault?.kind === "fault");
    assert.deepEqual([fault.fault.part, fault.fault.code], ["metrics/m", "no_time"]);
  });
}
