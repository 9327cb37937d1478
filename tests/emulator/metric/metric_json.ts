import type { JsonObject, JsonValue } from "../../../src/records/json.ts";
import type { Reply } from "../router.ts";
import type { Settings } from "../settings.ts";
import type { MetricRow, MetricSeries, Run } from "../state.ts";
import { rowId } from "./row_ids.ts";

const MARK = "\u0001number ";

/** `MetricV2` with these rows of a series (Azure ML metrics B.5, recorded answer of `lastvalues`). */
export function metricView(run: Run, series: MetricSeries, rows: Iterable<number>): JsonObject {
  const value: JsonValue[] = [];
  for (const index of rows) value.push(rowView(run, series, index));
  return {
    dataContainerId: run.dataContainerId,
    name: series.name,
    columns: { ...series.columns },
    properties: { uxMetricType: series.uxMetricType, dataLocation: series.dataLocation },
    namespace: series.namespace,
    standardSchemaId: null,
    value,
  };
}

function rowView(run: Run, series: MetricSeries, index: number): JsonObject {
  const row: MetricRow = series.rows.at(index);
  const data: JsonObject = {};
  for (const [column, cell] of Object.entries(row.data)) {
    data[column] = typeof cell === "number" && !Number.isFinite(cell) ? `${MARK}${cell}` : cell;
  }
  return {
    metricId: rowId(run, series, index),
    createdUtc: new Date(row.time).toISOString().replace("Z", "+00:00"),
    step: row.step,
    data,
  };
}

const MARKED = new RegExp(
  `"${JSON.stringify(MARK).slice(1, -1).replaceAll("\\", "\\\\")}(NaN|-?Infinity)"`,
  "g",
);

/** An answer with metric rows, non-finite numbers spelled as the settings say: bare tokens or strings. */
export function metricReply(value: JsonValue, settings: Settings): Reply {
  const text = JSON.stringify(value).replaceAll(MARKED, settings.nonFinite === "tokens" ? "$1" : '"$1"');
  return { status: 200, headers: { "content-type": "application/json; charset=utf-8" }, raw: text };
}
