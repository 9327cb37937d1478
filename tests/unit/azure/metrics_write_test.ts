import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { Failure } from "../../../src/records/failure.ts";
import type { Point } from "../../../src/records/point.ts";
import type { RunWriter } from "../../../src/stages/ports.ts";
import { answer, type FakeService, fakeTarget, lost, refusal, unit } from "./fake_service.ts";

const T0 = 1_700_000_000_000;
const at = (ms: number) => new Date(T0 + ms).toISOString();
const series = (count: number, value = (index: number) => index / 4): Point[] =>
  Array.from({ length: count }, (_, index): Point => [index, T0 + index, value(index)]);

async function opened(): Promise<
  { service: FakeService; run: RunWriter; reopen: () => Promise<RunWriter>; waits: number[] }
> {
  const { service, target, waits } = fakeTarget();
  const { run } = await target.open(unit(), null, null);
  const reopen = async () => {
    const found = (await target.find(["job-1-aaaa"])).get("job-1-aaaa") ?? null;
    return (await target.open(unit(), null, found)).run;
  };
  return { service, run, reopen, waits };
}

/** Sizes of the requests that were sent: rows by metric. */
function batches(service: FakeService): Record<string, number>[] {
  return service.bodies("metric.batchSync").map((body) => {
    const { values } = body as { values: { name: string; value: unknown[] }[] }; // made by the code under test
    return Object.fromEntries(values.map(({ name, value }) => [name, value.length]));
  });
}

describe("metrics of a run", () => {
  it("sends a scalar as MLflow and the SDK do", async () => {
    const { service, run } = await opened();
    const points: Point[] = [[0, T0, 0.5], [1, T0 + 0.25, "NaN"], [2, T0 + 2, "-Infinity"]];
    await run.points("val/loss", points);
    assert.deepEqual(await run.pointsDone(), []);
    const [body] = service.bodies("metric.batchSync");
    const ids = JSON.stringify(body).match(/"metricId":"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"/g) ?? [];
    assert.equal(new Set(ids).size, 3);
    assert.deepEqual(JSON.parse(JSON.stringify(body).replace(/"metricId":"[^"]*",/g, "")), {
      values: [{
        name: "val/loss",
        columns: { "val/loss": "Double" },
        properties: { uxMetricType: "azureml.v1.scalar" },
        value: [
          { createdUtc: at(0), step: 0, data: { "val/loss": 0.5 } },
          { createdUtc: at(0).replace("000Z", "0002500Z"), step: 1, data: { "val/loss": "NaN" } },
          { createdUtc: at(2), step: 2, data: { "val/loss": "-Infinity" } },
        ],
      }],
      reportErrors: true,
    });
    assert.deepEqual(service.names().slice(-1), ["history.waitForMetrics"]);
  });

  it("puts at most 50 metrics of 250 rows into a request, in order", async () => {
    const { service, run } = await opened();
    await run.points("long", series(600));
    for (let index = 0; index < 60; index++) await run.points(`m${index}`, series(2));
    await run.pointsDone();
    const sizes = batches(service);
    assert.deepEqual(sizes.map((batch) => Object.keys(batch).length), [50, 12, 1]);
    assert.deepEqual(sizes.map((batch) => batch.long), [250, 250, 100]);
    assert.deepEqual(
      service.rows("job-1-aaaa", "long").map(([step]) => step),
      series(600).map(([step]) => step),
    );
  });

  it("sends before it holds more than one full request", async () => {
    const { service, run } = await opened();
    for (let start = 0; start < 30_000; start += 10_000) await run.points("long", series(10_000));
    assert.ok(batches(service).length >= 70, "a long history waited in memory");
    await run.pointsDone();
    assert.equal(service.rows("job-1-aaaa", "long").length, 30_000);
  });

  it("sends a run that is there only what it lacks", async () => {
    const repeated: Point[] = [[0, T0, 1], [0, T0, 1], [1, T0, 2], [0, T0, 1]];
    const cases: { name: string; first: Point[]; then: Point[]; sent: number }[] = [
      { name: "all there", first: series(250), then: series(250), sent: 0 },
      { name: "cut off", first: series(240), then: series(250), sent: 10 },
      { name: "nothing there", first: [], then: series(5), sent: 5 },
      { name: "another order", first: series(250).reverse(), then: series(250), sent: 0 },
      { name: "a gap", first: [...series(100), ...series(200).slice(150)], then: series(200), sent: 50 },
      { name: "the same point several times", first: repeated.slice(0, 2), then: repeated, sent: 2 },
      { name: "NaN", first: [[0, T0, "NaN"]], then: [[0, T0, "NaN"], [1, T0, "NaN"]], sent: 1 },
    ];
    for (const { name, first, then, sent } of cases) {
      const { service, run, reopen } = await opened();
      await run.points("m", first);
      await run.pointsDone();
      const before = service.rows("job-1-aaaa", "m").length;
      const again = await reopen();
      for (const point of then) await again.points("m", [point]);
      await again.pointsDone();
      assert.equal(service.rows("job-1-aaaa", "m").length - before, sent, name);
    }
  });

  it("tells of points that the run holds from before and the unit has not", async () => {
    const { run, reopen } = await opened();
    await run.points("m", series(10));
    await run.finish("d");
    const again = await reopen();
    await again.points("m", series(7));
    await again.pointsDone();
    const loss = await again.finish("d");
    assert.deepEqual(
      loss.map(({ field, change, reason }) => [field, change, /holds (\d+) rows/.exec(reason)?.[1]]),
      [
        ["metrics.m", "rewritten", "3"],
      ],
    );
  });

  it("looks what arrived when a reply is lost, and sends no point twice", async () => {
    for (const arrived of [true, false]) {
      const { service, run } = await opened();
      let cut = 0;
      service.twist = ({ name }, usual) => {
        if (name !== "metric.batchSync" || cut++ !== 1) return undefined;
        if (arrived) usual();
        throw lost();
      };
      await run.points("a", series(300));
      await run.points("b", series(260));
      await run.pointsDone();
      assert.equal(service.rows("job-1-aaaa", "a").length, 300, `arrived: ${arrived}`);
      assert.equal(service.rows("job-1-aaaa", "b").length, 260, `arrived: ${arrived}`);
      assert.deepEqual(
        service.rows("job-1-aaaa", "a").map(([step]) => step),
        series(300).map(([step]) => step),
      );
      const names = service.names();
      assert.ok(
        names.indexOf("history.waitForMetrics") < names.indexOf("metric.full"),
        "it looked before it waited",
      );
    }
  });

  it("gives up when no reply ever comes", async () => {
    const { service, run } = await opened();
    service.twist = ({ name }) => {
      if (name === "metric.batchSync") throw lost();
      return undefined;
    };
    await run.points("a", series(3));
    await assert.rejects(
      run.pointsDone(),
      (thrown) => thrown instanceof Failure && thrown.facts.code === "reply_lost",
    );
    assert.equal(batches(service).length, 4);
  });

  it("takes a refusal for a loss of that metric alone", async () => {
    const { service, run } = await opened();
    const text = "A field of the entity is over the size limit. FieldName=Metrics, Limit=50, Size=51";
    service.twist = ({ name, body }) =>
      name === "metric.batchSync" && JSON.stringify(body).includes('"bad"')
        ? answer(400, refusal(text))
        : undefined;
    await run.points("good", series(3));
    await run.points("bad", series(2));
    const loss = await run.pointsDone();
    assert.equal(service.rows("job-1-aaaa", "good").length, 3);
    assert.deepEqual(loss, [{
      field: "metrics.bad",
      change: "moved",
      reason: `the service refused 2 points: ${text}; kept in azml/original.json`,
      original: [[0, T0, 0], [1, T0 + 1, 0.25]],
    }]);
  });

  it("reads the errors of an answer that is none", async () => {
    const { service, run } = await opened();
    service.twist = ({ name }) =>
      name === "metric.batchSync"
        ? answer(200, { errors: [{ metric: { name: "m" }, errorResponse: refusal("not this one") }] })
        : undefined;
    await run.points("m", series(1));
    assert.deepEqual((await run.pointsDone()).map(({ field, change }) => [field, change]), [[
      "metrics.m",
      "moved",
    ]]);
  });

  it("takes the plain batch route where there is no batchsync, and learns it", async () => {
    const { service, run } = await opened();
    service.twist = ({ name }) => name === "metric.batchSync" ? answer(404) : undefined;
    await run.points("m", series(300));
    await run.pointsDone();
    assert.equal(service.rows("job-1-aaaa", "m").length, 300);
    assert.deepEqual(service.names().filter((name) => name.startsWith("metric.")), [
      "metric.batchSync",
      "metric.batch",
      "metric.batch",
    ]);
  });

  it("waits as the service says until metrics can be read", async () => {
    const { service, run, waits } = await opened();
    let looks = 0;
    service.twist = ({ name }) =>
      name.startsWith("history.waitForMetrics") && looks++ < 2
        ? answer(202, null, { location: "/elsewhere", ...(looks === 1 ? { "retry-after": "3" } : {}) })
        : undefined;
    await run.points("m", series(1));
    await run.pointsDone();
    assert.deepEqual(waits, [3000, 1000]);
    assert.deepEqual(service.names().slice(-2), ["history.waitForMetricsAt", "history.waitForMetricsAt"]);
  });

  it("tells what no JSON number and no service clock can hold", async () => {
    const { service, run } = await opened();
    await run.points("m", [["9007199254740993", T0, 1], [1, 1e18, 2], [2, T0, "9007199254740993"]]);
    const loss = await run.pointsDone();
    assert.deepEqual(
      loss.map(({ field, change }) => [field, change]),
      Array(3).fill(["metrics.m", "rewritten"]),
    );
    assert.deepEqual(service.rows("job-1-aaaa", "m"), [
      [9007199254740992, at(0), 1],
      [1, null, 2],
      [2, at(0), 9007199254740992],
    ]);
  });
});

describe("tables of a run", () => {
  it("sends rows with their times, and pointers to the files of the new run", async () => {
    const { service, run } = await opened();
    const loss = await run.tables([
      { name: "t", type: null, rows: [{ a: 1, b: "x" }, { a: 2.5, b: "y" }], at: [[3, T0], [null, T0 + 1]] },
      { name: "img", type: "azureml.v2.image", artifact: "img_1.png", at: [[null, T0]] },
      { name: "cm", type: "azureml.v1.confusion_matrix", artifact: "cm.json", columns: { cm: "Artifact" } },
    ]);
    assert.deepEqual(loss.map(({ field, change }) => [field, change]), [
      ["tables.img", "rewritten"],
      ["tables.cm", "rewritten"],
    ]);
    const [body] = service.bodies("metric.batchSync");
    assert.deepEqual(JSON.parse(JSON.stringify(body).replace(/"metricId":"[^"]*",/g, "")).values, [
      {
        name: "t",
        columns: { a: "double", b: "string" },
        properties: { uxMetricType: "azureml.v1.table" },
        value: [
          { createdUtc: at(0), step: 3, data: { a: 1, b: "x" } },
          { createdUtc: at(1), data: { a: 2.5, b: "y" } },
        ],
      },
      {
        name: "img",
        columns: { img: "Artifact" },
        properties: { uxMetricType: "azureml.v2.image" },
        value: [{
          createdUtc: at(0),
          data: { img: "aml://artifactId/ExperimentRun/dcid.job-1-aaaa/img_1.png" },
        }],
      },
      {
        name: "cm",
        columns: { cm: "Artifact" },
        properties: { uxMetricType: "azureml.v1.confusion_matrix" },
        value: [{ data: { cm: "aml://artifactId/ExperimentRun/dcid.job-1-aaaa/outputs/cm.json" } }],
      },
    ]);
  });

  it("moves a table beyond the limits, or refused, whole into the loss", async () => {
    const { service, run } = await opened();
    const wide = {
      name: "wide",
      type: null,
      rows: [Object.fromEntries(series(16).map(([step]) => [`c${step}`, 1]))],
    };
    const long = { name: "long", type: null, rows: [{ text: "x".repeat(256) }] };
    const refused = { name: "refused", type: "azureml.v1.table", rows: [{ a: 1 }] };
    service.twist = ({ name }) => name === "metric.batchSync" ? answer(400, refusal("no")) : undefined;
    const loss = await run.tables([wide, long, refused]);
    assert.deepEqual(loss.map(({ field, change, original }) => [field, change, original]), [
      ["tables.wide", "moved", wide],
      ["tables.long", "moved", long],
      ["tables.refused", "moved", refused],
    ]);
  });

  it("sends no row twice", async () => {
    const tables = [
      { name: "t", type: null, rows: [{ a: 1 }, { a: 1 }], at: [[null, T0], [null, T0]] as [null, number][] },
      { name: "u", type: null, rows: [{ a: 1 }, { a: 2 }] },
    ];
    const { service, run, reopen } = await opened();
    await run.tables(tables);
    await (await reopen()).tables(tables);
    assert.equal(service.rows("job-1-aaaa", "t").length, 2);
    assert.equal(service.rows("job-1-aaaa", "u").length, 2);
  });
});
