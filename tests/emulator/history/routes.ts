import type { RouteRow } from "../router.ts";
import { facadeRows } from "./artifact_facade.ts";
import {
  createExperiment,
  deleteExperiment,
  deleteExperimentTags,
  getExperiment,
  modifyExperiment,
  queryExperiments,
} from "./experiments.ts";
import {
  getBatchRunData,
  getRunData,
  listChildren,
  listRunsOfCompute,
  postEvents,
  queryExperiment,
  runsById,
  upsertMany,
} from "./list_actions.ts";
import {
  cancelRun,
  changeTags,
  deleteServices,
  deleteTags,
  getDetails,
  getRun,
  modifyOnly,
  pathExperiment,
  postEvent,
  refreshToken,
  serviceInstances,
  upsertRun,
  waitForMetrics,
} from "./run_actions.ts";

type Row = readonly [string, RouteRow["method"], string, RouteRow["effect"], RouteRow["handler"]];

const SCOPES = ["experiments", "experimentids"] as const;

/** Routes without an experiment in the path: name, method, path, effect, handler. */
const PLAIN: readonly Row[] = [
  ["run.get", "GET", "/runs/{runId}", "read", getRun],
  ["run.create", "POST", "/runs/{runId}", "write", (context) => upsertRun(context, { by: "body" })],
  ["run.upsert", "PATCH", "/runs/{runId}", "write", (context) => upsertRun(context, { by: "body" })],
  ["run.modify", "PATCH", "/runs/{runId}/modify", "write", modifyOnly],
  ["run.children", "GET", "/runs/{runId}/children", "read", listChildren],
  ["run.details", "GET", "/runs/{runId}/details", "read", getDetails],
  ["run.deleteTags", "DELETE", "/runs/{runId}/tags", "write", deleteTags],
  ["run.serviceInstances", "GET", "/runs/{runId}/serviceinstances/{node}", "read", serviceInstances],
  ["rundata", "POST", "/rundata", "read", getRunData],
  ["batchrundata", "POST", "/batchrundata", "read", getBatchRunData],
  ["batchEvents", "POST", "/batch/events", "write", postEvents],
  ["computes.runs", "GET", "/computes/{compute}/runs", "read", listRunsOfCompute],
  ["experiments.query", "POST", "/experiments:query", "read", queryExperiments],
  ["experiments.get", "GET", "/experiments/{experiment}", "read", getExperiment],
  ["experiments.create", "POST", "/experiments/{experiment}", "write", createExperiment],
  ["experimentids.get", "GET", "/experimentids/{experiment}", "read", getExperiment],
  ["experimentids.modify", "PATCH", "/experimentids/{experiment}", "write", modifyExperiment],
  ["experimentids.delete", "DELETE", "/experimentids/{experiment}", "write", deleteExperiment],
  [
    "experimentids.deleteTags",
    "POST",
    "/experimentids/{experiment}/tags:delete",
    "write",
    deleteExperimentTags,
  ],
];

/** Routes below an experiment that its name and its id both reach. */
const SCOPED: readonly Row[] = [
  ["query", "POST", "/runs:query", "read", queryExperiment],
  ["runIds", "POST", "/runs/runIds", "read", runsById],
  ["run.get", "GET", "/runs/{runId}", "read", getRun],
  ["run.children", "GET", "/runs/{runId}/children", "read", listChildren],
  ["run.details", "GET", "/runs/{runId}/details", "read", getDetails],
  ["run.cancel", "POST", "/runs/{runId}/cancel", "write", cancelRun],
  ["run.deleteTags", "DELETE", "/runs/{runId}/tags", "write", deleteTags],
  ["run.changeTags", "PATCH", "/runs/{runId}/tags", "write", changeTags],
  ["run.deleteServices", "DELETE", "/runs/{runId}/services", "write", deleteServices],
  ["run.token", "GET", "/runs/{runId}/token", "read", refreshToken],
];

/** Routes that only an experiment's name reaches. */
const NAMED: readonly Row[] = [
  ["batchEvents", "POST", "/batch/events", "write", postEvents],
  ["run.events", "POST", "/runs/{runId}/events", "write", postEvent],
  ["run.wait", "GET", "/runs/{runId}/metricsingest/wait", "read", waitForMetrics],
];

/** Rows of run history, `history/v1.0` (Azure ML run history B.1). */
export const routes: RouteRow[] = [
  ...PLAIN.map((row) => toRow("", "", row)),
  ...NAMED.map((row) => toRow("experiments.", "/experiments/{experiment}", row)),
  ...SCOPES.flatMap((scope) => [
    ...SCOPED.map((row) => toRow(`${scope}.`, `/${scope}/{experiment}`, row)),
    ...upserts(scope).map((row) => toRow(`${scope}.`, `/${scope}/{experiment}`, row)),
    ...facadeRows(scope),
  ]),
];

/** By name the experiment is made when it is not there; by id it must be. */
function upserts(scope: "experiments" | "experimentids"): readonly Row[] {
  return [
    [
      "run.upsert",
      "PATCH",
      "/runs/{runId}",
      "write",
      (context) => upsertRun(context, pathExperiment(context, scope)),
    ],
    [
      "batchRuns",
      "PATCH",
      "/batch/runs",
      "write",
      (context) => upsertMany(context, pathExperiment(context, scope)),
    ],
  ];
}

function toRow(names: string, prefix: string, [name, method, path, effect, handler]: Row): RouteRow {
  return {
    name: `history.${names}${name}`,
    method,
    path: `/history/v1.0{+ws}${prefix}${path}`,
    effect,
    handler,
  };
}
