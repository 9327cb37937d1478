import { wellFormed } from "./well_formed.ts";

/** From here on `String` of a whole number has an exponent, so that it reads as no integer any more. */
const EXPONENT_FROM = 1e21;

/**
 * Whether JSON would not carry a value as the protocol wants it: somewhere in it are non-finite numbers, whole numbers
 * beyond 2^53 or bigints. (Lone surrogates show in the text that `JSON.stringify` makes.)
 */
export function needsRewriting(value: unknown): boolean {
  if (typeof value === "string") return false;
  if (typeof value === "number") return !isPlain(value);
  if (typeof value === "bigint") return true;
  if (typeof value !== "object" || value === null) return false;
  // What is neither null nor a list has fields by name: all that JSON knows, and all that is in records.
  return Array.isArray(value) ? anyInList(value) : anyInFields(value as Readonly<Record<string, unknown>>);
}

function anyInList(list: readonly unknown[]): boolean {
  for (let i = 0; i < list.length; i++) {
    const one = list[i];
    // Asked here as well: most of what a stream holds are points, and a call for each number is half the time.
    if (typeof one === "number" ? !isPlain(one) : needsRewriting(one)) return true;
  }
  return false;
}

function anyInFields(fields: Readonly<Record<string, unknown>>): boolean {
  // `in` makes no list of the values, as `Object.values` does.
  for (const key in fields) {
    const one = fields[key];
    if (typeof one !== "string" && needsRewriting(one)) return true;
  }
  return false;
}

/**
 * A copy as the protocol wants it: non-finite numbers and whole numbers beyond 2^53 as strings, lone surrogates in
 * texts and names as U+FFFD.
 */
export function protocolValue(value: unknown): unknown {
  if (typeof value === "number") return isPlain(value) ? value : String(value);
  if (typeof value === "bigint") return String(value);
  if (typeof value === "string") return wellFormed(value);
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return value.map(protocolValue);
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [wellFormed(key), protocolValue(one)]));
}

function isPlain(value: number): boolean {
  if (value >= Number.MIN_SAFE_INTEGER && value <= Number.MAX_SAFE_INTEGER) return true;
  return Math.abs(value) >= EXPONENT_FROM && Number.isFinite(value);
}
