import type { JsonObject, JsonValue } from "../../../src/records/json.ts";
import type { Bindings } from "./bindings.ts";

/** A body as it goes on the wire; null when there is none. */
export type WireBody = string | Uint8Array<ArrayBuffer> | null;

const BARE = "\u0001bare ";

/** The JSON text of a recorded body: placeholders filled, cut lists filled up, bare `NaN` tokens bare again. */
export function jsonBody(body: JsonValue, bindings: Bindings): string {
  return JSON.stringify(filled(body, bindings)).replaceAll(/"\\u0001bare (-?\w+)"/g, "$1");
}

function filled(value: JsonValue, bindings: Bindings): JsonValue {
  if (typeof value === "string") return bindings.fillValue(value);
  if (Array.isArray(value)) return expanded(value).map((item) => filled(item, bindings));
  if (typeof value !== "object" || value === null) return value;
  const token = value.$bare_json_token;
  if (typeof token === "string") return `${BARE}${token}`;
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [bindings.fill(key), filled(item, bindings)]),
  );
}

/** `["a", "b", "... 50 paths in all"]` is a list of 50: the rest is made after the last item that stands there. */
function expanded(list: readonly JsonValue[]): readonly JsonValue[] {
  const count = /^\.\.\. (\d+) \w+ in all$/.exec(String(list.at(-1)))?.[1];
  if (count === undefined) return list;
  const items = list.slice(0, -1);
  const last = items.at(-1);
  for (let index = items.length; index < Number(count); index++) items.push(another(last, index));
  return items;
}

const METRIC_NAMES = 8;

function another(item: JsonValue | undefined, index: number): JsonObject {
  if (typeof item !== "object" || item === null || Array.isArray(item)) {
    throw new Error("a list of objects was cut");
  }
  if (typeof item.path === "string") return { ...item, path: `${item.path}.${index}` };
  if (typeof item.step === "number") {
    return { ...item, key: `m${index % METRIC_NAMES}`, step: item.step + index };
  }
  return { ...item, key: `${item.key}_${index}` };
}

/** The bytes of a recorded blob body: text as it is, `<18216 bytes>` as so many bytes. */
export function blobBody(body: JsonValue, bindings: Bindings): Uint8Array<ArrayBuffer> {
  const text = typeof body === "string" ? body : "";
  const size = /^<(\d+) bytes>$/.exec(text)?.[1];
  if (size !== undefined) return new Uint8Array(Number(size)).fill(46);
  return new TextEncoder().encode(bindings.fill(text));
}

/** A block list that commits these blocks, in order. */
export function blockList(blockIds: readonly string[]): Uint8Array<ArrayBuffer> {
  const blocks = blockIds.map((id) => `<Latest>${id}</Latest>`).join("");
  return new TextEncoder().encode(`<?xml version="1.0" encoding="utf-8"?><BlockList>${blocks}</BlockList>`);
}
