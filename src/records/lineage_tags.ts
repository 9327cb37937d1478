import type { JobRecord } from "./job.ts";

/** Tag that names the source (its id) of a run that azml made. */
export const SOURCE_TAG = "azml_source";

/** Tag that holds the target name, in a target that gives its own ids. */
export const NAME_TAG = "azml_name";

/** Tag that holds the source id of an object beside the jobs. */
export const ID_TAG = "azml_id";

/** Tag that holds the digest of the unit that was last finished here; written last, by the target. */
export const DIGEST_TAG = "azml_digest";

/** Tag that holds the id of the job in the source. */
export const ORIGIN_TAG = "original_job_id";

/** Tag that holds the source id of the parent, also where the parent itself did not come along. */
export const PARENT_TAG = "original_parent_job_id";

/** Stands in {@linkcode SOURCE_TAG} for records that do not say where they come from. */
const UNKNOWN_SOURCE = "unknown";

/** The text of {@linkcode SOURCE_TAG} for a record's `source`. */
export function sourceTag(source: string | null | undefined): string {
  return source ?? UNKNOWN_SOURCE;
}

const OF_JOB: readonly (readonly [string, (job: JobRecord) => string | number | null | undefined])[] = [
  [ORIGIN_TAG, (job) => job.id],
  [SOURCE_TAG, (job) => sourceTag(job.source)],
  [PARENT_TAG, (job) => job.parent],
  ["original_parent_pipeline_id", (job) => job.type === "pipeline" ? job.parent : null],
  ["original_pipeline_depth", (job) => job.type === "pipeline" ? job.depth : null],
  ["original_status", (job) => job.status],
  ["original_started_at", (job) => job.started_at],
  ["original_ended_at", (job) => job.ended_at],
  ["original_created_at", (job) => job.created_at],
  ["original_created_by", (job) => job.created_by],
  ["original_experiment", (job) => job.experiment],
];

const RESERVED: ReadonlySet<string> = new Set([...OF_JOB.map(([name]) => name), DIGEST_TAG, NAME_TAG]);

/**
 * Whether azml keeps a tag name for itself. A source tag of such a name (the source was itself migrated once) is
 * moved aside, whether or not this run sets the tag: what stands there must speak of this migration.
 */
export function isReservedTag(name: string): boolean {
  return RESERVED.has(name);
}

/** The tags that say where a run comes from and what the target cannot hold in fields of its own; nulls are absent. */
export function lineageTags(job: JobRecord): Record<string, string> {
  const tags: Record<string, string> = {};
  for (const [name, read] of OF_JOB) {
    const value = read(job);
    if (value !== null && value !== undefined && value !== "") tags[name] = String(value);
  }
  return tags;
}

/** Tags of objects beside the jobs that a server keeps by itself, and that name things of one server alone. */
const SERVERS_OWN: ReadonlySet<string> = new Set(["mlflow.modelVersions"]);

/** Whether a tag of an object beside the jobs is written by the server itself, and so never carried. */
export function isServersTag(name: string): boolean {
  return SERVERS_OWN.has(name);
}

/** Whether a tag name of an object beside the jobs is kept by azml or the server, so that its value is not carried. */
export function isReservedAssetTag(name: string): boolean {
  return name.startsWith("azml_") || isServersTag(name);
}
