import type { Artifacts } from "../records/artifacts.ts";
import { asFailure } from "../records/as_failure.ts";
import type { Failure } from "../records/failure.ts";
import type { Incomplete, JobRecord } from "../records/job.ts";
import type { JsonValue } from "../records/json.ts";
import { redactTables } from "../records/redact_tables.ts";
import { redactText } from "../records/secret_texts.ts";
import { fitLine } from "./fit_line.ts";
import { type CollectedMetrics, MetricCollector } from "./metric_collector.ts";
import { orderFields } from "./order_fields.ts";
import type { OverflowPoints } from "./overflow_points.ts";
import { partFault, reachesBeyondPart } from "./part_fault.ts";
import type { Fault, FoundJob, SpoolMaker } from "./ports.ts";

/** What shall be read of each job. */
export interface GatherOptions {
  readonly artifacts: boolean;
  /** Whole histories, the last value of each metric, or nothing of metrics and tables. */
  readonly metrics: "full" | "last" | "none";
  /** Noted in the record: what lies deeper was left out. */
  readonly maxDepth: number | null;
}

/** A job with all that was asked for. */
export interface GatheredJob {
  readonly record: JobRecord;
  /** All of `record.incomplete`, with what an `error` record says on top. */
  readonly faults: readonly Fault[];
  readonly overflow: OverflowPoints | null;
  /** Set when nothing further can be read from the source. */
  readonly fatal: Failure | null;
}

/** One part of a job as it was read. */
interface PartRead<T> {
  readonly value: T | null;
  readonly faults: readonly Fault[];
  readonly fatal: Failure | null;
}

const NOT_ASKED = { value: null, faults: [], fatal: null } as const;

/**
 * Reads the metrics and the files of a found job and puts its record together. A part that cannot be read is
 * `incomplete` and keeps what came before it broke. Throws only what is a bug.
 */
export async function gatherJob(
  found: FoundJob,
  options: GatherOptions,
  makeSpool: SpoolMaker,
): Promise<GatheredJob> {
  const [metrics, artifacts] = await Promise.allSettled([
    readMetrics(found, options.metrics, makeSpool),
    readArtifacts(found, options.artifacts),
  ]);
  if (metrics.status === "rejected") throw metrics.reason;
  if (artifacts.status === "rejected") throw artifacts.reason;
  return assemble(found, options, metrics.value, artifacts.value);
}

async function readMetrics(
  found: FoundJob,
  mode: GatherOptions["metrics"],
  makeSpool: SpoolMaker,
): Promise<PartRead<CollectedMetrics>> {
  if (mode === "none") return NOT_ASKED;
  const collector = new MetricCollector(found.record.id, makeSpool);
  let failure: Failure | null = null;
  try {
    for await (const part of found.metrics(mode)) await collector.add(part);
  } catch (error) {
    failure = asFailure(error);
  }
  try {
    const value = await collector.finish();
    if (failure === null) return { value, faults: value.faults, fatal: null };
    return failed(failure, "metrics", value, value.faults);
  } catch (error) {
    return failed<CollectedMetrics>(failure ?? asFailure(error), "metrics", null);
  }
}

async function readArtifacts(found: FoundJob, wanted: boolean): Promise<PartRead<Artifacts>> {
  if (!wanted) return NOT_ASKED;
  try {
    const { artifacts, faults } = await found.artifacts();
    return { value: artifacts, faults, fatal: null };
  } catch (error) {
    return failed<Artifacts>(asFailure(error), "artifacts", null);
  }
}

/** What came before the part broke, and why it broke. */
function failed<T>(
  failure: Failure,
  part: string,
  value: T | null,
  before: readonly Fault[] = [],
): PartRead<T> {
  const faults = [...before, partFault(failure, part)];
  return { value, faults, fatal: reachesBeyondPart(failure) ? failure : null };
}

function assemble(
  found: FoundJob,
  options: GatherOptions,
  metrics: PartRead<CollectedMetrics>,
  artifacts: PartRead<Artifacts>,
): GatheredJob {
  const collected = metrics.value;
  const fitted = fitLine(wholeRecord(found.record, collected, artifacts.value));
  const faults = [...found.faults, ...metrics.faults, ...artifacts.faults, ...fitted.faults].map(cleanFault);
  const incomplete = [...found.record.incomplete ?? [], ...faults.map(incompleteOf)];
  const reduced = { ...found.record.reduced, ...reducedBy(options) };
  const record = orderFields({
    ...fitted.record,
    ...(incomplete.length > 0 ? { incomplete } : {}),
    ...(Object.keys(reduced).length > 0 ? { reduced } : {}),
  });
  return { record, faults, overflow: collected?.overflow ?? null, fatal: metrics.fatal ?? artifacts.fatal };
}

/** The record with its metrics, tables and files. What they hold of secrets is taken out as it was from the rest. */
function wholeRecord(
  found: JobRecord,
  collected: CollectedMetrics | null,
  artifacts: Artifacts | null,
): JobRecord {
  const tables = collected === null ? null : redactTables(collected.tables);
  const redacted = [...found.redacted ?? [], ...collected?.redacted ?? [], ...tables?.redacted ?? []];
  return {
    ...found,
    metrics: collected?.metrics ?? null,
    tables: tables?.value ?? null,
    artifacts,
    ...(collected?.more ? { more_points: collected.more } : {}),
    ...(redacted.length > 0 ? { redacted } : {}),
  };
}

/** The name of a metric stands in what is said of it. */
function cleanFault(fault: Fault): Fault {
  return { ...fault, part: redactText(fault.part), message: redactText(fault.message) };
}

function incompleteOf({ part, code, message }: Fault): Incomplete {
  return { part, code, message };
}

function reducedBy(options: GatherOptions): Record<string, JsonValue> {
  return {
    ...(options.metrics === "full" ? {} : { metrics: options.metrics }),
    ...(options.artifacts ? {} : { artifacts: "none" }),
    ...(options.maxDepth === null ? {} : { max_depth: options.maxDepth }),
  };
}
