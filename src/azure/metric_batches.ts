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

/** Rows that may be made only when they are asked for: an array of them, or points that become rows. */
export interface RowList {
  readonly length: number;
  at(index: number): OutRow | undefined;
}

/** Rows of one metric as they were added; of the first chunk so many have left. */
interface Waiting {
  readonly metric: OutMetric;
  readonly chunks: RowList[];
  taken: number;
}

/** Collects rows so that a request carries many metrics; the rows of a metric leave in the order they came. */
export class MetricBatches {
  readonly #waiting = new Map<string, Waiting>();
  #size = 0;

  /** Whether a full request is waiting. */
  get full(): boolean {
    return this.#size >= WAITING;
  }

  get empty(): boolean {
    return this.#size === 0;
  }

  add(metric: OutMetric, rows: RowList): void {
    if (rows.length === 0) return;
    const key = JSON.stringify([metric.name, metric.type, metric.columns]);
    const waiting = this.#waiting.get(key) ?? { metric, chunks: [], taken: 0 };
    this.#waiting.set(key, waiting);
    waiting.chunks.push(rows);
    this.#size += rows.length;
  }

  /** Takes what the next request shall carry: the metrics that have waited longest, a name only once. */
  take(): Batch {
    const batch: BatchPart[] = [];
    const names = new Set<string>();
    for (const [key, waiting] of this.#waiting) {
      if (batch.length === METRICS_A_CALL) break;
      const { metric } = waiting;
      if (names.has(metric.name)) continue;
      names.add(metric.name);
      const rows = takeRows(waiting);
      batch.push({ metric, rows });
      this.#size -= rows.length;
      if (waiting.chunks.length === 0) this.#waiting.delete(key);
    }
    return batch;
  }
}

/** Takes a request's worth; long chunks are not copied each time. */
function takeRows(waiting: Waiting): readonly OutRow[] {
  const rows: OutRow[] = [];
  while (rows.length < ROWS_A_METRIC) {
    const [chunk] = waiting.chunks;
    if (chunk === undefined) break;
    const end = Math.min(chunk.length, waiting.taken + ROWS_A_METRIC - rows.length);
    for (let index = waiting.taken; index < end; index++) {
      const row = chunk.at(index);
      if (row !== undefined) rows.push(row);
    }
    waiting.taken = end < chunk.length ? end : 0;
    if (end === chunk.length) waiting.chunks.shift();
  }
  return rows;
}
