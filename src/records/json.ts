import * as z from "zod";

/** Any JSON value. */
export type JsonValue = string | number | boolean | null | JsonValue[] | JsonObject;

/** A JSON object with any keys. */
export interface JsonObject {
  [key: string]: JsonValue;
}

/** Whether a value is a JSON object (not an array, not null). */
export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Any JSON, taken as it is: what came out of a JSON parser needs no second walk. */
export const jsonSchema = z.custom<JsonValue>();
