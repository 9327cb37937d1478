import { isJsonObject, type JsonObject, type JsonValue } from "../../../src/records/json.ts";
import { overLimit } from "../errors.ts";
import { listValue, numberValue, textValue } from "../history/body_values.ts";
import { modifyRun } from "../history/modify_run.ts";
import { holdBack } from "../metric/late_rows.ts";
import { checkRowCount } from "../metric/write_metrics.ts";
import { type Context, json, type Reply } from "../router.ts";
import type { Run } from "../state.ts";
import { scalarSeries } from "../state/metric.ts";
import { inputRun, invalid, mlflowInput, requiredText } from "./mlflow_input.ts";

/** What one `log-batch` may hold beside 250 values of a metric: entities in all, params, tags (MLflow's own limits). */
const BATCH_LIMITS = { total: 1000, metrics: 1000, params: 100, tags: 100 } as const;

/** `runs/log-metric`. */
export function logMetric(context: Context): Reply {
  const input = mlflowInput(context);
  const run = inputRun(context, input);
  addPoints(context, run, [pointOf(context, input)]);
  context.workspace.touch(run);
  return json({});
}

/** `runs/log-parameter`. A value that is there and differs is refused. */
export function logParameter(context: Context): Reply {
  const input = mlflowInput(context);
  const run = inputRun(context, input);
  const parameters = { [requiredText(input, "key")]: textValue(input.value) ?? "" };
  modifyRun(context.workspace, run, { parameters }, context.settings);
  return json({});
}

/** `runs/set-tag`; `mlflow.runName` renames the run. */
export function setTag(context: Context): Reply {
  const input = mlflowInput(context);
  const run = inputRun(context, input);
  const body = tagsBody([{ key: requiredText(input, "key"), value: input.value ?? "" }]);
  modifyRun(context.workspace, run, body, context.settings);
  return json({});
}

/** `runs/delete-tag`. */
export function deleteTag(context: Context): Reply {
  const input = mlflowInput(context);
  const run = inputRun(context, input);
  const key = requiredText(input, "key");
  if (!Object.hasOwn(run.tags, key)) throw invalid(`No tag with name: ${key} in run with id ${run.runId}`);
  delete run.tags[key];
  context.workspace.touch(run);
  return json({});
}

/** `runs/log-batch`: all or nothing, in the order params, tags, metrics. */
export function logBatch(context: Context): Reply {
  const input = mlflowInput(context);
  writeBatch(context, inputRun(context, input), input);
  return json({});
}

/** `preview/.../log-batch-async`: params and tags at once, metrics later; the answer names the batch. */
export function logBatchAsync(context: Context): Reply {
  const input = mlflowInput(context);
  writeBatch(context, inputRun(context, input), input);
  return json({ batch_tracking_id: crypto.randomUUID() });
}

/** `preview/.../get-run-data-status`. */
export function batchStatus(context: Context): Reply {
  const input = mlflowInput(context);
  const { runId } = inputRun(context, input);
  return json({ run_id: runId, batch_tracking_id: textValue(input.batch_tracking_id), is_complete: true });
}

/** `runs/log-inputs`: datasets join the run's inputs. */
export function logInputs(context: Context): Reply {
  const input = mlflowInput(context);
  const run = inputRun(context, input);
  run.inputDatasets.push(...listValue(input.datasets));
  context.workspace.touch(run);
  return json({});
}

/** `runs/log-model`: kept in the tag where MLflow keeps it. */
export function logModel(context: Context): Reply {
  const input = mlflowInput(context);
  const run = inputRun(context, input);
  run.tags["mlflow.log-model.history"] = `[${requiredText(input, "model_json")}]`;
  context.workspace.touch(run);
  return json({});
}

/** The CreateRun body of MLflow tags: the name is a field, what the service derives is no tag. */
export function tagsBody(tags: readonly JsonValue[]): JsonObject {
  const kept: Record<string, string> = {};
  const body: JsonObject = {};
  for (const tag of tags.filter(isJsonObject)) {
    const key = textValue(tag.key) ?? "";
    if (key === "mlflow.runName") body.displayName = textValue(tag.value) ?? "";
    else if (!DERIVED.has(key)) kept[key] = textValue(tag.value) ?? "";
  }
  return { ...body, tags: kept };
}

const DERIVED = new Set(["mlflow.parentRunId", "mlflow.rootRunId"]);

function writeBatch(context: Context, run: Run, input: JsonObject): void {
  const metrics = listValue(input.metrics).filter(isJsonObject);
  const params = listValue(input.params).filter(isJsonObject);
  const tags = listValue(input.tags);
  const sizes = { metrics: metrics.length, params: params.length, tags: tags.length };
  if (context.settings.enforceLimits) {
    checkBatch({ ...sizes, total: sizes.metrics + sizes.params + sizes.tags });
  }
  if (context.settings.enforceLimits) checkPoints(run, metrics);
  const parameters = Object.fromEntries(
    params.map(({ key, value }) => [textValue(key), textValue(value) ?? ""]),
  );
  const points = metrics.map((metric) => pointOf(context, metric));
  modifyRun(context.workspace, run, { parameters, ...tagsBody(tags) }, context.settings);
  addPoints(context, run, points);
}

function checkBatch(sizes: Readonly<Record<keyof typeof BATCH_LIMITS, number>>): void {
  for (const key of ["total", "metrics", "params", "tags"] as const) {
    if (sizes[key] <= BATCH_LIMITS[key]) continue;
    throw invalid(
      `A batch logging request can contain at most ${BATCH_LIMITS[key]} ${key}. Got ${sizes[key]}.`,
    );
  }
}

/** 250 values of one metric a request: `FieldName=MetricV2Dto.Value/Count, Limit=250, Size=699`, as users report. */
function checkPoints(run: Run, points: readonly JsonObject[]): void {
  const counts = new Map<string, number>();
  for (const { key } of points) counts.set(textValue(key) ?? "", (counts.get(textValue(key) ?? "") ?? 0) + 1);
  for (const [key, count] of counts) checkRowCount(count, run.metrics.get(key)?.rows.length ?? 0);
}

function addPoints(context: Context, run: Run, points: readonly Point[]): void {
  const before = new Map<string, number>();
  for (const point of points) {
    const series = run.metrics.get(point.key) ?? scalarSeries(point.key);
    run.metrics.set(point.key, series);
    if (!before.has(point.key)) before.set(point.key, series.rows.length);
    const column = Object.keys(series.columns)[0] ?? point.key;
    series.rows.push({ step: point.step, time: point.time, data: { [column]: point.value } });
  }
  for (const [key, length] of before) {
    const series = run.metrics.get(key);
    if (series !== undefined) holdBack(series, length, context.settings.metricDelayReads);
  }
}

/** One point of a log call. */
interface Point {
  readonly key: string;
  readonly value: number;
  readonly time: number;
  readonly step: number;
}

function pointOf(context: Context, point: JsonObject): Point {
  const key = requiredText(point, "key");
  if (key.length > 255) throw overLimit("MetricV2Dto.Name", 255, key.length);
  const spelled = textValue(point.value);
  const value = spelled === "NaN" ? NaN : Number(spelled ?? "missing");
  if (Number.isNaN(value) && spelled !== "NaN") {
    throw invalid(`Got invalid value ${spelled} for metric '${key}'.`);
  }
  const time = numberValue(point.timestamp) ?? context.workspace.clock.millis();
  return { key, value, time, step: numberValue(point.step) ?? 0 };
}
