import type { JsonValue } from "../records/json.ts";

/** An integer of 16 digits and more, or a number with an exponent of three digits: the only ones that lose their value. */
const MAY_LOSE = /(?:^|[:[,\s])-?(?:\d{16,}(?![\d.eE])|[\d.]+[eE]\+?\d{3,})/;

/** A whole string, or one of the bare words that some services write where JSON has no number. */
const STRING_OR_WORD = /"(?:[^"\\]|\\.)*"|-?\b(?:NaN|Infinity)\b/g;

const INTEGER = /^-?\d+$/;

/**
 * Parses JSON as the services write it: bare `NaN`, `Infinity` and `-Infinity` become strings of the same text, so do
 * integers beyond 2^53 (with their digits), and numbers too large for a double become `"Infinity"` or `"-Infinity"`.
 * Azure ML metrics: v1 clients write bare tokens, MLflow clients strings; a reader must take both.
 * Throws `SyntaxError` for what is no JSON even so.
 */
export function parseServiceJson(text: string): JsonValue {
  const parse = MAY_LOSE.test(text) ? parseKeepingDigits : JSON.parse;
  try {
    return parse(text);
  } catch (error) {
    const quoted = quoteBareWords(text);
    if (!(error instanceof SyntaxError) || quoted === text) throw error;
    return parse(quoted);
  }
}

function quoteBareWords(text: string): string {
  return text.replaceAll(STRING_OR_WORD, (found) => found.startsWith('"') ? found : `"${found}"`);
}

/** Six times slower than plain parsing, so used only when a scan says that it may be needed. */
function parseKeepingDigits(text: string): JsonValue {
  // TypeScript's library does not know the third argument of a reviver yet.
  const reviver = (_key: string, value: unknown, context?: { source?: string }): unknown => {
    if (typeof value !== "number" || Number.isSafeInteger(value)) return value;
    if (!Number.isFinite(value)) return value > 0 ? "Infinity" : "-Infinity";
    const source = context?.source;
    return source !== undefined && INTEGER.test(source) ? source : value;
  };
  return JSON.parse(text, reviver);
}
