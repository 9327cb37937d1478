import type { JsonObject, JsonValue } from "../records/json.ts";
import type { Point, RecordNumber } from "../records/point.ts";
import { integerAt, textAt } from "./json_fields.ts";

/** What a point may carry beyond step, time and value (MLflow 3): the dataset and the model that it was measured with. */
const CONTEXT = ["dataset_name", "dataset_digest", "model_id"] as const;

const WORDS = /^(?:NaN|-?Infinity|-?\d+)$/;

/**
 * A logged value as a point. MLflow writes NaN as the string `"NaN"` (single histories) or as a bare word (bulk), and
 * steps as integers of any size. What is missing is 0, as in MLflow's messages.
 */
export function pointOf(metric: JsonObject): Point {
  return [numberOf(metric["step"]), integerAt(metric, "timestamp") ?? 0, numberOf(metric["value"])];
}

/** What a point carries beyond its numbers; null when it is nothing. */
export function contextOf(metric: JsonObject): JsonObject | null {
  const facts = CONTEXT.flatMap((key): [string, string][] => {
    const text = textAt(metric, key);
    return text === null ? [] : [[key, text]];
  });
  return facts.length === 0 ? null : Object.fromEntries(facts);
}

function numberOf(value: JsonValue | undefined): RecordNumber {
  if (typeof value === "number") return value;
  if (typeof value !== "string") return 0;
  const text = value.replace(/^\+/, "");
  if (/^-?\d+$/.test(text) && Number.isSafeInteger(Number(text))) return Number(text);
  if (WORDS.test(text)) return text;
  const number = Number(text);
  return Number.isNaN(number) ? "NaN" : number;
}
