import type { OutMetric, OutRow } from "./metric_row.ts";

/** Most metrics in one request (v1 SDK), and most rows of one metric in it (the service's error text, Limit=250). */
export const METRICS_A_CALL = 50;
/** See {@linkcode METRICS_A_CALL}. */
export const ROWS_A_METRIC = 250;

/** How many rows wait at most before they are sent: as many as one full request holds. */
const WAITING = METRICS_A_CALL * ROWS_A_METRIC;

/** The rows of one metric in one request. */
export interface BatchPart {
  readonly metric: OutMetric;
  readonly rows: readonly OutRow[];
}

/** One request's worth: at most 50 metrics with at most 250 rows each. */
export type Batch = readonly BatchPart[];

/** Collects rows so that a request carries many metrics; the rows of a metric leave in the order they came. */
export class MetricBatches {
  readonly #waiting = new Map<string, { readonly metric: OutMetric; rows: OutRow[] }>();
  #size = 0;

  /** Whether a full request is waiting. */
  get full(): boolean {
    return this.#size >= WAITING;
  }

  get empty(): boolean {
    return this.#size === 0;
  }

  add(metric: OutMetric, rows: readonly OutRow[]): void {
    if (rows.length === 0) return;
    const key = JSON.stringify([metric.name, metric.type, metric.columns]);
    const waiting = this.#waiting.get(key) ?? { metric, rows: [] };
    this.#waiting.set(key, waiting);
    for (const row of rows) waiting.rows.push(row);
    this.#size += rows.length;
  }

  /** Takes what the next request shall carry: the metrics that have waited longest, a name only once. */
  take(): Batch {
    const batch: BatchPart[] = [];
    const names = new Set<string>();
    for (const [key, { metric, rows }] of this.#waiting) {
      if (batch.length === METRICS_A_CALL) break;
      if (names.has(metric.name)) continue;
      names.add(metric.name);
      const taken = rows.slice(0, ROWS_A_METRIC);
      batch.push({ metric, rows: taken });
      this.#size -= taken.length;
      if (taken.length === rows.length) this.#waiting.delete(key);
      else this.#waiting.set(key, { metric, rows: rows.slice(ROWS_A_METRIC) });
    }
    return batch;
  }
}
