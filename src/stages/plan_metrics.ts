import type { JobRecord } from "../records/job.ts";
import type { Point } from "../records/point.ts";
import type { MetricTable } from "../records/table.ts";
import type { For } from "../records/unit.ts";
import { type Fitting, setOwn } from "./plan_fitting.ts";
import { fitKey } from "./plan_key.ts";

/** The metrics of a job (or unit) under names that the target takes; the points themselves are not touched. */
export function metricsOf(job: Pick<JobRecord, "metrics">, fit: Fitting): Record<string, Point[]> | null {
  if (!job.metrics) return null;
  const metrics: Record<string, Point[]> = {};
  let isChanged = false;
  for (const [name, points] of Object.entries(job.metrics)) {
    const key = fit.key("metrics", name, "metric_name");
    isChanged ||= key !== name;
    setOwn(metrics, key, points);
  }
  return isChanged ? metrics : job.metrics;
}

/** The counts of the points that follow, under the names that {@linkcode metricName} gives to their metrics. */
export function morePointsOf(job: JobRecord, world: For): { more_points?: Record<string, number> } {
  if (job.more_points === undefined) return {};
  const counts: Record<string, number> = {};
  for (const [name, count] of Object.entries(job.more_points)) setOwn(counts, metricName(world, name), count);
  return { more_points: counts };
}

/** The tables of a job (or unit) under names that the target takes. */
export function tablesOf(job: Pick<JobRecord, "tables">, fit: Fitting): MetricTable[] | null {
  return job.tables?.map((table) => ({ ...table, name: fit.key("tables", table.name, "metric_name") })) ??
    null;
}

/** The name that a metric of a `points` record has in the target. */
export function metricName(world: For, name: string): string {
  return fitKey(world, "metric_name", name).key;
}
