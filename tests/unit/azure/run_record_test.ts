import assert from "node:assert/strict";
import { objectAt } from "../../../src/azure/json_fields.ts";
import { parseRun } from "../../../src/azure/run.ts";
import { runRecord } from "../../../src/azure/run_record.ts";
import { growTree, type RunNode } from "../../../src/azure/run_tree.ts";
import { jobSchema } from "../../../src/records/job.ts";
import type { JsonObject } from "../../../src/records/json.ts";
import { recording, run } from "./reading_rig.ts";

const context = { source: "azureml://x", root: "root", experiment: "exp" };

function node(root: JsonObject, children: readonly JsonObject[], id: string): RunNode {
  const read = parseRun(root);
  assert.ok(read !== null);
  const runs = children.map(parseRun).filter((one) => one !== null);
  const found = growTree({ id: read.id, run: read, arm: null }, runs).find((one) => one.id === id);
  assert.ok(found !== undefined);
  return found;
}

Deno.test("a recorded job of ARM and a recorded run make one record, word for word", async () => {
  const job = await recording("arm-job-get-pipeline-completed");
  const data = await recording("history-rundata-ok");
  const [top] = growTree({
    id: "name",
    run: parseRun(objectAt(data, "runMetadata") ?? {}),
    arm: { id: "name", properties: objectAt(job, "properties"), systemData: null },
  }, []);
  assert.ok(top !== undefined);
  const record = runRecord(top, { ...context, root: "name" });
  jobSchema.parse(record);
  const { definition, properties, run: _run, inputs: _inputs, outputs: _outputs, ...rest } = record;
  assert.deepEqual(definition, job["properties"]);
  assert.equal(properties?.["azureml.promptflow.definition_file_name"], "flow.dag.yaml");
  assert.deepEqual(rest, {
    kind: "job",
    v: 1,
    id: "name",
    source: "azureml://x",
    type: "pipeline",
    role: null,
    parent: null,
    root: "name",
    depth: 0,
    experiment: "exp",
    display_name: "name",
    description: "The hello world pipeline job with inline command job having inputs",
    archived: false,
    created_by: "Example User",
    status: "NotStarted",
    created_at: "2024-05-13T09:07:24.5823696Z",
    started_at: null,
    ended_at: null,
    tags: {},
    params: {},
    datasets: null,
  });
});

Deno.test("what a recorded run says beyond the fields is kept as given, without what is empty", async () => {
  const data = await recording("history-rundata-ok");
  const [top] = growTree({ id: "name", run: parseRun(objectAt(data, "runMetadata") ?? {}), arm: null }, []);
  assert.ok(top !== undefined);
  const user = {
    userObjectId: "00000000-0000-0000-0000-000000000000",
    userPuId: "0000000000000000",
    userIss: "https://sts.windows.net/00000000-0000-0000-0000-000000000000/",
    userTenantId: "00000000-0000-0000-0000-000000000000",
    userName: "Example User",
  };
  assert.deepEqual(runRecord(top, { ...context, root: "name" }).run, {
    runNumber: 1715591244,
    createdBy: user,
    userId: "00000000-0000-0000-0000-000000000000",
    revision: 1,
    statusRevision: 0,
    runUuid: "8c6446f1-e478-41b4-afa5-1b50e8b72055",
    rootRunUuid: "8c6446f1-e478-41b4-afa5-1b50e8b72055",
    currentComputeTime: "00:00:00",
    lastModifiedBy: user,
    lastModifiedUtc: "2024-05-13T09:07:24.5823696+00:00",
    currentAttemptId: 1,
    experimentId: "3285bc8b-1f69-4803-bf44-4770e5b43a04",
    dataContainerId: "dcid.name",
    runType: "azureml.promptflow.FlowRun",
    runTypeV2: { attribution: "PromptFlow" },
    retainForLifetimeOfWorkspace: false,
  });
});

Deno.test("why a run failed is in its record, secrets taken out of it, tokens and signed links left out", () => {
  const root = run("root", {
    status: "Failed",
    error: {
      error: {
        code: "UserError",
        message: "no access to https://a.blob.core.windows.net/c/x?sv=1&sig=SECRETSECRET today",
        details: [],
      },
    },
    warnings: [{ source: "Aml", message: "low disk" }, null],
    target: "cpu",
    scriptName: "train.py",
    compute: { target: "cpu", instanceCount: 2, vmSize: "", gpuCount: 0 },
    cancelationReason: "by hand",
    primaryMetricName: "loss",
    services: { Studio: { endpoint: "https://ml.azure.com/x", properties: { token: "abcabcabc" } } },
    diagnosticsUri: "https://a.blob.core.windows.net/logs?sv=1&sig=SECRETSECRET",
    duration: "00:01:00.5",
    token: "eyJ0eXAiSECRET",
    tokenExpiryTimeUtc: "2030-01-01T00:00:00Z",
    somethingNew: { a: 1 },
  });
  const record = runRecord(node(root, [], "root"), context);
  assert.deepEqual(record.run, {
    experimentId: "e1",
    error: {
      error: {
        code: "UserError",
        message: "no access to https://a.blob.core.windows.net/c/x?sv=1&sig=<redacted> today",
      },
    },
    warnings: [{ source: "Aml", message: "low disk" }, null],
    target: "cpu",
    scriptName: "train.py",
    compute: { target: "cpu", instanceCount: 2, gpuCount: 0 },
    cancelationReason: "by hand",
    primaryMetricName: "loss",
    services: { Studio: { endpoint: "https://ml.azure.com/x", properties: { token: "<redacted>" } } },
    duration: "00:01:00.5",
    somethingNew: { a: 1 },
  });
  assert.deepEqual(record.redacted, ["run.error.error.message", "run.services.Studio.properties.token"]);
});

Deno.test("a root that is not the tree's own is not lost", () => {
  const read = node(run("root", { rootRunId: "elsewhere", experimentId: null }), [], "root");
  assert.deepEqual(runRecord(read, context).run, { rootRunId: "elsewhere" });
});

Deno.test("a job that run history has not got is told by ARM alone", async () => {
  const job = await recording("arm-job-get-sweep-running");
  const arm = {
    id: "s",
    properties: objectAt(job, "properties"),
    systemData: objectAt(job, "systemData"),
  };
  const [top] = growTree({ id: "s", run: null, arm }, []);
  assert.ok(top !== undefined);
  const record = runRecord(top, { ...context, root: "s" });
  assert.equal(record.type, "sweep");
  assert.equal(record.status, "Running");
  assert.equal(record.created_at, "2023-04-08T23:41:39.9884923Z");
  assert.equal(record.created_by, "Example User");
  assert.equal(record.params, null);
  assert.equal(record.run, null);
  assert.equal(record.tags?.["_aml_system_max_total_jobs"], "1");
});

Deno.test("what a sweep chose is among a trial's params, unless the trial logged it itself", () => {
  const trial = (id: string, more: JsonObject = {}) =>
    run(id, { parentRunId: "root", rootRunId: "root", ...more });
  const root = run("root", {
    runType: "hyperdrive",
    tags: { _aml_system_root_0: '{"lr": 0.1, "act": "relu"}', root_1: '{"lr": 0.2}', root_2: "no json" },
  });
  const cases: readonly [JsonObject, Record<string, string> | null][] = [
    [trial("root_0"), { lr: "0.1", act: "relu" }],
    [trial("root_0", { parameters: { lr: "0.10" } }), { lr: "0.10", act: "relu" }],
    [trial("root_1"), { lr: "0.2" }],
    [trial("root_2", { tags: { hyperparameters: '{"--lr": 3}' } }), { "--lr": "3" }],
    [trial("root_2"), null],
  ];
  for (const [child, params] of cases) {
    assert.deepEqual(runRecord(node(root, [child], `${child["runId"]}`), context).params, params);
  }
});

Deno.test("secrets are taken out, and the record says where", () => {
  const root = run("root", {
    tags: { note: "https://acct.blob.core.windows.net/c?sv=2021&sig=SECRETSECRETSECRET" },
    token: "eyJ0eXAi",
  });
  const record = runRecord(node(root, [], "root"), context);
  const text = JSON.stringify(record);
  assert.ok(!text.includes("SECRETSECRET") && !text.includes("eyJ0eXAi"), text);
  assert.deepEqual(record.redacted, ["tags.note"]);
});

Deno.test("bags with nulls and numbers become maps of strings; datasets come as given", () => {
  const root = run("root", {
    tags: { a: null, b: 1, c: "x" },
    inputDatasets: [{ identifier: { savedId: "1" } }],
    outputDatasets: [],
  });
  const record = runRecord(node(root, [], "root"), context);
  assert.deepEqual(record.tags, { a: "", b: "1", c: "x" });
  assert.deepEqual(record.datasets, { inputs: [{ identifier: { savedId: "1" } }], outputs: null });
});
