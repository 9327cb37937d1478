import assert from "node:assert/strict";
import { metricKeyOf, metricLabel } from "../../../src/azure/metric_label.ts";
import { metricHead, splitRows } from "../../../src/azure/metric_rows.ts";
import { fakeTarget, unit } from "./fake_service.ts";

Deno.test("no two metrics share a label, and a label tells its metric", () => {
  const texts = [
    "train",
    "ns",
    "train/ns",
    "a%2Fb",
    "a/b",
    "%",
    "",
    "namespace:train/ns",
    "namespace:/x",
    "namespace:x",
  ];
  const keys = texts.flatMap((name) =>
    [null, ...texts.slice(0, 6)].map((namespace) => ({ name, namespace }))
  );
  assert.equal(new Set(keys.map(metricLabel)).size, keys.length);
  for (const key of keys) assert.deepEqual(metricKeyOf(metricLabel(key)), key);
  assert.equal(metricLabel({ name: "train/loss", namespace: null }), "train/loss");
});

Deno.test("a metric of a namespace is written into it, beside a plain one of the like name, and is known again", async () => {
  const { service, target } = fakeTarget();
  const spaced = metricLabel({ name: "ns", namespace: "train" });
  for (const sent of [1, 0]) {
    service.sent.length = 0;
    const found = (await target.find(["job-1-aaaa"])).get("job-1-aaaa") ?? null;
    const { run } = await target.open(unit(), null, found);
    await run.points(spaced, [[0, 1_700_000_000_000, 1]]);
    await run.points("train/ns", [[0, 1_700_000_000_000, 2]]);
    assert.deepEqual(await run.pointsDone(), []);
    assert.deepEqual(await run.finish("d"), []);
    assert.equal(service.bodies("metric.batchSync").length, sent);
  }
  assert.deepEqual([...service.metrics].map(([key, rows]) => [key, rows.map(({ data }) => data)]), [
    ["job-1-aaaa/ns\ntrain", [{ ns: 1 }]],
    ["job-1-aaaa/train/ns", [{ "train/ns": 2 }]],
  ]);
});

Deno.test("a row without a time gets another one, and is counted", () => {
  const head = metricHead({ name: "m" });
  const value = [{ step: 1, data: { m: 1 } }, { step: 2, createdUtc: "soon", data: { m: "x" } }];
  assert.deepEqual(splitRows(head, { value }, 5), {
    points: [[1, 5, 1]],
    rows: [{ data: { m: "x" }, step: 2, time: 5 }],
    untimed: 2,
  });
});
