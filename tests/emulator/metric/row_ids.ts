import { guidFrom } from "../state/guid.ts";
import type { MetricSeries, Run } from "../state.ts";

const GUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** Ids that clients gave to rows: sixteen bytes a row, texts that are no guid beside them. */
class RowIds {
  #bytes = new Uint8Array(16 * 16);
  readonly #texts = new Map<number, string>();

  set(index: number, id: string): void {
    if (!GUID.test(id)) {
      this.#texts.set(index, id);
      return;
    }
    if ((index + 1) * 16 > this.#bytes.length) {
      const wider = new Uint8Array(Math.max(this.#bytes.length * 2, (index + 1) * 16));
      wider.set(this.#bytes);
      this.#bytes = wider;
    }
    const hex = id.replaceAll("-", "");
    for (let byte = 0; byte < 16; byte++) {
      this.#bytes[index * 16 + byte] = parseInt(hex.slice(byte * 2, byte * 2 + 2), 16);
    }
  }

  get(index: number): string | null {
    const bytes = this.#bytes.subarray(index * 16, index * 16 + 16);
    if (bytes.every((byte) => byte === 0)) return this.#texts.get(index) ?? null;
    const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
    return [[0, 8], [8, 12], [12, 16], [16, 20], [20, 32]].map(([from, to]) => hex.slice(from, to)).join("-");
  }
}

const held = new WeakMap<MetricSeries, RowIds>();

/** Keeps the `metricId` that a client sent with a row. */
export function keepRowId(series: MetricSeries, index: number, id: string): void {
  const ids = held.get(series) ?? new RowIds();
  held.set(series, ids);
  ids.set(index, id);
}

/** The id of a row: the client's, else one of the service's making, always the same. */
export function rowId(run: Run, series: MetricSeries, index: number): string {
  return held.get(series)?.get(index) ?? guidFrom(`${run.runId}/${series.name}/${index}`);
}
