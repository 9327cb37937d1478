import type { JsonObject, JsonValue } from "../records/json.ts";
import type { Fault } from "../stages/ports.ts";
import { metricLabel } from "./metric_label.ts";
import type { MetricHead, MetricRow } from "./metric_rows.ts";

/**
 * Characters of JSON (roughly) that the rows of one table may take in memory and in a record: 8 Mi, half of the 16 MiB
 * of a line. A metric may have 1,000,000 rows of 15 columns (Azure ML documentation, resource limits).
 */
export const TABLE_SIZE = 8 * 1024 * 1024;

/** Step, time and brackets of a row. */
const ROW_SIZE = 32;

/** The rows of one metric that are no points: the first ones up to a size, and how many more there were. */
export class HeldTable {
  readonly rows: MetricRow[] = [];
  readonly #limit: number;
  #size = 0;
  #left = 0;

  constructor(limit: number = TABLE_SIZE) {
    this.#limit = limit;
  }

  /** Once one row was left out all further ones are: what is held is the beginning of the table. */
  add(rows: readonly MetricRow[]): void {
    for (const row of rows) {
      const size = this.#left > 0 ? 0 : rowSize(row.data);
      if (this.#left > 0 || this.#size + size > this.#limit) this.#left++;
      else {
        this.#size += size;
        this.rows.push(row);
      }
    }
  }

  /** Says how much was left out; null when nothing was. */
  fault(head: MetricHead, run: string): Fault | null {
    if (this.#left === 0) return null;
    const label = metricLabel(head);
    const all = this.rows.length + this.#left;
    return {
      part: `tables/${label}`,
      code: "too_large",
      message:
        `table "${label}" of run ${run} has ${all} rows; the record holds the first ${this.rows.length} ` +
        `(about ${Math.round(this.#limit / 1024)} KiB), the ${this.#left} behind them are left out`,
      hint: "the whole table is in the source alone: keep that workspace, or read the metric there",
      retryable: false,
    };
  }
}

function rowSize(data: JsonObject): number {
  let size = ROW_SIZE;
  for (const [name, value] of Object.entries(data)) size += name.length + 4 + valueSize(value);
  return size;
}

function valueSize(value: JsonValue): number {
  if (typeof value === "string") return value.length + 3;
  return typeof value === "object" && value !== null ? JSON.stringify(value).length : 12;
}
