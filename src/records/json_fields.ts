import { isJsonObject, type JsonObject } from "./json.ts";

/** The string at a key; null for absent, null, empty and anything that is no string. */
export function textAt(object: JsonObject | null, key: string): string | null {
  const value = object?.[key];
  return typeof value === "string" && value !== "" ? value : null;
}

/** The object at a key, or null. */
export function objectAt(object: JsonObject | null, key: string): JsonObject | null {
  const value = object?.[key];
  return isJsonObject(value) ? value : null;
}

/** The objects of the array at a key; nulls and other things among them are left out. */
export function objectsAt(object: JsonObject | null, key: string): JsonObject[] {
  const value = object?.[key];
  return Array.isArray(value) ? value.filter(isJsonObject) : [];
}
