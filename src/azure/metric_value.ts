import type { JsonValue } from "../records/json.ts";
import type { RecordNumber } from "../records/point.ts";

/** What clients of Azure ML have been seen to write for numbers that JSON has not got, in lower case. */
const WORDS: Readonly<Record<string, string>> = {
  nan: "NaN",
  infinity: "Infinity",
  inf: "Infinity",
  "+infinity": "Infinity",
  "+inf": "Infinity",
  "-infinity": "-Infinity",
  "-inf": "-Infinity",
};

const INTEGER = /^-?\d+$/;
const NUMBER = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;

/**
 * A number of the metric service as records carry it; null when the value is none. Takes numbers, the words for NaN
 * and the infinities (bare tokens reach us as words or as numbers), and numbers as text (string int64).
 */
export function metricNumber(value: JsonValue | undefined): RecordNumber | null {
  if (typeof value === "number") return Number.isFinite(value) ? value : `${value}`;
  if (typeof value !== "string") return null;
  const word = WORDS[value.toLowerCase()];
  if (word !== undefined) return word;
  if (!NUMBER.test(value)) return null;
  const number = Number(value);
  return INTEGER.test(value) && !Number.isSafeInteger(number) ? value : number;
}
