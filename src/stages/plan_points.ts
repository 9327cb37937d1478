import type { Item } from "../records/item.ts";
import type { PointsRecord } from "../records/points.ts";
import type { UnitRecord } from "../records/unit.ts";
import { metricName } from "./plan_metrics.ts";

/**
 * Gives a `points` record of a job to its unit. Up to 10,000 points are not written anew for two names at the front
 * of the line: where the line begins as azml writes it, its text is spliced.
 */
export function planPoints(
  record: PointsRecord,
  item: Item,
  unit: UnitRecord,
): { readonly item: Item; readonly record: PointsRecord } {
  const planned: PointsRecord = { ...record, job: unit.id, metric: metricName(unit.for, record.metric) };
  const before = front(record);
  if (!item.raw?.startsWith(before)) return { item: { record: planned }, record: planned };
  const raw = front(planned) + item.raw.slice(before.length);
  return { item: { record: planned, raw }, record: planned };
}

function front({ job, metric }: PointsRecord): string {
  return `{"kind":"points","v":1,"job":${JSON.stringify(job)},"metric":${JSON.stringify(metric)},`;
}
