/** A whole number of 16 digits and more (not the digits of a fraction). It may still lie inside a string. */
const LONG_INTEGER = /[:,[\s]-?\d{16,}(?![\d.eE])/;

const WHOLE = /^-?\d+$/;

/**
 * Parses one line of JSON. A whole number that a double cannot hold becomes a string of its digits, as the protocol
 * has it, so that it survives when the record is changed and written again. That takes a reviver, six times as slow
 * as a plain parse, and so happens only on lines that may hold such a number.
 * Throws `SyntaxError` when it is not JSON, `RangeError` when it nests too deep.
 */
export function parseLine(line: string): unknown {
  if (LONG_INTEGER.test(line)) return JSON.parse(line, keepDigits);
  return JSON.parse(line);
}

function keepDigits(_key: string, value: unknown, context?: { readonly source?: string }): unknown {
  if (typeof value !== "number" || Number.isSafeInteger(value)) return value;
  const source = context?.source;
  return source !== undefined && WHOLE.test(source) ? source : value;
}
