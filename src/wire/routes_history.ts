import type { Route } from "./wire.ts";

const H = "/history/v1.0{+ws}";
const NAMED = `${H}/experiments/{experiment}`;
const BY_ID = `${H}/experimentids/{experimentId}`;

/** Routes of the run history service, `{api}/history/v1.0<workspace>`. Lists page by `continuationToken`. */
export const HISTORY_ROUTES = {
  run: { method: "GET", path: `${H}/runs/{runId}`, effect: "read", repeatable: true },
  /** A run with its `runDefinition` as an object. */
  runDetails: { method: "GET", path: `${H}/runs/{runId}/details`, effect: "read", repeatable: true },
  /** Body `{runId, selectRunMetadata, selectRunDefinition, selectJobSpecification}`. */
  runData: { method: "POST", path: `${H}/rundata`, effect: "read", repeatable: true },
  /** Body `{requests: {key: <body of runData>}}`, of any experiment; answers `{successfulResults, failedResults}`. */
  batchRunData: { method: "POST", path: `${H}/batchrundata`, effect: "read", repeatable: true },
  /** Direct children. Query `$filter`, `$continuationtoken`, `$orderby`, `$top`. */
  children: { method: "GET", path: `${H}/runs/{runId}/children`, effect: "read", repeatable: true },
  /** Body `{filter, continuationToken, orderBy, top}`. */
  queryRunsById: { method: "POST", path: `${BY_ID}/runs:query`, effect: "read", repeatable: true },
  /** The same by the experiment's name. */
  queryRunsByName: { method: "POST", path: `${NAMED}/runs:query`, effect: "read", repeatable: true },
  /** Body `{runIds: []}`; answers `{runs: {id: run}, errors: {id: error}}`. */
  runsOfIds: { method: "POST", path: `${NAMED}/runs/runIds`, effect: "read", repeatable: true },
  /** Body `{viewType, filter, continuationToken, orderBy, top}`. */
  queryExperiments: {
    method: "POST",
    path: `${H}/experiments:query`,
    effect: "read",
    repeatable: true,
    refusal: "auth",
  },
  experiment: { method: "GET", path: NAMED, effect: "read", repeatable: true },
  experimentById: { method: "GET", path: BY_ID, effect: "read", repeatable: true },
  /** Without a body. Said again it finds the experiment there: `accept: [409]`. */
  createExperiment: { method: "POST", path: NAMED, effect: "write", repeatable: true },

  /** Creates or changes the run of a chosen id (an upsert, so it may be said again). Body: CreateRun. */
  patchRun: { method: "PATCH", path: `${H}/runs/{runId}`, effect: "write", repeatable: true },
  /** The form that released SDKs use to create a root run. */
  patchRunByName: { method: "PATCH", path: `${NAMED}/runs/{runId}`, effect: "write", repeatable: true },
  /** The form that released SDKs use to create a child run. */
  patchRunById: { method: "PATCH", path: `${BY_ID}/runs/{runId}`, effect: "write", repeatable: true },
  /** Body `{runs: [CreateRun]}`; answers `{runs, errors}`. */
  patchRuns: { method: "PATCH", path: `${NAMED}/batch/runs`, effect: "write", repeatable: true },
  /** Body `{displayName?, description?, tags?, hidden?}`; `hidden` is what ARM calls archived. */
  modifyRun: { method: "PATCH", path: `${H}/runs/{runId}/modify`, effect: "write", repeatable: true },
  /** Body: one event with its own time; the same start or end said twice changes nothing. */
  runEvent: { method: "POST", path: `${NAMED}/runs/{runId}/events`, effect: "write", repeatable: true },
  /** Body `{events: []}`. */
  runEvents: { method: "POST", path: `${NAMED}/batch/events`, effect: "write", repeatable: true },
  /** Body `{tagsToModify: {}, tagsToDelete: []}`. */
  patchTags: { method: "PATCH", path: `${NAMED}/runs/{runId}/tags`, effect: "write", repeatable: true },
  /** Body: a list of tag names. */
  deleteTags: { method: "DELETE", path: `${H}/runs/{runId}/tags`, effect: "write", repeatable: true },
  /** 200 once all metrics are readable, else 202 with `Location` to ask again. */
  waitForMetrics: {
    method: "GET",
    path: `${NAMED}/runs/{runId}/metricsingest/wait`,
    effect: "read",
    repeatable: true,
  },
  /** The same at the address that `Location` gave (pass it as `url`). */
  waitForMetricsAt: { method: "GET", path: "", effect: "read", repeatable: true },
  /** Files of a run as the run history facade lists them: no sizes. Query `path`, `continuationToken`. */
  artifacts: { method: "GET", path: `${NAMED}/runs/{runId}/artifacts`, effect: "read", repeatable: true },
} as const satisfies Record<string, Route>;
