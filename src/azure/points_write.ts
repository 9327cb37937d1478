import type { JsonValue } from "../records/json.ts";
import type { Loss } from "../records/loss.ts";
import type { Point } from "../records/point.ts";
import { partsLost, pointRow, pointsLoss, scalarMetric } from "./metric_row.ts";
import type { RefusedRows } from "./metric_send.ts";
import type { MetricWriter } from "./metric_writer.ts";

/** How many refused points of a metric are kept in a loss; of more only the number is told. */
const KEPT = 10_000;

/** The scalars of one run on their way into it, and what of them did not land as it was. */
export class PointsWriter {
  readonly #writer: MetricWriter;
  readonly #changed = new Map<string, Loss>();
  readonly #refused = new Map<string, { count: number; reason: string; kept: JsonValue[] }>();

  constructor(writer: MetricWriter) {
    this.#writer = writer;
  }

  /** Adds points of a metric in logged order. Throws `Failure`. */
  async add(metric: string, points: readonly Point[]): Promise<void> {
    for (const point of points) {
      for (const part of partsLost(point)) {
        const key = `${part} ${metric}`;
        if (!this.#changed.has(key)) this.#changed.set(key, pointsLoss(metric, part, point));
      }
    }
    // Rows are made when they are sent: thousands of waiting points stay as small as they came.
    const at = (index: number) => {
      const point = points[index];
      return point === undefined ? undefined : pointRow(metric, point);
    };
    await this.#writer.add(scalarMetric(metric), { length: points.length, at });
  }

  /** Sends the rest, waits until it can be read, and tells what did not land. Throws `Failure`. */
  async done(): Promise<readonly Loss[]> {
    for (const part of await this.#writer.flush()) this.#note(part);
    await this.#writer.settled();
    const loss = [...this.#changed.values(), ...[...this.#refused].map(refusedLoss)];
    this.#changed.clear();
    this.#refused.clear();
    return loss;
  }

  #note({ metric, rows, reason }: RefusedRows): void {
    const noted = this.#refused.get(metric.name) ?? { count: 0, reason, kept: [] };
    noted.count += rows.length;
    for (const row of rows) {
      if (noted.kept.length < KEPT) noted.kept.push([row.step, row.time, Object.values(row.data)[0] ?? null]);
    }
    this.#refused.set(metric.name, noted);
  }
}

function refusedLoss(
  [metric, { count, reason, kept }]: [string, { count: number; reason: string; kept: JsonValue[] }],
): Loss {
  const told = `the service refused ${count} points: ${reason}`;
  const field = `metrics.${metric}`;
  return count > kept.length
    ? { field, change: "dropped", reason: told }
    : { field, change: "moved", reason: `${told}; kept in azml/original.json`, original: kept };
}
