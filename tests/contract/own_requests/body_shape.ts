import { isJsonObject, type JsonValue } from "../../../src/records/json.ts";

/** Fields whose keys are names that somebody chose: they are one key, `*`, of a shape. */
const FREE = /(^|\.)(tags|parameters|requests|columns|value\[\]\.data)$|^properties$/;

/** Texts that are words of the service: a shape shows the word. */
const WORDS = /(^|\.)(uxMetricType|columns\.\*|orchestrator|traits\[\]|viewType)$/;

/** What names of events begin with. */
const EVENT = "Microsoft.MachineLearning.Run.";

/**
 * Which fields a body has and of which type, one text each: `paths[].path: string`. Names that somebody chose count as
 * `*`; words that the service defines are shown (`viewType: "All"`); a bare `NaN` of a recording is `NaN token`. Answers nothing for null (no body).
 */
export function bodyShape(body: JsonValue, path = ""): Set<string> {
  if (path === "" && body === null) return new Set();
  if (Array.isArray(body)) return union(path, "list", body.map((item) => bodyShape(item, `${path}[]`)));
  if (!isJsonObject(body)) return new Set([`${path}: ${typeOf(body, path)}`]);
  if (typeof body.$bare_json_token === "string") return new Set([`${path}: NaN token`]);
  const parts = Object.entries(body).map(([key, value]) => {
    const name = FREE.test(path) ? "*" : key;
    return bodyShape(value, path === "" ? name : `${path}.${name}`);
  });
  return union(path, "object", parts);
}

function typeOf(value: JsonValue, path: string): string {
  if (value === null) return "null";
  const isWord = typeof value === "string" && (WORDS.test(path) || value.startsWith(EVENT));
  return isWord ? JSON.stringify(value) : typeof value;
}

function union(path: string, type: string, parts: readonly Set<string>[]): Set<string> {
  const all = new Set<string>(path === "" ? [] : [`${path}: ${type}`]);
  for (const part of parts) for (const text of part) all.add(text);
  return all;
}
