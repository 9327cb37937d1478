import type { JsonObject } from "../records/json.ts";
import type { Point, RecordNumber } from "../records/point.ts";
import type { MetricTable } from "../records/table.ts";
import { artifactPath, isArtifactPointer, type PointerScope } from "./artifact_pointer.ts";
import { objectAt, objectsAt, stringsAt, textAt } from "./json_fields.ts";
import { type MetricKey, metricLabel } from "./metric_label.ts";
import { metricNumber } from "./metric_value.ts";
import { serviceMilliseconds } from "./service_time.ts";

/** What one page of a metric says of the metric as a whole (Azure ML metric service v2.0, `MetricV2`). */
export interface MetricHead extends MetricKey {
  /** `uxMetricType`, e.g. `azureml.v1.scalar`. */
  readonly type: string | null;
  readonly columns: Readonly<Record<string, string>> | null;
  /** Where the metric itself points to an artifact. */
  readonly location: string | null;
}

/** A row that is no point of a scalar. */
export interface MetricRow {
  readonly data: JsonObject;
  readonly step: RecordNumber | null;
  /** Milliseconds since 1970. */
  readonly time: number;
}

const SCALAR = /^azureml\.v\d+\.scalar$/i;

/**
 * Reads the head of a page of a metric, or of its definition (there `metricKey` holds the name). What the page does
 * not tell is taken from `known`.
 */
export function metricHead(metric: JsonObject, known: MetricHead | null = null): MetricHead {
  const properties = objectAt(metric, "properties");
  const name = textAt(metric, "name") ?? textAt(objectAt(metric, "metricKey"), "name");
  return {
    name: known?.name ?? name ?? "",
    namespace: known?.namespace ?? textAt(metric, "namespace") ??
      textAt(objectAt(metric, "metricKey"), "namespace"),
    type: textAt(properties, "uxMetricType") ?? known?.type ?? null,
    columns: stringsAt(metric, "columns") ?? known?.columns ?? null,
    location: textAt(properties, "dataLocation") ?? known?.location ?? null,
  };
}

/**
 * Splits the rows of a page into points of a scalar, in the service's order, and rows of a table. A scalar's value
 * that is no number (v1 clients log strings and booleans), or that has further columns beside it, is a row. Points
 * without a step get step 0, as MLflow reads them; rows without a time that can be read get `otherwise` and are counted.
 */
export function splitRows(
  head: MetricHead,
  page: JsonObject,
  otherwise: number,
): { readonly points: readonly Point[]; readonly rows: readonly MetricRow[]; readonly untimed: number } {
  let untimed = 0;
  const points: Point[] = [];
  const rows: MetricRow[] = [];
  for (const value of objectsAt(page, "value")) {
    const data = objectAt(value, "data") ?? {};
    const step = metricNumber(value["step"]);
    const told = serviceMilliseconds(textAt(value, "createdUtc"));
    if (told === null) untimed++;
    const time = told ?? otherwise;
    const number = isScalar(head, data) ? metricNumber(Object.values(data)[0]) : null;
    if (number === null) rows.push({ data, step, time });
    else points.push([step ?? 0, time, number]);
  }
  return { points, rows, untimed };
}

/** A scalar by its type, or, where the service tells no type, by its one column; a point holds one value. */
function isScalar(head: MetricHead, data: JsonObject): boolean {
  return Object.keys(data).length === 1 && (head.type === null || SCALAR.test(head.type));
}

/** The tables of the rows of one metric: one for all rows with values, one for each row that points to an artifact. */
export function metricTables(
  head: MetricHead,
  rows: readonly MetricRow[],
  scope: PointerScope,
): MetricTable[] {
  const shape = {
    name: metricLabel(head),
    type: head.type,
    ...(head.columns === null ? {} : { columns: { ...head.columns } }),
  };
  const tables: MetricTable[] = [];
  const plain: MetricRow[] = [];
  for (const row of rows) {
    const artifact = pointerOf(row, head, scope);
    if (artifact === null) plain.push(row);
    else tables.push({ ...shape, artifact, at: [[row.step, row.time]] });
  }
  const located = isArtifactPointer(head.location) ? artifactPath(head.location, head.type, scope) : null;
  if (located !== null && tables.length === 0) tables.push({ ...shape, artifact: located });
  // A place outside of the run has no path here; what it says is kept.
  const elsewhere = located === null && head.location !== null ? { location: head.location } : {};
  const isEmptyTable = tables.length === 0 && head.type !== null && !SCALAR.test(head.type);
  if (plain.length > 0 || isEmptyTable) {
    const at = plain.map((row): [RecordNumber | null, number] => [row.step, row.time]);
    tables.push({ ...shape, ...elsewhere, rows: plain.map((row) => row.data), at });
  }
  return tables;
}

/** Path of the artifact that a row is about; null when it holds values, or points out of its run. */
function pointerOf(row: MetricRow, head: MetricHead, scope: PointerScope): string | null {
  const values = Object.values(row.data);
  const [value] = values;
  return values.length === 1 && isArtifactPointer(value) ? artifactPath(value, head.type, scope) : null;
}
