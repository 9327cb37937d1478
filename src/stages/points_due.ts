import type { PointsRecord } from "../records/points.ts";

/** Keeps count of the `points` records that a job or unit announced with `more_points`. */
export class PointsDue {
  readonly #left = new Map<string, number>();
  #total = 0;

  constructor(announced: Readonly<Record<string, number>> | undefined) {
    for (const [metric, count] of Object.entries(announced ?? {})) {
      if (count <= 0) continue;
      this.#left.set(metric, count);
      this.#total += count;
    }
  }

  /** Points that have not come yet. */
  get missing(): number {
    return this.#total;
  }

  /** The metrics that points are missing of. */
  get metrics(): readonly string[] {
    return [...this.#left.keys()];
  }

  /** Notes what came; more than was announced counts for nothing. */
  came(record: Pick<PointsRecord, "metric" | "points">): void {
    const left = this.#left.get(record.metric) ?? 0;
    const taken = Math.min(left, record.points.length);
    this.#total -= taken;
    if (taken === left) this.#left.delete(record.metric);
    else this.#left.set(record.metric, left - taken);
  }
}
