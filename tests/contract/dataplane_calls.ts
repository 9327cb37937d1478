import type { JsonValue } from "../../src/records/json.ts";

/** One request to the data plane: method, path with `{ws}`, body. */
export interface Call {
  readonly method: string;
  readonly path: string;
  readonly body?: JsonValue;
  /** The error that is expected; success when absent. */
  readonly refused?: number;
}

const H = "/history/v1.0{ws}";
const M = "/metric/v2.0{ws}/runs/run-1";
const A = "/artifact/v2.0{ws}/artifacts";
const BOX = `${A}/ExperimentRun/dcid.run-1`;
const LOSS = { loss: "Double" };

/** `{eid}` stands for the id of the experiment `exp1`. */
export const calls: readonly Call[] = [
  ...writes(),
  ...reads(),
  ...metrics(),
  ...artifacts(),
  ...others(),
  ...refusals(),
  ...removals(),
];

function writes(): Call[] {
  const start = "2020-01-01T00:00:00.5Z";
  const run = {
    runId: "run-1",
    status: "Completed",
    startTimeUtc: start,
    endTimeUtc: "2020-01-01T01:00:00Z",
  };
  const event = { timestamp: start, name: "Microsoft.MachineLearning.Run.Start", data: { RunId: "run-3" } };
  const events = { events: [event, { name: "x", data: {} }] };
  return [
    { method: "POST", path: `${H}/experiments/exp1` },
    { method: "PATCH", path: `${H}/experiments/exp1/runs/run-1`, body: { ...run, tags: { a: 1 } } },
    { method: "POST", path: `${H}/runs/run-2`, body: { parentRunId: "run-1", runType: "azureml.StepRun" } },
    {
      method: "PATCH",
      path: `${H}/runs/run-3`,
      body: { parentRunId: "run-1", runTypeV2: { traits: ["x"] } },
    },
    { method: "PATCH", path: `${H}/experimentids/{eid}/runs/run-4`, body: { parentRunId: "run-2" } },
    { method: "PATCH", path: `${H}/experimentids/{eid}/batch/runs`, body: { runs: [{ runId: "run-5" }] } },
    { method: "PATCH", path: `${H}/experiments/exp1/batch/runs`, body: { runs: [{ runId: "run-6" }] } },
    { method: "PATCH", path: `${H}/runs/run-1/modify`, body: { displayName: "one", hidden: true } },
    { method: "POST", path: `${H}/experiments/exp1/runs/run-3/events`, body: event },
    { method: "POST", path: `${H}/experiments/exp1/batch/events`, body: events },
    { method: "POST", path: `${H}/batch/events`, body: events },
    ...scoped((scope): Call[] => [
      {
        method: "PATCH",
        path: `${scope}/runs/run-1/tags`,
        body: { tagsToModify: { b: "2", c: "3" }, tagsToDelete: ["a"] },
      },
      { method: "DELETE", path: `${scope}/runs/run-1/tags`, body: ["b"] },
      { method: "DELETE", path: `${scope}/runs/run-1/services`, body: { servicesToDelete: ["x"] } },
      { method: "POST", path: `${scope}/runs/run-6/cancel?CancelationReason=x` },
    ]),
    { method: "DELETE", path: `${H}/runs/run-1/tags`, body: ["c"] },
    { method: "PATCH", path: `${H}/experimentids/{eid}`, body: { tags: { k: "v" }, archive: true } },
    { method: "POST", path: `${H}/experimentids/{eid}/tags:delete`, body: { tags: ["k"] } },
  ];
}

function reads(): Call[] {
  const query = { filter: "(RootRunId eq run-1 and RunId ne run-1)", top: 2, orderby: "StartTimeUtc desc" };
  return [
    { method: "GET", path: `${H}/runs/run-1` },
    { method: "GET", path: `${H}/runs/run-1/children?$top=1` },
    { method: "GET", path: `${H}/runs/cmd-all/details` },
    { method: "POST", path: `${H}/rundata`, body: { runId: "cmd-all", selectRunMetadata: true } },
    {
      method: "POST",
      path: `${H}/batchrundata`,
      body: { requests: { a: { runId: "run-1" }, b: { runId: "nobody" } } },
    },
    { method: "GET", path: `${H}/computes/local/runs` },
    { method: "POST", path: `${H}/experiments:query`, body: { viewType: "All" } },
    { method: "GET", path: `${H}/experiments/exp1` },
    { method: "GET", path: `${H}/experimentids/{eid}` },
    ...scoped((scope): Call[] => [
      { method: "GET", path: `${scope}/runs/run-1` },
      { method: "GET", path: `${scope}/runs/run-1/children` },
      { method: "GET", path: `${scope}/runs/cmd-all/details` },
      { method: "POST", path: `${scope}/runs:query`, body: query },
      { method: "POST", path: `${scope}/runs/runIds`, body: { runIds: ["run-1", "nobody"] } },
      { method: "GET", path: `${scope}/runs/cmd-all/artifacts` },
      { method: "GET", path: `${scope}/runs/cmd-all/artifacts/path?path=outputs` },
      { method: "GET", path: `${scope}/runs/cmd-all/artifacts/metadata?path=outputs/a.txt` },
      { method: "GET", path: `${scope}/runs/cmd-all/artifacts/contentinfo?path=outputs/a.txt` },
      { method: "GET", path: `${scope}/runs/cmd-all/artifacts/prefix/contentinfo?path=user_logs/` },
      { method: "GET", path: `${scope}/runs/cmd-all/artifacts/artifacturi?path=outputs` },
      {
        method: "POST",
        path: `${scope}/runs/run-2/artifacts/batch/metadata`,
        body: { paths: [{ path: "x" }, { path: "y" }] },
      },
    ]),
  ];
}

/** The same calls below an experiment's name and below its id. */
function scoped(make: (scope: string) => Call[]): Call[] {
  return [`${H}/experiments/exp1`, `${H}/experimentids/{eid}`].flatMap(make);
}

function metrics(): Call[] {
  const point = { metricId: "m-1", createdUtc: "2020-01-01T00:00:01Z", step: 1, data: { loss: 0.5 } };
  const loss = {
    name: "loss",
    columns: LOSS,
    properties: { uxMetricType: "azureml.v1.scalar" },
    value: [point],
  };
  const bad = { name: "bad", columns: { bad: "Double" }, value: [{ data: { bad: "no number" } }] };
  return [
    { method: "POST", path: `${M}/batchsync`, body: { values: [loss] } },
    { method: "POST", path: `${M}/batch`, body: { values: [bad], reportErrors: true } },
    { method: "POST", path: `${M}/list`, body: {} },
    { method: "POST", path: `${M}/full`, body: { metricName: "loss" } },
    { method: "POST", path: `${M}/sample`, body: { metricName: "loss" } },
    { method: "POST", path: `${M}/lastvalues`, body: {} },
    { method: "DELETE", path: `${M}/deleteMetrics` },
  ];
}

function artifacts(): Call[] {
  const link = { origin: "ExperimentRun", container: "dcid.run-1", path: "linked.txt" };
  const dataPath = { dataStoreName: "workspaceblobstore", relativePath: "elsewhere/linked.txt" };
  return [
    { method: "POST", path: `${A}/register`, body: { ...link, dataPath } },
    { method: "POST", path: `${A}/metadata`, body: { ...link, path: "made.txt" } },
    {
      method: "POST",
      path: `${BOX}/batch/metadata`,
      body: { paths: [{ path: "a.txt" }, { path: "made.txt" }] },
    },
    {
      method: "POST",
      path: `${A}/batch/metadata`,
      body: { artifactIds: ["ExperimentRun/dcid.run-1/a.txt", "x/y/z"] },
    },
    { method: "POST", path: `${BOX}/content?path=bytes.json`, body: { some: "bytes" } },
    { method: "GET", path: `${BOX}/content?path=bytes.json` },
    { method: "GET", path: BOX },
    { method: "GET", path: `${BOX}/metadata?path=a.txt` },
    { method: "GET", path: `${BOX}/contentinfo?path=a.txt` },
    { method: "GET", path: `${BOX}/prefix/contentinfo?path=` },
    { method: "GET", path: `${BOX}/write?path=later.txt` },
    { method: "DELETE", path: `${BOX}/metadata?path=later.txt` },
    { method: "POST", path: `${BOX}/batch/metadata:delete`, body: { paths: [{ path: "a.txt" }] } },
    { method: "DELETE", path: `${BOX}/batch?hardDelete=true` },
  ];
}

function others(): Call[] {
  const data = ["azureml://locations/eastus/workspaces/x/data/o/versions/1"];
  const models = ["azureml://locations/eastus/workspaces/x/models/m/versions/1"];
  const output = {
    RunId: "run-1",
    OutputName: "o",
    Type: "UriFolder",
    Uri: "azureml://datastores/d/paths/p/",
  };
  const filters = [{ field: "type", operator: "eq", values: ["runs"] }];
  return [
    { method: "POST", path: "/index/v1.0{ws}/entities", body: { filters, pageSize: 5, skip: 0 } },
    { method: "POST", path: "/content/v2.0{ws}/snapshots/sas", body: { snapshotOrAssetId: "snapshot-1" } },
    { method: "POST", path: "/data/v1.0{ws}/dataversion/batchGetResolvedUris", body: { values: data } },
    { method: "POST", path: "/data/v1.0{ws}/dataversion/getByAssetId", body: { value: data[0] ?? "" } },
    { method: "POST", path: "/data/v1.0{ws}/dataversion/createUnregisteredOutput", body: output },
    { method: "POST", path: "/modelregistry/v1.0{ws}/models/batchGetResolvedUris", body: { values: models } },
  ];
}

function refusals(): Call[] {
  const many = Object.fromEntries(Array.from({ length: 51 }, (_, index) => [`k${index}`, "v"]));
  return [
    { method: "GET", path: `${H}/runs/nobody`, refused: 404 },
    { method: "GET", path: `${H}/experiments/nothing`, refused: 404 },
    { method: "PATCH", path: `${H}/experimentids/no-guid/runs/r`, body: {}, refused: 404 },
    { method: "PATCH", path: `${H}/runs/run-1`, body: { tags: many }, refused: 400 },
    { method: "PATCH", path: `${H}/runs/run-1`, body: { status: "Happy" }, refused: 400 },
    { method: "POST", path: `${H}/experiments/exp1/runs:query`, body: { filter: "RunId eq" }, refused: 400 },
    { method: "GET", path: `${H}/runs/run-1/children?$continuationtoken=mine`, refused: 400 },
    { method: "POST", path: `${M}/batch`, body: { values: [{}] }, refused: 400 },
    { method: "GET", path: `${BOX}/metadata?path=nothing`, refused: 404 },
    { method: "GET", path: "/content/v2.0{ws}/snapshots/getByHash?hash=x&hashVersion=202208", refused: 404 },
  ];
}

function removals(): Call[] {
  return [
    { method: "POST", path: `${H}/experiments/short-lived` },
    { method: "DELETE", path: `${H}/experimentids/{short}` },
  ];
}
