import { isJsonObject, type JsonObject, type JsonValue } from "../../../src/records/json.ts";
import { badRequest, overLimit, ServiceError } from "../errors.ts";
import { listValue, numberValue, objectValue, textMap, textValue } from "../history/body_values.ts";
import type { MetricRow, MetricSeries, Run, WorkspaceState } from "../state.ts";
import { type MetricValue, StoredRows } from "../state/metric.ts";
import { metricKey } from "../state/run.ts";
import { holdBack } from "./late_rows.ts";
import { keepRowId } from "./row_ids.ts";

/** The service's limits of metrics (Azure ML service limits, B.5). */
export const METRIC_LIMITS = {
  /** Metrics a request may carry: where every released client cuts. */
  metrics: 50,
  rowsOfRequest: 250,
  rows: 1_000_000,
  columns: 15,
  text: 255,
} as const;

/** How a write is done. */
export interface MetricWrite {
  readonly limits: boolean;
  /** Reads that still answer without what is written. */
  readonly lateReads: number;
}

/** Appends one `IMetricV2` to a run; nothing of it is kept when a limit is broken. Throws `ServiceError` 400. */
export function writeMetric(
  workspace: WorkspaceState,
  run: Run,
  metric: JsonValue,
  write: MetricWrite,
): void {
  const body = objectValue(metric) ?? {};
  const name = textValue(body.name);
  if (name === null || name === "") throw badRequest("A metric needs a name.");
  const values = listValue(body.value).filter(isJsonObject);
  const key = metricKey(name, textValue(body.namespace));
  const known = run.metrics.get(key);
  if (write.limits) checkRows(values, known);
  const columns = columnsOf(body, values);
  if (write.limits) checkColumns(columns);
  const series = known ?? newSeries(name, body, columns);
  const rows = values.map((value) => rowOf(workspace, value, columns));
  if (write.limits) rows.forEach(checkText);
  const before = series.rows.length;
  Object.assign(series.columns, columns);
  rows.forEach((row, offset) => {
    series.rows.push(row);
    const id = textValue(values[offset]?.metricId);
    if (id !== null) keepRowId(series, before + offset, id);
  });
  run.metrics.set(key, series);
  holdBack(series, before, write.lateReads);
}

/** What the limit of rows says about one request: 250 of a name at a time, a million in all. */
export function checkRowCount(added: number, held: number): void {
  const { rowsOfRequest, rows } = METRIC_LIMITS;
  if (added > rowsOfRequest) throw overLimit("MetricV2Dto.Value/Count", rowsOfRequest, added);
  if (held + added > rows) throw overLimit("MetricV2.Rows/Count", rows, held + added);
}

function checkRows(values: readonly JsonObject[], known: MetricSeries | undefined): void {
  checkRowCount(values.length, known?.rows.length ?? 0);
}

function checkColumns(columns: Readonly<Record<string, string>>): void {
  const names = Object.keys(columns);
  if (names.length > METRIC_LIMITS.columns) {
    throw overLimit("MetricV2Dto.Columns/Count", METRIC_LIMITS.columns, names.length);
  }
  for (const name of names) {
    if (name.length > METRIC_LIMITS.text) {
      throw overLimit("MetricV2Dto.Columns/Key", METRIC_LIMITS.text, name.length);
    }
  }
}

function checkText(row: MetricRow): void {
  for (const cell of Object.values(row.data)) {
    if (typeof cell === "string" && cell.length > METRIC_LIMITS.text) {
      throw overLimit("MetricV2Dto.Value/Data", METRIC_LIMITS.text, cell.length);
    }
  }
}

function newSeries(name: string, body: JsonObject, columns: Record<string, string>): MetricSeries {
  const properties = objectValue(body.properties);
  const [only] = Object.keys(columns);
  return {
    name,
    namespace: textValue(body.namespace),
    columns: {},
    uxMetricType: textValue(properties?.uxMetricType),
    dataLocation: textValue(properties?.dataLocation),
    rows: new StoredRows(only ?? name),
  };
}

/** Columns as stated; without them, from the first row's cells. */
function columnsOf(body: JsonObject, values: readonly JsonObject[]): Record<string, string> {
  const stated = textMap(body.columns);
  if (Object.keys(stated).length > 0) return stated;
  const cells = Object.entries(objectValue(values[0]?.data) ?? {});
  return Object.fromEntries(
    cells.map(([column, cell]) => [column, typeof cell === "number" ? "Double" : "String"]),
  );
}

function rowOf(
  workspace: WorkspaceState,
  value: JsonObject,
  columns: Readonly<Record<string, string>>,
): MetricRow {
  const data: Record<string, MetricValue> = {};
  for (const [column, cell] of Object.entries(objectValue(value.data) ?? {})) {
    data[column] = cellOf(cell, columns[column] ?? "");
  }
  const created = textValue(value.createdUtc);
  const time = created === null ? workspace.clock.millis() : Date.parse(created);
  if (Number.isNaN(time)) throw badRequest(`The value '${created}' is not a valid date and time.`);
  return { step: numberValue(value.step), time, data };
}

const NUMERIC = /^(double|float|int|integer|long)$/i;
const NON_FINITE: Readonly<Record<string, number>> = { NaN, Infinity, "-Infinity": -Infinity };

function cellOf(cell: JsonValue, type: string): MetricValue {
  if (typeof cell === "object" && cell !== null) return JSON.stringify(cell);
  if (typeof cell !== "string" || !NUMERIC.test(type)) return cell;
  const number = NON_FINITE[cell] ?? (cell.trim() === "" ? undefined : Number(cell));
  if (number === undefined || (Number.isNaN(number) && cell !== "NaN")) {
    throw new ServiceError({
      status: 400,
      code: "ValidationError",
      message: `The value '${cell}' does not fit a column of type ${type}.`,
    });
  }
  return number;
}
