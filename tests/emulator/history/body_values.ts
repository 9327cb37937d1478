import { isJsonObject, type JsonObject, type JsonValue } from "../../../src/records/json.ts";
import { badRequest } from "../errors.ts";

/** A string of a body: numbers and booleans become text as the service makes them; null for null and absent. */
export function textValue(value: JsonValue | undefined): string | null {
  if (value === undefined || value === null) return null;
  if (typeof value === "boolean") return value ? "True" : "False";
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}

/** A map of strings of a body (`properties`, `tags`): `{"test": 42}` comes back as `"42"`, as recorded. */
export function textMap(value: JsonValue | undefined): Record<string, string> {
  if (!isJsonObject(value)) return {};
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, textValue(item) ?? ""]));
}

/** The object under a key, or null. */
export function objectValue(value: JsonValue | undefined): JsonObject | null {
  return isJsonObject(value) ? value : null;
}

/** The list under a key; empty when there is none. */
export function listValue(value: JsonValue | undefined): readonly JsonValue[] {
  return Array.isArray(value) ? value : [];
}

/** The texts of a list, the rest left out. */
export function textList(value: JsonValue | undefined): readonly string[] {
  return listValue(value).filter((item) => typeof item === "string");
}

/** A number of a body or of a query, or null. */
export function numberValue(value: JsonValue | undefined): number | null {
  if (value === undefined || value === null || value === "") return null;
  const number = Number(value);
  return Number.isFinite(number) ? number : null;
}

/** A member by name whatever its case: bodies say `orderby` as well as `orderBy`. */
export function member(body: JsonObject, name: string): JsonValue | undefined {
  const lower = name.toLowerCase();
  const key = Object.keys(body).find((candidate) => candidate.toLowerCase() === lower);
  return key === undefined ? undefined : body[key];
}

const TIME = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.(\d+))?(Z|[+-]\d\d:\d\d)?$/i;

/**
 * A time as the service writes it: UTC, `+00:00`, up to seven fractional digits without trailing zeros (recorded:
 * `2024-08-15T20:24:20.587+00:00`). Null stays null. Throws `ServiceError` 400 for text that is no time.
 */
export function timeValue(value: JsonValue | undefined): string | null {
  const text = textValue(value);
  if (text === null) return null;
  const match = TIME.exec(text);
  const millis = match === null ? NaN : Date.parse(`${match[1]}${match[3] ?? "Z"}`);
  if (Number.isNaN(millis)) throw badRequest(`The value '${text}' is not a valid date and time.`);
  const digits = (match?.[2] ?? "").slice(0, 7).replace(/0+$/, "");
  return `${new Date(millis).toISOString().slice(0, 19)}${digits === "" ? "" : `.${digits}`}+00:00`;
}
