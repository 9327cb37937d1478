import { isJsonObject, type JsonObject, type JsonValue } from "../records/json.ts";
import { objectAt } from "../records/json_fields.ts";

export { objectAt, objectsAt, textAt } from "../records/json_fields.ts";

/** The boolean at a key; null when it is not there. Takes the words `"true"` and `"False"` too. */
export function flagAt(object: JsonObject | null, key: string): boolean | null {
  const value = object?.[key];
  if (typeof value === "boolean") return value;
  return typeof value === "string" ? value.toLowerCase() === "true" : null;
}

/**
 * A property bag as a map of strings, null when the service has none. Bags hold strings by contract (Azure ML run
 * history: a number that is sent comes back as text); whatever else turns up is written as JSON, null as "".
 */
export function stringsAt(object: JsonObject | null, key: string): Record<string, string> | null {
  const bag = objectAt(object, key);
  if (bag === null) return null;
  return Object.fromEntries(Object.entries(bag).map(([name, value]) => [name, asText(value)]));
}

function asText(value: JsonValue): string {
  if (typeof value === "string") return value;
  return value === null ? "" : JSON.stringify(value);
}

/** The value at a key if it holds anything: null for absent, null, `{}` and `[]`. */
export function filledAt(object: JsonObject | null, key: string): JsonValue {
  const value = object?.[key] ?? null;
  if (Array.isArray(value)) return value.length > 0 ? value : null;
  return isJsonObject(value) && Object.keys(value).length === 0 ? null : value;
}
