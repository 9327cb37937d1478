import type { JsonObject } from "../records/json.ts";
import type { Loss } from "../records/loss.ts";
import type { Point, RecordNumber } from "../records/point.ts";
import { metricKeyOf } from "./metric_label.ts";

/** A metric as it is sent: all rows of one of these go together. */
export interface OutMetric {
  /** The label of the metric: its name, with its namespace where it has one. */
  readonly name: string;
  /** `uxMetricType`. */
  readonly type: string;
  /** Column name to column type. */
  readonly columns: Readonly<Record<string, string>>;
}

/** One row of a metric, as the metric service takes it. */
export interface OutRow {
  readonly step: number | null;
  /** Milliseconds since 1970; null leaves the time to the service. */
  readonly time: number | null;
  readonly data: JsonObject;
}

/** First and last moment that the service's clock can say (years 1 to 9999). */
const FIRST = -62_135_596_800_000;
const LAST = 253_402_300_799_999;

/** A scalar as MLflow and promptflow log it (Azure ML metric v2.0, `MetricV2`). */
export function scalarMetric(name: string): OutMetric {
  return { name, type: "azureml.v1.scalar", columns: { [metricKeyOf(name).name]: "Double" } };
}

/** The row of a point. NaN and infinities go as words, because JSON has no such numbers. */
export function pointRow(metric: string, [step, time, value]: Point): OutRow {
  return {
    step: Number(step),
    time: knownTime(time),
    data: { [metricKeyOf(metric).name]: scalarValue(value) },
  };
}

/** A time that the service can say; null for one that it cannot. */
export function knownTime(time: number): number | null {
  return time >= FIRST && time <= LAST ? time : null;
}

/** A part of a point. */
export type PointPart = "step" | "time" | "value";

const WHOLE: readonly PointPart[] = [];

/** What of a point the service cannot hold as it is: whole numbers beyond 2^53 and times outside its years. */
export function partsLost([step, time, value]: Point): readonly PointPart[] {
  const isKnown = knownTime(time) !== null;
  if (isKnown && isExact(step) && isExact(value)) return WHOLE;
  const parts: PointPart[] = [];
  if (!isExact(step)) parts.push("step");
  if (!isExact(value)) parts.push("value");
  if (!isKnown) parts.push("time");
  return parts;
}

/** One loss for all points of a metric that were changed. */
export function pointsLoss(metric: string, part: PointPart, first: Point): Loss {
  const reason = {
    step: "steps beyond 2^53 are rounded to what JSON numbers hold",
    value: "whole numbers beyond 2^53 are rounded to a double",
    time: "times outside the years 1 to 9999 are left to the service",
  }[part];
  return { field: `metrics.${metric}`, change: "rewritten", reason, original: [...first] };
}

function scalarValue(value: RecordNumber): number | string {
  if (typeof value === "number") return value;
  return isWord(value) ? value : Number(value);
}

function isWord(value: string): boolean {
  return value === "NaN" || value === "Infinity" || value === "-Infinity";
}

function isExact(value: RecordNumber): boolean {
  if (typeof value === "number" || isWord(value)) return true;
  return BigInt(value) === BigInt(Number(value));
}

/** A time as the service writes it, with the digits below the millisecond that a double still holds. */
export function timeText(time: number): string {
  const whole = Math.floor(time);
  const digits = Math.round((time - whole) * 1e4);
  const text = new Date(whole).toISOString();
  if (digits === 0 || digits === 1e4) return text;
  return `${text.slice(0, -1)}${String(digits).padStart(4, "0")}Z`;
}

/**
 * What makes two rows the same: step, time to the millisecond (when `withTime`), values. A row without a step is
 * like one of step 0, because readers take it so.
 */
export function rowKey(row: OutRow, withTime: boolean): string {
  const time = withTime && row.time !== null ? Math.trunc(row.time) : "";
  const names = Object.keys(row.data).sort();
  const [only] = names;
  // Scalars are many: their key is made without a walk.
  const data = names.length === 1 && only !== undefined
    ? `${only}=${keyText(row.data[only])}`
    : JSON.stringify(names.map((name) => [name, keyText(row.data[name])]));
  return `${row.step ?? 0}|${time}|${data}`;
}

function keyText(value: unknown): string {
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}
