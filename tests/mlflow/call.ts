import { isJsonObject, type JsonObject, type JsonValue } from "../../src/records/json.ts";
import type { WireValue } from "./json_text.ts";
import { invalid } from "./mlflow_error.ts";
import type { Store } from "./state/store.ts";

/** What the double is at the moment: the same for all requests. */
export interface Server {
  readonly version: string;
  /** Whether the server passes artifacts on. */
  readonly proxies: boolean;
  readonly hasWorkspaces: boolean;
  /** Stores by name of their workspace; `default` is always there. */
  readonly stores: Map<string, Store>;
  /** Makes a workspace. */
  addStore(name: string): Store;
  /** Milliseconds; never the same twice. */
  now(): number;
}

/** A request as a handler sees it. */
export interface Call {
  readonly server: Server;
  readonly store: Store;
  /** The JSON body, or the query where there is none. */
  readonly input: JsonObject;
  readonly query: URLSearchParams;
  /** What stands in the place of `{name}` of the route, unescaped once. */
  readonly vars: Readonly<Record<string, string>>;
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly headers: Headers;
}

/** What a handler answers: JSON, or anything else. */
export type Reply = { readonly json: WireValue; readonly status?: number } | Response;

/** A row of the table of calls. */
export interface CallRow {
  /** Name in the log and for fault rules: `runs.search`. */
  readonly name: string;
  readonly method: string;
  /** Below `/api/2.0/mlflow/` and `/ajax-api/2.0/mlflow/`, or from the root when it starts with `/`. `{+x}` takes slashes. */
  readonly path: string;
  readonly effect: "read" | "write";
  /** The first version that has it. */
  readonly since?: string;
  readonly handler: (call: Call) => Reply;
}

/** The answer of a call that has nothing to say. */
export const NOTHING: Reply = { json: {} };

/** A field that must be there and not empty. */
export function required(input: JsonObject, name: string, shown = name): string {
  const value = text(input[name]);
  if (value !== "") return value;
  throw invalid(
    `Missing value for required parameter '${shown}'. See the API docs for more information about request parameters.`,
  );
}

/** A field as text; empty when it is not there. */
export function text(value: JsonValue | undefined): string {
  return value === undefined || value === null ? "" : String(value);
}

/** A list of objects; what is none is left out. */
export function objects(value: JsonValue | undefined): readonly JsonObject[] {
  return Array.isArray(value) ? value.filter(isJsonObject) : [];
}

/** A list of texts; one text alone is a list, too. */
export function texts(value: JsonValue | undefined): readonly string[] {
  return value === undefined || value === null ? [] : [value].flat().map(text);
}

/** Key and value pairs as MLflow writes them; undefined when there are none, so that the field is left out. */
export function pairs(map: ReadonlyMap<string, string>): { key: string; value: string }[] | undefined {
  return map.size === 0 ? undefined : [...map].map(([key, value]) => ({ key, value }));
}

/** Lists that are empty are left out of answers. */
export function filled<T>(list: readonly T[]): readonly T[] | undefined {
  return list.length === 0 ? undefined : list;
}
