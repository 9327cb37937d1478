import type { MetricSeries, Run } from "../state.ts";

/** How many rows of a series readers see for a while, and for how many reads. */
interface Held {
  readonly visible: number;
  reads: number;
}

/** Series with rows that were written and do not show yet: metrics are eventually consistent at the service. */
const held = new WeakMap<MetricSeries, Held>();

/** Hides the rows from number `visible` on for so many reads (0 = they show at once). */
export function holdBack(series: MetricSeries, visible: number, reads: number): void {
  if (reads > 0) {
    held.set(series, { visible: Math.min(held.get(series)?.visible ?? visible, visible), reads });
  }
}

/** How many rows a reader sees now; counts as one read. */
export function visibleRows(series: MetricSeries): number {
  const late = held.get(series);
  if (late === undefined) return series.rows.length;
  if (late.reads === 0) {
    held.delete(series);
    return series.rows.length;
  }
  late.reads -= 1;
  return late.visible;
}

/** Lets everything of a run show: what `metricsingest/wait` waits for. */
export function settleMetrics(run: Run): void {
  for (const series of run.metrics.values()) held.delete(series);
}
