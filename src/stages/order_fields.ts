import type { JobRecord } from "../records/job.ts";

/** The fields of a job in the order in which they are written. */
const ORDER = [
  "kind",
  "v",
  "id",
  "source",
  "type",
  "role",
  "parent",
  "root",
  "depth",
  "experiment",
  "display_name",
  "description",
  "archived",
  "created_by",
  "status",
  "created_at",
  "started_at",
  "ended_at",
  "tags",
  "properties",
  "params",
  "metrics",
  "more_points",
  "tables",
  "inputs",
  "outputs",
  "datasets",
  "definition",
  "run",
  "artifacts",
  "incomplete",
  "reduced",
  "redacted",
] as const satisfies readonly (keyof JobRecord)[];

const KNOWN: ReadonlySet<string> = new Set(ORDER);

/** The same job with its fields in the order of the protocol, and those that it does not name behind them. */
export function orderFields(job: JobRecord): JobRecord {
  const entries: [string, unknown][] = [];
  for (const field of ORDER) if (job[field] !== undefined) entries.push([field, job[field]]);
  for (const entry of Object.entries(job)) if (!KNOWN.has(entry[0])) entries.push(entry);
  // The very fields of a JobRecord, in another order.
  return Object.fromEntries(entries) as JobRecord;
}
