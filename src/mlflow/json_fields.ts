import type { JsonObject, JsonValue } from "../records/json.ts";
import { objectsAt } from "../records/json_fields.ts";

export { objectAt, objectsAt, textAt } from "../records/json_fields.ts";

/** A list that holds anything, as given; null where it is absent or empty. */
export function filledAt(object: JsonObject | null, key: string): JsonValue {
  const value = object?.[key] ?? null;
  return Array.isArray(value) && value.length === 0 ? null : value;
}

/** The whole number at a key, also when the answer wrote it as text (some gateways do so with int64); else null. */
export function integerAt(object: JsonObject | null, key: string): number | null {
  const value = object?.[key];
  if (typeof value === "number") return value;
  return typeof value === "string" && /^-?\d+$/.test(value) ? Number(value) : null;
}

/** A list of `{key, value}` as a map of strings. */
export function pairsAt(object: JsonObject | null, key: string): Record<string, string> {
  return Object.fromEntries(
    objectsAt(object, key).map((pair): [string, string] => [asText(pair["key"]), asText(pair["value"])]),
  );
}

function asText(value: JsonValue | undefined): string {
  if (typeof value === "string") return value;
  return value === null || value === undefined ? "" : JSON.stringify(value);
}
