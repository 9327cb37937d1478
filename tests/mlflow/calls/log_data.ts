import type { JsonObject, JsonValue } from "../../../src/records/json.ts";
import { type Call, type CallRow, NOTHING, objects, type Reply, required, text } from "../call.ts";
import { invalid, MlflowError } from "../mlflow_error.ts";
import type { Run } from "../state/run.ts";
import { type Int64, type Point, pointKey, StoredSeries } from "../state/series.ts";
import { isSince } from "../version.ts";
import { checkKey } from "./keys.ts";
import { setTag, writableRun } from "./runs.ts";

/** Longer values of params are cut without a word. */
const PARAM_LENGTH = 6000;
const LARGEST = Number.MAX_VALUE;

const LIMITS: readonly [string, number, (batch: Batch) => number][] = [
  ["metrics", 1000, ({ metrics }) => metrics.length],
  ["params", 100, ({ params }) => params.length],
  ["tags", 100, ({ tags }) => tags.length],
  ["metrics, params, and tags", 1000, (b) => b.metrics.length + b.params.length + b.tags.length],
];

interface Batch {
  readonly metrics: readonly JsonObject[];
  readonly params: readonly JsonObject[];
  readonly tags: readonly JsonObject[];
}

/** `runs/log-batch`: all of it or nothing. */
function logBatch(call: Call): Reply {
  required(call.input, "run_id");
  const { metrics, params, tags } = call.input;
  const batch: Batch = { metrics: objects(metrics), params: objects(params), tags: objects(tags) };
  batch.metrics.forEach((metric, index) => checkMetric(metric, `metrics[${index}].`));
  batch.params.forEach((param, index) => checkKey(text(param.key), `params[${index}].key`));
  batch.tags.forEach((tag, index) => checkKey(text(tag.key), `tags[${index}].key`));
  for (const [what, most, count] of LIMITS) {
    if (count(batch) > most) throw tooMany(what, most, count(batch));
  }
  checkTwice(batch.params);
  const run = writableRun(call);
  checkChanged(run, batch.params);
  for (const param of batch.params) {
    run.data.params.set(text(param.key), text(param.value).slice(0, PARAM_LENGTH));
  }
  checkNan(call, run, batch.metrics);
  for (const metric of batch.metrics) addPoint(call, run, metric);
  for (const tag of batch.tags) setTag(run, text(tag.key), text(tag.value));
  return NOTHING;
}

function tooMany(what: string, most: number, count: number): Error {
  return invalid(
    `A batch logging request can contain at most ${most} ${what}. Got ${count} ${what}. ` +
      `Please split up ${what} across multiple requests and try again.`,
  );
}

function checkMetric(metric: JsonObject, at: string): void {
  checkKey(required(metric, "key", `${at}key`), `${at}key`);
  for (const field of ["value", "timestamp"]) required(metric, field, `${at}${field}`);
}

function checkTwice(params: readonly JsonObject[]): void {
  const keys = params.map(({ key }) => text(key));
  const twice = [...new Set(keys.filter((key, index) => keys.indexOf(key) !== index))];
  if (twice.length === 0) return;
  throw invalid(
    `Duplicate parameter keys have been submitted: [${twice.map((key) => `'${key}'`).join(", ")}]. ` +
      "Please ensure the request contains only one param value per param key.",
  );
}

function checkChanged(run: Run, params: readonly JsonObject[]): void {
  const changed = params.flatMap(({ key, value }) => {
    const old = run.data.params.get(text(key));
    const now = text(value).slice(0, PARAM_LENGTH);
    return old === undefined || old === now
      ? []
      : [`{'key': '${text(key)}', 'old_value': '${old}', 'new_value': '${now}'}`];
  });
  if (changed.length === 0) return;
  throw invalid(
    `Changing param values is not allowed. Params were already logged='[${changed.join(", ")}]' ` +
      `for run ID='${run.id}'.`,
  );
}

/** Adds a point; a value that is no number is passed over without a word. */
function addPoint({ store }: Call, run: Run, metric: JsonObject): void {
  const point = pointOf(metric);
  if (point === null) return;
  const key = text(metric.key);
  const held = run.data.metrics.get(key);
  const series = held instanceof StoredSeries
    ? held
    : held === undefined
    ? new StoredSeries()
    : StoredSeries.from(held);
  series.add(point);
  run.data.metrics.set(key, series);
  store.loggedModels.get(point.model_id ?? "")?.metrics.push({ key, point, runId: run.id });
}

/** The point that is sent; null for a value that is no number. */
function pointOf(metric: JsonObject): Point | null {
  const value = numberOf(metric.value ?? null);
  if (value === null) return null;
  const context = ["model_id", "dataset_name", "dataset_digest"].flatMap((name) =>
    text(metric[name]) === "" ? [] : [[name, text(metric[name])]]
  );
  return {
    value,
    timestamp: int64(metric.timestamp),
    step: int64(metric.step),
    ...Object.fromEntries(context),
  };
}

/**
 * Before MLflow 3 a NaN that is there already is no repetition (NaN equals nothing) and the database refuses it: params
 * of the batch are stored by then, its metrics and tags are not.
 */
function checkNan({ server }: Call, run: Run, metrics: readonly JsonObject[]): void {
  if (isSince(server.version, "3")) return;
  const seen = new Set<string>();
  for (const metric of metrics) {
    const point = pointOf(metric);
    if (point === null || !Number.isNaN(point.value)) continue;
    const held = run.data.metrics.get(text(metric.key));
    const id = `${text(metric.key)} ${pointKey(point)}`;
    if (seen.has(id) || (held instanceof StoredSeries && held.has(point))) {
      throw new MlflowError("BAD_REQUEST", "(sqlite3.IntegrityError) UNIQUE constraint failed: metrics.key");
    }
    seen.add(id);
  }
}

function numberOf(value: JsonValue): number | null {
  if (value === "NaN") return NaN;
  const number = Number(value);
  return Number.isNaN(number) ? null : Math.min(LARGEST, Math.max(-LARGEST, number));
}

/** An integer of JSON; those beyond 2^53 come as text (see `parseJsonText`). */
function int64(value: JsonValue | undefined): Int64 {
  const number = Number(value ?? 0);
  return Number.isSafeInteger(number) ? number : BigInt(text(value));
}

function logMetric(call: Call): Reply {
  checkMetric(call.input, "");
  const run = writableRun(call);
  checkNan(call, run, [call.input]);
  addPoint(call, run, call.input);
  return NOTHING;
}

function logParam(call: Call): Reply {
  const key = required(call.input, "key");
  checkKey(key, "key");
  const run = writableRun(call);
  const value = text(call.input.value).slice(0, PARAM_LENGTH);
  const old = run.data.params.get(key);
  if (old !== undefined && old !== value) {
    throw invalid(
      `Changing param values is not allowed. Param with key='${key}' was already logged with value='${old}' ` +
        `for run ID='${run.id}'. Attempted logging new value '${value}'.`,
    );
  }
  run.data.params.set(key, value);
  return NOTHING;
}

/** Everything that logs. */
export const logCalls: readonly CallRow[] = [
  { name: "runs.log_batch", method: "POST", path: "runs/log-batch", effect: "write", handler: logBatch },
  { name: "runs.log_metric", method: "POST", path: "runs/log-metric", effect: "write", handler: logMetric },
  { name: "runs.log_param", method: "POST", path: "runs/log-parameter", effect: "write", handler: logParam },
];
