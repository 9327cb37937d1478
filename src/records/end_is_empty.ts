import type { EndRecord } from "./end.ts";

/**
 * Whether no line of the input was an azml record, or nothing came in at all: exit code 7 of a stage that reads
 * records. A stream that holds nothing but an `end` is that of an empty source, and not empty in this sense.
 */
export function endIsEmpty(end: EndRecord): boolean {
  return end.upstream.length === 0 && Object.values(end.counts.in).every((n) => n === 0);
}
