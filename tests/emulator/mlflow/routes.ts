import type { RouteRow } from "../router.ts";
import * as experiments from "./experiments.ts";
import * as log from "./log_data.ts";
import { metricHistory } from "./metric_history.ts";
import * as versions from "./model_versions.ts";
import * as models from "./registered_models.ts";
import * as runs from "./runs.ts";
import { searchRuns } from "./search_runs.ts";

/** Method, call, what it does to the state, handler. */
type Call = readonly [RouteRow["method"], string, RouteRow["effect"], RouteRow["handler"]];

const CALLS: readonly Call[] = [
  ["GET", "experiments/search", "read", experiments.searchExperiments],
  ["POST", "experiments/search", "read", experiments.searchExperiments],
  ["GET", "experiments/get", "read", experiments.getExperiment],
  ["GET", "experiments/get-by-name", "read", experiments.getExperimentByName],
  ["POST", "experiments/create", "write", experiments.createExperiment],
  ["POST", "experiments/update", "write", experiments.updateExperiment],
  ["POST", "experiments/delete", "write", experiments.archiveExperiment(true)],
  ["POST", "experiments/restore", "write", experiments.archiveExperiment(false)],
  ["POST", "experiments/set-experiment-tag", "write", experiments.setExperimentTag],
  ["POST", "experiments/delete-experiment-tag", "write", experiments.deleteExperimentTag],
  ["POST", "runs/create", "write", runs.createRun],
  ["POST", "runs/update", "write", runs.updateRun],
  ["GET", "runs/get", "read", runs.getRun],
  ["POST", "runs/search", "read", searchRuns],
  ["POST", "runs/delete", "write", runs.hideRun(true)],
  ["POST", "runs/restore", "write", runs.hideRun(false)],
  ["POST", "runs/log-metric", "write", log.logMetric],
  ["POST", "runs/log-parameter", "write", log.logParameter],
  ["POST", "runs/set-tag", "write", log.setTag],
  ["POST", "runs/delete-tag", "write", log.deleteTag],
  ["POST", "runs/log-batch", "write", log.logBatch],
  ["POST", "runs/log-inputs", "write", log.logInputs],
  ["POST", "runs/log-model", "write", log.logModel],
  ["GET", "metrics/get-history", "read", metricHistory],
  ["POST", "registered-models/create", "write", models.createModel],
  ["GET", "registered-models/get", "read", models.getModel],
  ["GET", "registered-models/search", "read", models.searchModels],
  ["GET", "registered-models/get-latest-versions", "read", models.latestVersions],
  ["POST", "registered-models/get-latest-versions", "read", models.latestVersions],
  ["PATCH", "registered-models/update", "write", models.updateModel],
  ["DELETE", "registered-models/delete", "write", models.deleteModel],
  ["POST", "registered-models/set-tag", "write", models.tagModel],
  ["DELETE", "registered-models/delete-tag", "write", models.tagModel],
  ["POST", "registered-models/alias", "write", models.aliasModel],
  ["GET", "registered-models/alias", "read", models.aliasModel],
  ["DELETE", "registered-models/alias", "write", models.aliasModel],
  ["POST", "model-versions/create", "write", versions.createVersion],
  ["GET", "model-versions/get", "read", versions.getVersion],
  ["GET", "model-versions/search", "read", versions.searchVersions],
  ["GET", "model-versions/get-download-uri", "read", versions.downloadUri],
  ["POST", "model-versions/transition-stage", "write", versions.transitionStage],
  ["PATCH", "model-versions/update", "write", versions.updateVersion],
  ["POST", "model-versions/set-tag", "write", versions.tagVersion],
  ["DELETE", "model-versions/delete-tag", "write", versions.tagVersion],
  ["DELETE", "model-versions/delete", "write", versions.deleteVersion],
];

/** Calls of the Azure plugin alone, below `api/2.0/preview/mlflow`. */
const PREVIEW_CALLS: readonly Call[] = [
  ["POST", "runs/log-batch-async", "write", log.logBatchAsync],
  ["GET", "runs/get-run-data-status", "read", log.batchStatus],
];

/** Calls that several methods reach: their names say the method, too. */
const SHARED = new Set([
  "experiments/search",
  "registered-models/get-latest-versions",
  "registered-models/alias",
]);

/**
 * Rows of MLflow on Azure ML. Logged models, traces and whatever else is not here answer 404 with an empty body, as the
 * service does (Azure ML MLflow notes C.3).
 */
export const routes: RouteRow[] = ["v2.0", "v1.0"].flatMap((version) => [
  ...CALLS.map((call) => row(version, "api/2.0/mlflow", call)),
  ...PREVIEW_CALLS.map((call) => row(version, "api/2.0/preview/mlflow", call)),
]);

function row(version: string, api: string, [method, call, effect, handler]: Call): RouteRow {
  const suffix = `${version === "v2.0" ? "" : `.${version}`}${
    SHARED.has(call) ? `.${method.toLowerCase()}` : ""
  }`;
  return {
    name: `mlflow.${call.replace("/", ".")}${suffix}`,
    method,
    path: `/mlflow/${version}{+ws}/${api}/${call}`,
    effect,
    handler,
  };
}
