import assert from "node:assert/strict";
import { readMetrics } from "../../../src/azure/metrics_read.ts";
import { Failure } from "../../../src/records/failure.ts";
import type { JsonObject, JsonValue } from "../../../src/records/json.ts";
import type { MetricPart } from "../../../src/stages/ports.ts";
import { recording, refused, reply, Rig, silence } from "./reading_rig.ts";

const scope = { run: "r1", container: "dcid.r1" };
const at = (ms: number) => new Date(Date.UTC(2024, 0, 1) + ms).toISOString().replace("Z", "+00:00");
const t0 = Date.UTC(2024, 0, 1);

function metric(
  name: string,
  type: string | null,
  rows: readonly JsonValue[],
  columns: JsonObject | null = null,
) {
  return {
    name,
    columns,
    properties: { uxMetricType: type, dataLocation: null },
    value: rows.map((data, i) => ({ metricId: `m${i}`, createdUtc: at(i * 1000), step: i, data })),
  };
}

const definition = (name: string, type: string | null) => ({
  metricKey: { name, namespace: null },
  columns: { [name]: "Double" },
  properties: { uxMetricType: type },
});

async function parts(rig: Rig, mode: "full" | "last" = "full"): Promise<MetricPart[]> {
  const all: MetricPart[] = [];
  for await (const part of readMetrics(rig.plane(), scope, mode)) all.push(part);
  return all;
}

Deno.test("whole histories, over pages of names and pages of rows, in logged order", async () => {
  const first = metric("loss", "azureml.v1.scalar", [{ loss: 3 }, { loss: "NaN" }]);
  const rest = metric("loss", "azureml.v1.scalar", [{ loss: 1 }]);
  const rig = new Rig({
    "metric.list": (_, { continuationToken }) =>
      continuationToken === "n2"
        ? { value: [definition("acc", "azureml.v1.scalar")] }
        : { value: [definition("loss", "azureml.v1.scalar")], continuationToken: "n2" },
    "metric.full": (_, { metricName, continuationToken }) => {
      if (metricName === "acc") return metric("acc", "azureml.v1.scalar", [{ acc: 0.5 }]);
      return continuationToken === "p2" ? rest : { ...first, continuationToken: "p2" };
    },
  });
  assert.deepEqual(await parts(rig), [
    { kind: "points", metric: "loss", points: [[0, t0, 3], [1, t0 + 1000, "NaN"]] },
    { kind: "points", metric: "loss", points: [[0, t0, 1]] },
    { kind: "points", metric: "acc", points: [[0, t0, 0.5]] },
  ]);
  assert.deepEqual(rig.counts(), { "metric.list": 2, "metric.full": 3 });
});

Deno.test("last values take one call for all metrics", async () => {
  const answer = await recording("metric-lastvalues");
  const rig = new Rig({ "metric.lastValues": () => answer });
  assert.deepEqual(
    (await parts(rig, "last")).map((part) => part.kind === "points" && [part.metric, part.points]),
    [
      ["__pf__.nodes.print_env.completed", [[0, Date.UTC(2024, 4, 13, 8, 37, 6, 732), 1]]],
      ["__pf__.lines.completed", [[0, Date.UTC(2024, 4, 13, 8, 37, 7, 242), 1]]],
      ["__pf__.lines.failed", [[0, Date.UTC(2024, 4, 13, 8, 37, 7, 497), 0]]],
    ],
  );
  assert.deepEqual(rig.counts(), { "metric.lastValues": 1 });
});

Deno.test("what is no scalar comes as tables, with rows or with the path of its artifact", async () => {
  const metrics: Readonly<Record<string, JsonObject>> = {
    tab: metric("tab", "azureml.v1.table", [{ x: 1, y: "a" }, { x: 2, y: "b" }], { x: "int", y: "string" }),
    lst: metric("lst", "azureml.v1.list", [{ lst: 1 }, { lst: 2 }], { lst: "double" }),
    img: metric("img", "azureml.v2.image", [{ img: "aml://artifactId/ExperimentRun/dcid.r1/i.png" }], {
      img: "Artifact",
    }),
    cm: metric("cm", "azureml.v1.confusion_matrix", [{
      cm: "aml://artifactId/ExperimentRun/dcid.r1/outputs/cm",
    }]),
    other: metric("other", "azureml.v2.image", [{ other: "aml://artifactId/ExperimentRun/dcid.r9/i.png" }]),
    word: metric("word", "azureml.v1.scalar", [{ word: "good" }], { word: "string" }),
    plain: metric("plain", null, [{ plain: 7 }]),
  };
  const rig = new Rig({
    "metric.list": () => ({ value: Object.keys(metrics).map((name) => definition(name, null)) }),
    "metric.full": (_, { metricName }) => metrics[`${metricName}`] ?? null,
  });
  const found = await parts(rig);
  const tables = found.flatMap((part) => part.kind === "table" ? [part.table] : []);
  const brief = tables.map(({ name, rows, artifact }) => [name, rows ?? artifact]);
  assert.deepEqual(brief, [
    ["tab", [{ x: 1, y: "a" }, { x: 2, y: "b" }]],
    ["lst", [{ lst: 1 }, { lst: 2 }]],
    ["img", "i.png"],
    ["cm", "cm"],
    ["other", [{ other: "aml://artifactId/ExperimentRun/dcid.r9/i.png" }]],
    ["word", [{ word: "good" }]],
  ]);
  assert.deepEqual(tables[0], {
    name: "tab",
    type: "azureml.v1.table",
    columns: { x: "int", y: "string" },
    rows: [{ x: 1, y: "a" }, { x: 2, y: "b" }],
    at: [[0, t0], [1, t0 + 1000]],
  });
  assert.deepEqual(found.at(-1), { kind: "points", metric: "plain", points: [[0, t0, 7]] });
});

Deno.test("a metric that cannot be read is a fault, and the others go on", async () => {
  const rig = new Rig({
    "metric.list": () => ({ value: ["a", "b", "c"].map((name) => definition(name, "azureml.v1.scalar")) }),
    "metric.full": (_, { metricName }) => {
      if (metricName === "b") throw refused(503, "ServiceUnavailable");
      return metric(`${metricName}`, "azureml.v1.scalar", [{ [`${metricName}`]: 1 }]);
    },
  });
  const found = await parts(rig);
  assert.deepEqual(found.map((part) => part.kind === "points" ? part.metric : part.kind), [
    "a",
    "fault",
    "c",
  ]);
  const [fault] = found.flatMap((part) => part.kind === "fault" ? [part.fault] : []);
  assert.equal(fault?.part, "metrics/b");
  assert.equal(fault?.code, "ServiceUnavailable");
  assert.equal(fault?.retryable, true);
});

Deno.test("a run without metrics, and one that the metric service does not know, has none and no fault", async () => {
  assert.deepEqual(await parts(new Rig({ "metric.list": () => ({ value: [] }) })), []);
  assert.deepEqual(
    await parts(new Rig({ "metric.list": () => reply(404, { error: { code: "UserError" } }) })),
    [],
  );
  assert.deepEqual(await parts(new Rig({}), "last"), []);
});

Deno.test("a refused sign-in is no fault of a metric, nor is a network that stays silent", async () => {
  const auth = new Failure("no", { code: "Unauthorized", reach: "auth", retryable: false, status: 401 });
  await assert.rejects(
    parts(
      new Rig({
        "metric.list": () => {
          throw auth;
        },
      }),
    ),
    auth,
  );
  const names = ["a", "b", "c", "d"];
  const dead = new Rig({
    "metric.list": () => ({ value: names.map((name) => definition(name, "azureml.v1.scalar")) }),
    "metric.full": () => {
      throw silence();
    },
  });
  await assert.rejects(parts(dead), { message: "no answer" });
});

Deno.test("an interrupt is no fault of a metric", async () => {
  const rig = new Rig({
    "metric.list": () => {
      rig.stop.abort();
      throw silence();
    },
  });
  await assert.rejects(parts(rig), { message: "no answer" });
});
