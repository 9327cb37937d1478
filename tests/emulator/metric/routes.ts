import type { JsonValue } from "../../../src/records/json.ts";
import { overLimit, ServiceError } from "../errors.ts";
import { listValue } from "../history/body_values.ts";
import { findRun } from "../history/find_run.ts";
import { errorInside } from "../history/run_data.ts";
import { bodyObject, type Context, empty, json, type Reply, type RouteRow } from "../router.ts";
import { fullMetric, lastValues, listMetrics, sampleMetric } from "./read_metrics.ts";
import { METRIC_LIMITS, writeMetric } from "./write_metrics.ts";

/** Rows of the metric service, `metric/v2.0` (Azure ML metrics B.5). */
export const routes: RouteRow[] = [
  row("list", "POST", "read", listMetrics),
  row("full", "POST", "read", fullMetric),
  row("sample", "POST", "read", sampleMetric),
  row("lastvalues", "POST", "read", lastValues),
  row("batch", "POST", "write", (context) => writeBatch(context, context.settings.metricDelayReads)),
  row("batchsync", "POST", "write", (context) => writeBatch(context, 0)),
  row("deleteMetrics", "DELETE", "write", deleteMetrics),
];

function row(
  verb: string,
  method: RouteRow["method"],
  effect: RouteRow["effect"],
  handler: RouteRow["handler"],
): RouteRow {
  return { name: `metric.${verb}`, method, path: `/metric/v2.0{+ws}/runs/{runId}/${verb}`, effect, handler };
}

/**
 * Appends metrics. With `reportErrors` a refused metric stands in `errors` and the others are kept; without it the first
 * refusal is the answer. What `batch` writes may show late, what `batchsync` writes shows at once.
 */
function writeBatch(context: Context, lateReads: number): Reply {
  const { workspace, settings, params } = context;
  const run = findRun(workspace, params.runId ?? "");
  const body = bodyObject(context);
  const values = listValue(body.values);
  const limits = settings.enforceLimits;
  if (limits && values.length > METRIC_LIMITS.metrics) {
    throw overLimit("BatchIMetricV2.Values/Count", METRIC_LIMITS.metrics, values.length);
  }
  const errors: JsonValue[] = [];
  for (const metric of values) {
    try {
      writeMetric(workspace, run, metric, { limits, lateReads });
    } catch (error) {
      if (!(error instanceof ServiceError) || body.reportErrors !== true) throw error;
      errors.push({ metric, errorResponse: errorInside(context, error, "metric") });
    }
  }
  workspace.touch(run);
  return json({ errors });
}

function deleteMetrics({ workspace, params }: Context): Reply {
  const run = findRun(workspace, params.runId ?? "");
  run.metrics.clear();
  workspace.touch(run);
  return empty(200);
}
