import type { JsonValue } from "../../src/records/json.ts";

/** JSON with 64-bit integers: those beyond 2^53 are `bigint`. */
export type WireValue = JsonValue | bigint | undefined | readonly WireValue[] | {
  readonly [key: string]: WireValue;
};

const MARKED = /"@int64:(-?\d+)"/g;

/** Writes an answer; a `bigint` becomes a plain number with all its digits. */
export function jsonText(value: WireValue): string {
  let large = false;
  const text = JSON.stringify(value, (_key, item: unknown) => {
    if (typeof item !== "bigint") return item;
    large = true;
    return `@int64:${item}`;
  });
  return large ? text.replaceAll(MARKED, "$1") : text;
}

/** Reads a request: integers beyond 2^53 become text with their digits, bare `NaN` and `Infinity` become text. */
export function parseJsonText(text: string): JsonValue {
  const safe = text.replaceAll(
    /"(?:[^"\\]|\\.)*"|-?\b(?:NaN|Infinity)\b|(?<![\d.])-?\d{16,}(?![\d.eE])/g,
    (found) => found.startsWith('"') ? found : `"${found}"`,
  );
  return JSON.parse(safe);
}
