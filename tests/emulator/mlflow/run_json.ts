import type { JsonObject, JsonValue } from "../../../src/records/json.ts";
import { visibleRows } from "../metric/late_rows.ts";
import type { Context } from "../router.ts";
import type { MetricRow, MetricSeries, Run } from "../state.ts";
import { mlflowStatus } from "./mlflow_status.ts";

/** `run_info`: 64-bit integers are strings; `runs/update` answers it without `artifact_uri`, as recorded. */
export function runInfo(
  context: Context,
  run: Run,
  artifacts: "with artifacts" | "without artifacts",
): JsonObject {
  const info: JsonObject = {
    run_uuid: run.runId,
    experiment_id: run.experimentId,
    run_name: run.displayName ?? run.runId,
    user_id: run.createdBy.userObjectId,
    status: mlflowStatus(run.status),
    start_time: millisText(run.startTimeUtc ?? run.createdUtc),
  };
  if (run.endTimeUtc !== null) info.end_time = millisText(run.endTimeUtc);
  if (artifacts === "with artifacts") info.artifact_uri = artifactUri(context, run);
  return { ...info, lifecycle_stage: run.hidden ? "deleted" : "active", run_id: run.runId };
}

/** A whole run as `runs/get`, `runs/create` and `runs/search` answer it. */
export function runJson(context: Context, run: Run): JsonObject {
  const data: JsonObject = {};
  const metrics = lastMetrics(run);
  const params = Object.entries(run.parameters).map(([key, value]) => ({ key, value }));
  if (metrics.length > 0) data.metrics = metrics;
  if (params.length > 0) data.params = params;
  data.tags = runTags(run);
  return { info: runInfo(context, run, "with artifacts"), data, inputs: inputsOf(run) };
}

/** The client's tags, then those that the service derives; so `mlflow.user` stands there twice, as recorded. */
export function runTags(run: Run): JsonValue[] {
  const derived: [string, string | null][] = [
    ["mlflow.rootRunId", run.rootRunId],
    ["mlflow.parentRunId", run.parentRunId],
    ["mlflow.runName", run.displayName],
    ["mlflow.user", run.createdBy.userName],
  ];
  const own = Object.entries(run.tags).map(([key, value]) => ({ key, value }));
  const added = derived.flatMap(([key, value]) => value === null ? [] : [{ key, value }]);
  return [...own, ...added];
}

/** A point as MLflow writes it: non-finite values and 64-bit integers are strings. */
export function metricPoint(series: MetricSeries, row: MetricRow): JsonObject {
  const value = row.data[valueColumn(series)] ?? null;
  const spelled = typeof value === "number" && !Number.isFinite(value) ? String(value) : value;
  return {
    key: series.name,
    value: spelled,
    timestamp: String(Math.trunc(row.time)),
    step: String(row.step ?? 0),
  };
}

/** Whether MLflow shows a series: one column of numbers. Tables, images and documents it does not know. */
export function isScalar(series: MetricSeries): boolean {
  const types = Object.values(series.columns);
  return types.length === 1 && /^(double|float|int|integer|long)$/i.test(types[0] ?? "");
}

function valueColumn(series: MetricSeries): string {
  return Object.keys(series.columns)[0] ?? series.name;
}

function lastMetrics(run: Run): JsonObject[] {
  const points: JsonObject[] = [];
  for (const series of run.metrics.values()) {
    if (!isScalar(series)) continue;
    const length = visibleRows(series);
    if (length > 0) points.push(metricPoint(series, series.rows.at(length - 1)));
  }
  return points;
}

function inputsOf(run: Run): JsonObject {
  return run.inputDatasets.length === 0 ? {} : { dataset_inputs: run.inputDatasets };
}

function artifactUri(context: Context, run: Run): string {
  const stored = run.properties["mlflow.artifactUri"];
  if (stored !== undefined) return stored;
  const experiment = context.workspace.experiment(run.experimentId)?.name ?? run.experimentId;
  return artifactAddress(context, experiment, run.runId);
}

/** `azureml://<host>/mlflow/v2.0<workspace>/experiments/<experiment>/runs/<run>/artifacts`. */
export function artifactAddress(context: Context, experiment: string, runId: string): string {
  return `azureml://${new URL(context.base).host}/mlflow/v2.0${context.workspace.armPath}` +
    `/experiments/${encodeURIComponent(experiment)}/runs/${encodeURIComponent(runId)}/artifacts`;
}

function millisText(time: string): string {
  return String(Date.parse(time));
}
