import type { JsonObject, JsonValue } from "../../../src/records/json.ts";
import { findRun } from "../history/find_run.ts";
import { textValue } from "../history/body_values.ts";
import { pageWindow } from "../history/page_window.ts";
import { bodyObject, type Context, type Reply } from "../router.ts";
import type { MetricSeries, Run } from "../state.ts";
import { metricKey } from "../state/run.ts";
import { visibleRows } from "./late_rows.ts";
import { metricReply, metricView } from "./metric_json.ts";

/** Rows that `sample` gives at most. */
const SAMPLE = 100;

/** `POST list`: the definitions of the metrics that have rows to see, paged. */
export function listMetrics(context: Context): Reply {
  const run = runOf(context);
  const body = bodyObject(context);
  const namespace = textValue(body.metricNamespace);
  const shown = [...run.metrics.values()].filter((series) =>
    (namespace === null || series.namespace === namespace) && visibleRows(series) > 0
  );
  const page = window(context, shown.length);
  const value = shown.slice(page.from, page.to).map(definition);
  return metricReply({ value, ...link(page.token) }, context.settings);
}

function definition(series: MetricSeries): JsonObject {
  return {
    metricKey: {
      namespace: series.namespace,
      name: series.name,
      labels: [],
      columnNames: Object.keys(series.columns),
    },
    columns: { ...series.columns },
    properties: { uxMetricType: series.uxMetricType, dataLocation: series.dataLocation },
  };
}

/** `POST full`: every row in logged order, paged by a token in the body. A name without rows answers none. */
export function fullMetric(context: Context): Reply {
  const { run, series } = asked(context);
  if (series === undefined) return metricReply(noRows(context, run), context.settings);
  const indexes = withinTimes(context, series, visibleRows(series));
  const length = typeof indexes === "number" ? indexes : indexes.length;
  const page = window(context, length);
  const rows = Array.from({ length: page.to - page.from }, (_, offset) => {
    const position = page.from + offset;
    return typeof indexes === "number" ? position : indexes[position] ?? 0;
  });
  return metricReply({ ...metricView(run, series, rows), ...link(page.token) }, context.settings);
}

/** `POST sample`: at most a hundred rows spread over the series, and how many there are. */
export function sampleMetric(context: Context): Reply {
  const { run, series } = asked(context);
  const length = series === undefined ? 0 : visibleRows(series);
  const count = Math.min(SAMPLE, length);
  const rows = Array.from({ length: count }, (_, index) => Math.floor(index * length / count));
  const view = series === undefined ? noRows(context, run) : metricView(run, series, rows);
  const sample = {
    ...view,
    isPartialResult: length > SAMPLE,
    numValuesLogged: length,
    derivedLabelValues: null,
  };
  return metricReply(sample, context.settings);
}

/** `POST lastvalues`: the last row of each metric. */
export function lastValues(context: Context): Reply {
  const run = runOf(context);
  const value: JsonValue[] = [];
  for (const series of run.metrics.values()) {
    const length = visibleRows(series);
    if (length > 0) value.push(metricView(run, series, [length - 1]));
  }
  return metricReply({ value }, context.settings);
}

function asked(context: Context): { run: Run; series: MetricSeries | undefined } {
  const run = runOf(context);
  const body = bodyObject(context);
  const name = textValue(body.metricName) ?? "";
  return { run, series: run.metrics.get(metricKey(name, textValue(body.metricNamespace))) };
}

function runOf({ workspace, params }: Context): Run {
  return findRun(workspace, params.runId ?? "");
}

function window(context: Context, length: number): ReturnType<typeof pageWindow> {
  const { settings } = context;
  const token = textValue(bodyObject(context).continuationToken);
  return pageWindow(length, token, { size: settings.metricPageSize, emptyEvery: settings.emptyPageEvery });
}

function link(token: string | null): JsonObject {
  return { continuationToken: token, nextLink: null };
}

/** The row numbers between `startTime` and `endTime`; just the count when the request names neither. */
function withinTimes(context: Context, series: MetricSeries, length: number): number | number[] {
  const body = bodyObject(context);
  const start = Date.parse(textValue(body.startTime) ?? "");
  const end = Date.parse(textValue(body.endTime) ?? "");
  if (Number.isNaN(start) && Number.isNaN(end)) return length;
  const rows: number[] = [];
  for (let index = 0; index < length; index++) {
    const { time } = series.rows.at(index);
    if (!(time < start) && !(time > end)) rows.push(index);
  }
  return rows;
}

function noRows(context: Context, run: Run): JsonObject {
  return {
    dataContainerId: run.dataContainerId,
    name: textValue(bodyObject(context).metricName),
    columns: {},
    properties: null,
    namespace: null,
    standardSchemaId: null,
    value: [],
  };
}
