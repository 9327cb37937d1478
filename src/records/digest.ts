import { sha256 } from "@noble/hashes/sha2.js";
// @ts-types="./types/encoding.d.ts"
import { encodeHex } from "@std/encoding";
import { isJsonObject } from "./json.ts";
import type { UnitRecord } from "./unit.ts";

const encoder = new TextEncoder();

/**
 * JSON text with the keys of every object sorted and no white space, so that equal values have equal texts
 * whatever tool wrote the line. `undefined` fields are left out, as JSON does.
 */
export function canonicalJson(value: unknown): string {
  if (Array.isArray(value)) return listJson(value);
  if (!isJsonObject(value)) return JSON.stringify(value) ?? "null";
  const fields: string[] = [];
  for (const key of Object.keys(value).sort()) {
    const field = value[key];
    if (field !== undefined) fields.push(`${JSON.stringify(key)}:${canonicalJson(field)}`);
  }
  return `{${fields.join(",")}}`;
}

/** Lists without objects (all points of a metric) have no keys to sort: the platform writes them in one go. */
function listJson(list: readonly unknown[]): string {
  if (list.every(isFlat)) return JSON.stringify(list);
  return `[${list.map((entry) => canonicalJson(entry ?? null)).join(",")}]`;
}

function isFlat(value: unknown): boolean {
  if (typeof value !== "object" || value === null) return true;
  return Array.isArray(value) && value.every((entry) => typeof entry !== "object" || entry === null);
}

/** SHA-256 of bytes, or of a text in UTF-8, in lower-case hex. */
export function sha256Hex(content: string | Uint8Array): string {
  return encodeHex(sha256(typeof content === "string" ? encoder.encode(content) : content));
}

/**
 * What identifies the content of a unit: SHA-256 (hex) over the canonical JSON of its parsed values. Points that
 * follow in `points` records count by their number alone (`more_points`): they have a digest of their own. Without `withFiles` the digest is that
 * of the unit without its artifacts, so that a later run that does copy them has something to do. What has to be made
 * before it (`needs`) is no content: it names the version that came before in this stream, and a selection has others.
 */
export function unitDigest({ needs: _order, ...unit }: UnitRecord, withFiles: boolean): string {
  return sha256Hex(canonicalJson(withFiles ? unit : { ...unit, artifacts: null }));
}
