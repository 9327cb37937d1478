import type { JsonObject, JsonValue } from "../records/json.ts";
import { limitOf } from "../records/limits.ts";
import type { Loss } from "../records/loss.ts";
import type { MetricTable } from "../records/table.ts";
import { hasOutputsSegment } from "./artifact_pointer.ts";
import type { RefusedRows } from "./metric_send.ts";
import { metricKeyOf } from "./metric_label.ts";
import { knownTime, type OutMetric, type OutRow } from "./metric_row.ts";
import type { MetricWriter } from "./metric_writer.ts";

/** Type of a table whose source did not say one. */
const PLAIN_TABLE = "azureml.v1.table";

/** A table as it goes out, or why it cannot. */
type Planned =
  | { readonly metric: OutMetric; readonly rows: readonly OutRow[]; readonly loss: readonly Loss[] }
  | { readonly loss: readonly Loss[] };

/**
 * Writes the metrics that are not scalars: rows as rows, artifacts as pointers to the files of the new run. A table
 * beyond the service's limits is moved whole into `azml/original.json`. Throws `Failure`.
 */
export async function writeTables(
  writer: MetricWriter,
  dataContainer: string,
  tables: readonly MetricTable[],
): Promise<readonly Loss[]> {
  const loss: Loss[] = [];
  for (const table of tables) {
    const planned = table.artifact === undefined
      ? rowTable(table)
      : pointerTable(table, table.artifact, dataContainer);
    loss.push(...planned.loss);
    if ("metric" in planned) await writer.add(planned.metric, planned.rows);
  }
  for (const refused of await writer.flush()) loss.push(refusedLoss(tables, refused));
  return loss;
}

function pointerTable(table: MetricTable, path: string, dataContainer: string): Planned {
  const type = table.type ?? PLAIN_TABLE;
  const [column = metricKeyOf(table.name).name] = Object.keys(table.columns ?? {});
  const inRun = hasOutputsSegment(type) ? `outputs/${path}` : path;
  const pointer = `aml://artifactId/ExperimentRun/${dataContainer}/${inRun}`;
  return {
    metric: { name: table.name, type, columns: { [column]: "Artifact" } },
    rows: [rowAt(table, 0, { [column]: pointer })],
    loss: [{
      field: `tables.${table.name}`,
      change: "rewritten",
      reason: "points to the file of the new run",
      original: path,
    }],
  };
}

function rowTable(table: MetricTable): Planned {
  // Rows came out of a JSON parser, so their fields are JSON.
  const rows = (table.rows ?? []) as readonly JsonObject[];
  const columns = table.columns ?? inferColumns(rows);
  const over = overLimit(columns, rows);
  if (over !== null) return { loss: [movedTable(table, over)] };
  if (rows.length === 0) return { loss: [movedTable(table, "the service keeps no metric without rows")] };
  return {
    metric: { name: table.name, type: table.type ?? PLAIN_TABLE, columns },
    rows: rows.map((data, index) => rowAt(table, index, data)),
    loss: [],
  };
}

function rowAt(table: MetricTable, index: number, data: JsonObject): OutRow {
  const [step, time] = table.at?.[index] ?? [null, null];
  return { step: step === null ? null : Number(step), time: time === null ? null : knownTime(time), data };
}

/** Column types as the v1 SDK names them, by the values. */
function inferColumns(rows: readonly JsonObject[]): Record<string, string> {
  const columns: Record<string, string> = {};
  for (const row of rows) {
    for (const [name, value] of Object.entries(row)) {
      const type = typeOf(value);
      const known = columns[name];
      columns[name] = known === undefined || known === type ? type : widest(known, type);
    }
  }
  return columns;
}

function typeOf(value: JsonValue): string {
  if (typeof value === "number") return Number.isInteger(value) ? "int" : "double";
  return typeof value === "boolean" ? "bool" : "string";
}

function widest(a: string, b: string): string {
  const numbers = ["int", "double"];
  return numbers.includes(a) && numbers.includes(b) ? "double" : "string";
}

function overLimit(columns: Readonly<Record<string, string>>, rows: readonly JsonObject[]): string | null {
  const names = Object.keys(columns);
  const [most, cell, name] = [
    limitOf("azureml", "table_columns"),
    limitOf("azureml", "table_cell"),
    limitOf("azureml", "metric_name"),
  ];
  if (names.length > most) return `the service takes ${most} columns`;
  if (names.some((column) => column.length > name)) {
    return `the service takes column names of ${name} characters`;
  }
  const long = rows.some((row) =>
    Object.values(row).some((value) => typeof value === "string" && value.length > cell)
  );
  return long ? `the service takes cells of ${cell} characters` : null;
}

function refusedLoss(tables: readonly MetricTable[], refused: RefusedRows): Loss {
  const table = tables.find(({ name }) => name === refused.metric.name);
  const reason = `${refused.rows.length} rows were refused by the service: ${refused.reason}`;
  if (table !== undefined) return movedTable(table, reason);
  return { field: `metrics.${refused.metric.name}`, change: "dropped", reason };
}

function movedTable(table: MetricTable, why: string): Loss {
  // A table record is JSON: it is parsed from a line, or written as one.
  const original = table as JsonValue;
  const reason = `${why}; the table is kept in azml/original.json`;
  return { field: `tables.${table.name}`, change: "moved", reason, original };
}
