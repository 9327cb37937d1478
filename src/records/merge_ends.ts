import type { Counts, EndRecord } from "./end.ts";
import { isRecord } from "./item.ts";

/** How many `end`s of earlier stages an `end` names one by one; a joined archive of many parts is summed up. */
export const ENDS_LISTED = 64;

/** The `stage` of a sum over `end`s of stages of different names. */
export const SEVERAL_STAGES = "several";

const NUMBERS = ["dropped", "failed", "incomplete", "bad_lines", "calls", "files", "bytes"] as const;

/**
 * Takes an `end` that came in apart into itself and the `end`s that it names, oldest first; none of them nests any
 * more. What is no `end` in its `upstream` is left out.
 */
export function flattenEnd(end: EndRecord): EndRecord[] {
  const flat: EndRecord[] = [];
  const open: EndRecord[] = [end];
  // Without recursion: the nesting comes from a file that anybody may have written.
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    flat.push({ ...next, upstream: [] });
    for (const inner of next.upstream) {
      if (isRecord(inner) && inner.kind === "end") open.push(tolerantEnd(inner));
    }
  }
  return flat.reverse();
}

/** Sums `end`s up by stage when there are more than {@linkcode ENDS_LISTED}, so that the list stays bounded. */
export function boundEnds(ends: readonly EndRecord[]): EndRecord[] {
  if (ends.length <= ENDS_LISTED) return [...ends];
  const byStage = new Map<string, EndRecord>();
  for (const end of ends) {
    const stage = byStage.has(end.stage) || byStage.size < ENDS_LISTED - 1 ? end.stage : SEVERAL_STAGES;
    const sum = byStage.get(stage);
    byStage.set(stage, sum === undefined ? { ...end, stage } : addEnds(sum, end));
  }
  return [...byStage.values()];
}

function addEnds(a: EndRecord, b: EndRecord): EndRecord {
  const counts: Counts = { ...a.counts, in: { ...a.counts.in }, out: { ...a.counts.out } };
  for (const field of NUMBERS) counts[field] += b.counts[field];
  for (const side of ["in", "out"] as const) {
    for (const [kind, n] of Object.entries(b.counts[side])) {
      counts[side][kind] = (counts[side][kind] ?? 0) + n;
    }
  }
  return { ...a, complete: a.complete && b.complete, counts };
}

/** Counts of a stage that nothing went through. */
export function noCounts(): Counts {
  return {
    in: {},
    out: {},
    dropped: 0,
    failed: 0,
    incomplete: 0,
    bad_lines: 0,
    calls: 0,
    files: 0,
    bytes: 0,
  };
}

/** Reads an `end` of unsure shape: what is not there as it should be counts as none, and as not complete. */
export function tolerantEnd(record: Readonly<Record<string, unknown>>): EndRecord {
  const given = asFields(record["counts"]);
  const counts = noCounts();
  for (const field of NUMBERS) counts[field] = asCount(given[field]);
  for (const side of ["in", "out"] as const) {
    for (const [kind, n] of Object.entries(asFields(given[side]))) counts[side][kind] = asCount(n);
  }
  const upstream = record["upstream"];
  return {
    kind: "end",
    v: 1,
    stage: typeof record["stage"] === "string" ? record["stage"] : "unknown",
    complete: record["complete"] === true,
    counts,
    upstream: Array.isArray(upstream) ? upstream.filter((end) => isRecord(end)) : [],
  };
}

function asFields(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null ? { ...value } : {};
}

function asCount(value: unknown): number {
  return typeof value === "number" && Number.isFinite(value) ? value : 0;
}
