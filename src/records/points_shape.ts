import type { AnyRecord } from "./item.ts";
import { POINTS_A_LINE } from "./point.ts";

const NOT_A_NUMBER = /^(NaN|-?Infinity|-?\d+)$/;

/**
 * The record with its points taken out, when every one of them is plainly right; else the record itself, so that the
 * schema finds and names what is wrong. A schema takes twice as long for a point as the JSON parser does, and copies
 * it; a job holds up to 50,000.
 */
export function withoutGoodPoints(record: AnyRecord): AnyRecord {
  const { metrics, points } = record;
  if (record.kind === "points") {
    return Array.isArray(points) && points.length <= POINTS_A_LINE && points.every(isPoint)
      ? { ...record, points: [] }
      : record;
  }
  if (typeof metrics !== "object" || metrics === null || Array.isArray(metrics)) return record;
  for (const list of Object.values(metrics)) {
    if (!Array.isArray(list) || !list.every(isPoint)) return record;
  }
  return { ...record, metrics: {} };
}

function isPoint(point: unknown): boolean {
  return Array.isArray(point) && point.length === 3 && isNumber(point[0]) &&
    typeof point[1] === "number" && Number.isFinite(point[1]) && isNumber(point[2]);
}

function isNumber(value: unknown): boolean {
  return typeof value === "number"
    ? Number.isFinite(value)
    : typeof value === "string" && NOT_A_NUMBER.test(value);
}
