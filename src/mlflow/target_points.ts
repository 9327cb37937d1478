import type { JsonObject, JsonValue } from "../records/json.ts";
import type { Loss } from "../records/loss.ts";
import type { Point, RecordNumber } from "../records/point.ts";

/** What of a point MLflow does not hold as it was. */
type Change = "infinite" | "value" | "step" | "time" | "twice";

const REASONS: Readonly<Record<Change, string>> = {
  infinite: "MLflow's SQL stores keep infinities as ±1.7976931348623157e308",
  value: "whole numbers beyond 2^53 are rounded to a double",
  step: "MLflow keeps whole steps of 64 bits",
  time: "MLflow keeps whole milliseconds from 1970 on",
  twice: "MLflow keeps a point that is logged twice once",
};

const MAX_STEP = 2n ** 63n - 1n;
const MIN_STEP = -(2n ** 63n);
const DIGITS = /^-?\d+$/;

/** Points on their way into an MLflow run, and what of them cannot be kept: told once a metric. */
export class OutPoints {
  readonly #losses = new Map<string, Loss>();
  readonly #last = new Map<string, string>();

  /** A point as `log-batch` takes it, beside its `key`. Numbers that JSON has not got go as words. */
  entry(metric: string, point: Point): JsonObject {
    const [step, time, value] = point;
    const out = { value: this.#value(metric, value, point), ...this.#place(metric, step, time, point) };
    this.#noteTwice(metric, point);
    return out;
  }

  /** What changed so far. */
  losses(): readonly Loss[] {
    return [...this.#losses.values()];
  }

  #value(metric: string, value: RecordNumber, point: Point): JsonValue {
    if (typeof value === "number") return value;
    if (value === "Infinity" || value === "-Infinity") this.#note(metric, "infinite", point);
    if (!DIGITS.test(value)) return value;
    const number = Number(value);
    if (BigInt(value) !== BigInt(number)) this.#note(metric, "value", point);
    return number;
  }

  #place(metric: string, step: RecordNumber, time: number, point: Point): JsonObject {
    const whole = wholeStep(step);
    const timestamp = Math.max(0, Math.trunc(time));
    if (whole.isChanged) this.#note(metric, "step", point);
    if (timestamp !== time) this.#note(metric, "time", point);
    return { timestamp, step: whole.step };
  }

  /** Services that count a point that was sent again give it twice, one behind the other. */
  #noteTwice(metric: string, point: Point): void {
    const text = point.join(" ");
    if (this.#last.get(metric) === text) this.#note(metric, "twice", point);
    this.#last.set(metric, text);
  }

  #note(metric: string, change: Change, point: Point): void {
    const key = `${change} ${metric}`;
    if (this.#losses.has(key)) return;
    const field = `metrics.${metric}`;
    const how = change === "twice" ? "dropped" : "rewritten";
    this.#losses.set(key, { field, change: how, reason: REASONS[change], original: [...point] });
  }
}

/** Servers make 0 of a step that is no int64, without a word. */
function wholeStep(step: RecordNumber): { readonly step: JsonValue; readonly isChanged: boolean } {
  if (typeof step === "number" && Number.isSafeInteger(step)) return { step, isChanged: false };
  const exact = typeof step === "string" && DIGITS.test(step);
  const number = exact ? BigInt(step) : Number.isFinite(Number(step)) ? BigInt(Math.trunc(Number(step))) : 0n;
  const kept = number > MAX_STEP ? MAX_STEP : number < MIN_STEP ? MIN_STEP : number;
  const isChanged = exact ? kept !== number : String(kept) !== String(step);
  return { step: rawNumber(kept), isChanged };
}

/** A whole number that JSON text shall hold with all its digits. */
function rawNumber(number: bigint): JsonValue {
  if (BigInt(Number(number)) === number && Number.isSafeInteger(Number(number))) return Number(number);
  // TypeScript's library does not know `JSON.rawJSON` yet (ECMAScript, "JSON.parse source text access").
  return (JSON as typeof JSON & { rawJSON(text: string): JsonObject }).rawJSON(String(number));
}
