import { isJsonObject, type JsonObject } from "../../../../src/records/json.ts";

/** A copied public file below `tests/fixtures/azure-ml`, as an object. */
export function fixture(path: string): JsonObject {
  const url = new URL(`../../../fixtures/azure-ml/${path}`, import.meta.url);
  const value: unknown = JSON.parse(Deno.readTextFileSync(url));
  if (!isJsonObject(value)) throw new Error(`${path} holds no object`);
  return value;
}

/** The object below a path of keys. Throws when it is not there. */
export function inside(value: JsonObject, ...keys: string[]): JsonObject {
  return keys.reduce<JsonObject>((object, key) => {
    const next = object[key];
    if (!isJsonObject(next)) throw new Error(`no object ${key}`);
    return next;
  }, value);
}

/** The string-valued entries of an object below a key. */
export function textsOf(value: JsonObject, key: string): Record<string, string> {
  const entries = Object.entries(inside(value, key));
  return Object.fromEntries(
    entries.flatMap(([name, text]) => typeof text === "string" ? [[name, text] as const] : []),
  );
}

/** ARM `properties` without what a scenario says in its own fields. */
export function definitionOf(properties: JsonObject): JsonObject {
  const {
    description: _d,
    tags: _t,
    properties: _p,
    displayName: _n,
    status: _s,
    experimentName: _e,
    ...rest
  } = properties;
  const { services: _v, isArchived: _a, ...definition } = rest;
  return definition;
}

/** A time so many seconds after the sample's first morning, with the service's seven digits. */
export function at(seconds: number): string {
  return new Date(Date.UTC(2024, 2, 4, 9) + seconds * 1000).toISOString().replace("Z", "4567+00:00");
}

/** Start, end and creation of a run that began and lasted so many seconds. */
export function span(
  begin: number,
  length: number,
): { created_at: string; started_at: string; ended_at: string } {
  return { created_at: at(begin), started_at: at(begin + 4), ended_at: at(begin + 4 + length) };
}
