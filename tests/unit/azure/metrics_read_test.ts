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

Deno.test("no row is lost: several columns, no data, no step, no time, values that are no numbers", async () => {
  const rows: readonly JsonObject[] = [
    { createdUtc: at(0), step: 1, data: { loss: 1 } },
    { createdUtc: at(0), step: 2, data: { loss: 2, other: 3 } },
    { createdUtc: at(0), step: 3, data: { loss: null } },
    { createdUtc: at(0), step: 4, data: null },
    { createdUtc: at(0), step: null, data: { loss: 5 } },
    { createdUtc: at(0), step: 6, data: { loss: true } },
  ];
  const rig = new Rig({
    "metric.list": () => ({ value: [definition("loss", "azureml.v1.scalar")] }),
    "metric.full": () => ({ ...metric("loss", "azureml.v1.scalar", []), value: [...rows] }),
  });
  const [points, table] = await parts(rig);
  assert.deepEqual(points, { kind: "points", metric: "loss", points: [[1, t0, 1], [0, t0, 5]] });
  assert.ok(table?.kind === "table");
  assert.deepEqual(table.table.rows, [{ loss: 2, other: 3 }, { loss: null }, {}, { loss: true }]);
  assert.deepEqual(table.table.at, [[2, t0], [3, t0], [4, t0], [6, t0]]);
});

Deno.test("a metric that the list shows twice is read once; two of one name in two namespaces are two", async () => {
  const named = (namespace: string | null) => ({
    ...definition("loss", "azureml.v1.scalar"),
    metricKey: { name: "loss", namespace },
  });
  const rig = new Rig({
    "metric.list": () => ({ value: [named(null), named(null), named("system")] }),
    "metric.full": (_, { metricNamespace }) =>
      metric("loss", "azureml.v1.scalar", [{ loss: metricNamespace === "system" ? 2 : 1 }]),
    "metric.lastValues": () => ({
      value: [{ ...metric("loss", "azureml.v1.scalar", [{ loss: 2 }]), namespace: "system" }],
    }),
  });
  assert.deepEqual(await parts(rig), [
    { kind: "points", metric: "loss", points: [[0, t0, 1]] },
    { kind: "points", metric: "namespace:system/loss", points: [[0, t0, 2]] },
  ]);
  assert.deepEqual(await parts(rig, "last"), [{
    kind: "points",
    metric: "namespace:system/loss",
    points: [[0, t0, 2]],
  }]);
});

Deno.test("where a metric points out of its run, what it says is kept", async () => {
  const location = "aml://artifactId/ExperimentRun/dcid.other/cm.json";
  const rig = new Rig({
    "metric.list": () => ({ value: [definition("cm", "azureml.v2.confusion_matrix")] }),
    "metric.full": () => ({
      ...metric("cm", "azureml.v2.confusion_matrix", []),
      properties: { uxMetricType: "azureml.v2.confusion_matrix", dataLocation: location },
    }),
  });
  const [part] = await parts(rig);
  assert.ok(part?.kind === "table");
  assert.deepEqual([part.table["location"], part.table.rows], [location, []]);
});

Deno.test("a run that was deleted between listing and reading is a fault; one without metrics is none", async () => {
  const read = async (isThere: boolean, mode: "full" | "last") => {
    const found: MetricPart[] = [];
    const gone = { ...scope, isThere: () => Promise.resolve(isThere) };
    for await (const part of readMetrics(new Rig({}).plane(), gone, mode)) found.push(part);
    return found.map((part) => part.kind === "fault" ? `${part.fault.part} ${part.fault.code}` : part.kind);
  };
  for (const mode of ["full", "last"] as const) {
    assert.deepEqual(await read(false, mode), ["metrics run_gone"]);
    assert.deepEqual(await read(true, mode), []);
  }
});

Deno.test("an answer that is no list is a fault, and not the end of one", async () => {
  for (const body of [null, "<html>", [1], { value: { a: 1 } }]) {
    const found = await parts(new Rig({ "metric.list": () => body }));
    assert.deepEqual(
      found.map((part) => part.kind === "fault" && [part.fault.part, part.fault.code]),
      [["metrics", "no_list"]],
      JSON.stringify(body),
    );
  }
  assert.deepEqual(await parts(new Rig({ "metric.list": () => ({ value: null }) })), []);
});
