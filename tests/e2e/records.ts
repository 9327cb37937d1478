import type { Line } from "./lab.ts";

/** The source that the records of {@linkcode job} come from. */
export const SOURCE = "azureml://subscriptions/s/resourceGroups/g/workspaces/w";
/** The end of a stream that came whole. */
export const END = { kind: "end", v: 1, stage: "extract", complete: true, counts: countsOf(), upstream: [] };

function countsOf() {
  const none = { dropped: 0, failed: 0, incomplete: 0, bad_lines: 0, calls: 0, files: 0, bytes: 0 };
  return { in: {}, out: {}, ...none };
}

/** A record of a finished command job, with other fields where they are given (`undefined` takes one away). */
export function job(id: string, fields: Line = {}): Line {
  const times = { created_at: "2024-01-01T00:00:00Z", started_at: "2024-01-01T00:00:01Z" };
  const facts = { type: "command", experiment: "e", status: "Completed", ended_at: "2024-01-01T00:01:00Z" };
  const own = {
    parent: null,
    root: id,
    depth: 0,
    params: { p: "1" },
    metrics: { m: [[0, 1704067201000, 0.5]] },
  };
  return { kind: "job", v: 1, id, source: SOURCE, ...facts, ...times, ...own, ...fields };
}
