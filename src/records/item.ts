import type { JsonObject } from "./json.ts";

/** Any record: what every line has for certain. `v` may be missing in kinds that azml does not know. */
export interface AnyRecord {
  readonly kind: string;
  readonly v?: number;
  readonly [field: string]: unknown;
}

/**
 * One line of a stream between stages: the parsed record and, while nothing changed it, the very text it came as
 * (so that an untouched line is written as it came).
 */
export interface Item {
  readonly record: AnyRecord;
  /** The line without its newline; absent when the record was made or changed here. */
  readonly raw?: string;
  /** 1-based line of the input. */
  readonly line?: number;
  /** Set by the reader on the `error` record that it makes of a line that is no record. */
  readonly bad?: true;
}

/** What flows between stages: items in batches, because a promise per record costs more than the record. */
export type Stream = AsyncIterable<readonly Item[]>;

/** Whether a parsed value has the envelope of a record: an object with a string `kind`. */
export function isRecord(value: unknown): value is AnyRecord & JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value) &&
    "kind" in value && typeof value.kind === "string";
}
