import assert from "node:assert/strict";
import { isJsonObject, type JsonObject, type JsonValue } from "../../src/records/json.ts";
import type { TestAnswer } from "../emulator/test_client.ts";
import { type DataPlane, items, withDataPlane } from "./dataplane_session.ts";

function scalar(name: string, values: readonly JsonValue[], from = 0): JsonObject {
  return {
    name,
    columns: { [name]: "Double" },
    properties: { uxMetricType: "azureml.v1.scalar" },
    value: values.map((value, index) => ({
      createdUtc: new Date(1_600_000_000_123 + from + index).toISOString(),
      step: from + index,
      data: { [name]: value },
    })),
  };
}

async function write(
  { ask }: DataPlane,
  verb: string,
  values: JsonValue[],
  reportErrors = false,
): Promise<TestAnswer> {
  await ask("history", "PATCH", "/runs/r", {});
  return await ask("metric", "POST", `/runs/r/${verb}`, { values, reportErrors });
}

async function full({ ask }: DataPlane, metricName: string): Promise<JsonObject[]> {
  const rows: JsonObject[] = [];
  let continuationToken: JsonValue = null;
  do {
    const answer = await ask("metric", "POST", "/runs/r/full", { metricName, continuationToken });
    rows.push(...items(answer).filter(isJsonObject));
    continuationToken = answer.body.continuationToken ?? null;
  } while (continuationToken !== null);
  return rows;
}

function message({ body }: TestAnswer): JsonValue {
  return isJsonObject(body.error) ? body.error.message ?? null : null;
}

Deno.test("points come back page by page with their steps, times and values", () =>
  withDataPlane({ metricPageSize: 7, emptyPageEvery: 3 }, async (plane) => {
    const values = Array.from({ length: 30 }, (_, index) => index / 8);
    assert.deepEqual((await write(plane, "batchsync", [scalar("loss", values)])).body, { errors: [] });
    const rows = await full(plane, "loss");
    assert.deepEqual(
      rows.map(({ step, createdUtc, data }) => [step, createdUtc, data]),
      values.map((loss, step) => [
        step,
        new Date(1_600_000_000_123 + step).toISOString().replace("Z", "+00:00"),
        { loss },
      ]),
    );
    assert.equal(new Set(rows.map(({ metricId }) => metricId)).size, 30);
  }));

Deno.test("a request over the limits is refused in the service's words, and nothing of it is kept", () =>
  withDataPlane({}, async (plane) => {
    const limit = (field: string, most: number, size: number) =>
      `A field of the entity is over the size limit. FieldName=${field}, Limit=${most}, Size=${size}`;
    const rows = await write(plane, "batchsync", [scalar("m", Array.from({ length: 699 }, () => 1))]);
    assert.deepEqual([rows.status, message(rows)], [400, limit("MetricV2Dto.Value/Count", 250, 699)]);
    const many = Array.from({ length: 51 }, (_, index) => scalar(`m${index}`, [1]));
    const metrics = await write(plane, "batchsync", many);
    assert.deepEqual([metrics.status, message(metrics)], [400, limit("BatchIMetricV2.Values/Count", 50, 51)]);
    assert.deepEqual(items(await plane.ask("metric", "POST", "/runs/r/list", {})), []);
  }));

Deno.test("with reportErrors the refused metric is reported and the others are kept", () =>
  withDataPlane({}, async (plane) => {
    const answer = await write(plane, "batch", [scalar("good", [1]), scalar("bad", ["words"])], true);
    assert.equal(answer.status, 200);
    const [error, ...more] = items(answer, "errors");
    assert.ok(isJsonObject(error) && isJsonObject(error.metric));
    assert.deepEqual([error.metric.name, more], ["bad", []]);
    assert.deepEqual([(await full(plane, "good")).length, (await full(plane, "bad")).length], [1, 0]);
  }));

Deno.test("what batch writes shows late, until the wait; what batchsync writes shows at once", () =>
  withDataPlane({ metricDelayReads: 1000 }, async (plane) => {
    await write(plane, "batch", [scalar("late", [1, 2])]);
    await write(plane, "batchsync", [scalar("prompt", [1])]);
    assert.deepEqual([(await full(plane, "late")).length, (await full(plane, "prompt")).length], [0, 1]);
    const wait = await plane.ask("history", "GET", "/experiments/Default/runs/r/metricsingest/wait");
    assert.equal(wait.status, 200);
    assert.equal((await full(plane, "late")).length, 2);
  }));

Deno.test("late metrics show after so many reads even when nobody waits", () =>
  withDataPlane({ metricDelayReads: 2 }, async (plane) => {
    await write(plane, "batch", [scalar("late", [1])]);
    const seen = [];
    for (let read = 0; read < 4; read++) seen.push((await full(plane, "late")).length);
    assert.deepEqual(seen, [0, 0, 1, 1]);
  }));

Deno.test("numbers that are not finite are spelled as the setting says", async (t) => {
  const spellings = {
    strings: ['"NaN"', '"Infinity"', '"-Infinity"'],
    tokens: ["NaN", "Infinity", "-Infinity"],
  };
  for (const nonFinite of ["strings", "tokens"] as const) {
    await t.step(nonFinite, () =>
      withDataPlane({ nonFinite }, async (plane) => {
        await write(plane, "batchsync", [scalar("m", ["NaN", "Infinity", "-Infinity", 0.5])]);
        const { text } = await plane.ask("metric", "POST", "/runs/r/full", { metricName: "m" });
        const found = [...text.matchAll(/"data":\{"m":([^}]+)\}/g)].map(([, spelled]) => spelled);
        assert.deepEqual(found, [...spellings[nonFinite], "0.5"]);
      }));
  }
});

Deno.test("tables, texts and pointers keep their columns; lists name every metric once", () =>
  withDataPlane({}, async (plane) => {
    const table = {
      name: "t",
      columns: { a: "int", b: "string" },
      properties: { uxMetricType: "azureml.v1.table" },
      value: [{ data: { a: 1, b: "NaN" } }, { data: { a: 2, b: "y" } }],
    };
    const pointer = "aml://artifactId/ExperimentRun/dcid.r/img.png";
    const image = { name: "img", columns: { img: "Artifact" }, value: [{ data: { img: pointer } }] };
    await write(plane, "batchsync", [table, image, scalar("m", [1])]);
    await write(plane, "batchsync", [scalar("m", [2], 1)]);
    assert.deepEqual((await full(plane, "t")).map(({ data }) => data), [{ a: 1, b: "NaN" }, {
      a: 2,
      b: "y",
    }]);
    assert.deepEqual((await full(plane, "img")).map(({ data }) => data), [{ img: pointer }]);
    const names = items(await plane.ask("metric", "POST", "/runs/r/list", {})).map((definition) =>
      isJsonObject(definition) && isJsonObject(definition.metricKey) ? definition.metricKey.name : null
    );
    assert.deepEqual(names, ["t", "img", "m"]);
  }));

Deno.test("a row keeps the id that its client gave it", () =>
  withDataPlane({}, async (plane) => {
    const ids = ["0a1b2c3d-0000-4111-8222-333344445555", "no guid", null];
    const value = ids.map((metricId) => ({ metricId, data: { m: 1 } }));
    await write(plane, "batchsync", [{ name: "m", columns: { m: "Double" }, value }]);
    const [first, second, third] = (await full(plane, "m")).map(({ metricId }) => metricId);
    assert.deepEqual([first, second], ids.slice(0, 2));
    assert.match(String(third), /^[0-9a-f-]{36}$/);
  }));

Deno.test("a metric holds a million rows and no more", () =>
  withDataPlane({}, async (plane) => {
    await write(plane, "batchsync", [scalar("m", [0])]);
    const series = plane.emulator.workspace("a").runs.get("r")?.metrics.get("m");
    assert.ok(series);
    for (let step = 1; step < 999_999; step++) series.rows.push({ step, time: step, data: { m: step } });
    assert.equal((await write(plane, "batchsync", [scalar("m", [1])])).status, 200);
    const over = await write(plane, "batchsync", [scalar("m", [1])]);
    assert.equal(over.status, 400);
    const sample = await plane.ask("metric", "POST", "/runs/r/sample", { metricName: "m" });
    assert.deepEqual(
      [sample.body.numValuesLogged, sample.body.isPartialResult, items(sample).length],
      [1_000_000, true, 100],
    );
  }));
