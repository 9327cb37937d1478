import type { Counts, EndRecord } from "./end.ts";
import { flattenEnd } from "./merge_ends.ts";

/**
 * Whether a stage and all before it did everything: exit code 0, else 3. Nothing failed, nothing was or came in
 * incomplete, no bad line, no `error` of an earlier stage, and no stage was interrupted.
 */
export function endIsClean(end: EndRecord): boolean {
  return flattenEnd(end).every((one) => one.complete && countsAreClean(one.counts));
}

function countsAreClean(counts: Counts): boolean {
  const errors = counts.in["error"] ?? 0;
  return counts.failed === 0 && counts.incomplete === 0 && counts.bad_lines === 0 && errors === 0;
}
