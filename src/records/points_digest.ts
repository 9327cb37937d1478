import { sha256 } from "@noble/hashes/sha2.js";
// @ts-types="./types/encoding.d.ts"
import { encodeHex } from "@std/encoding";
import { canonicalJson, sha256Hex } from "./digest.ts";
import type { PointsRecord } from "./points.ts";

const encoder = new TextEncoder();
const SEPARATOR = ":";

/**
 * A running hash over the points that follow a unit: each metric's in their order, however they are cut into records
 * and whichever metric comes first.
 */
export class PointsDigest {
  readonly #metrics = new Map<string, ReturnType<typeof sha256.create>>();

  /** Takes the points of a record in. */
  add({ metric, points }: Pick<PointsRecord, "metric" | "points">): void {
    if (points.length === 0) return;
    const hash = this.#metrics.get(metric) ?? sha256.create();
    this.#metrics.set(metric, hash);
    hash.update(encoder.encode(`${JSON.stringify(points).slice(1, -1)},`));
  }

  /** The digest to leave behind with a unit: that of its line, and that of the points when some followed. */
  behind(line: string): string {
    if (this.#metrics.size === 0) return line;
    const all = [...this.#metrics].map(([metric, hash]) => [metric, encodeHex(hash.clone().digest())]);
    return `${line}${SEPARATOR}${sha256Hex(canonicalJson(Object.fromEntries(all)))}`;
  }
}

/** Whether a digest that was left behind is that of a unit of this line and some points. */
export function isOfLine(digest: string | null, line: string): boolean {
  return digest?.includes(line + SEPARATOR) === true;
}
