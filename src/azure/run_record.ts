import type { JobRecord } from "../records/job.ts";
import type { JsonValue } from "../records/json.ts";
import { redactJob } from "../records/redact.ts";
import { hyperparametersOf } from "./hyperparameters.ts";
import { filledAt, flagAt, stringsAt, textAt } from "./json_fields.ts";
import { kinshipOf } from "./roles.ts";
import type { Run } from "./run.ts";
import type { RunNode } from "./run_tree.ts";
import { serviceTime } from "./service_time.ts";

/** What a record says of a run that the run itself does not tell. */
export interface RecordContext {
  /** The `source` of the records. */
  readonly source: string;
  /** Id of the tree's root. */
  readonly root: string;
  readonly experiment: string | null;
}

/**
 * The record of a run without its metrics and artifacts, secrets taken out. Run history is asked first, because it is
 * where edits land (Azure ML SDK 1.35 edits jobs there); what it has not got comes from the job's definition in ARM.
 */
export function runRecord(node: RunNode, context: RecordContext): JobRecord {
  const { run } = node;
  const { value, redacted } = redactJob({ ...identityOf(node, context), ...contentOf(node) });
  const parent = run?.parent ?? null;
  const record: JobRecord = { ...value, parent: node.depth === 0 ? null : parent };
  return redacted.length === 0 ? record : { ...record, redacted };
}

function identityOf(node: RunNode, context: RecordContext) {
  return {
    kind: "job" as const,
    v: 1 as const,
    id: node.id,
    source: context.source,
    ...kinshipOf(node),
    parent: node.depth === 0 ? null : node.run?.parent ?? null,
    root: context.root,
    depth: node.depth,
    experiment: context.experiment,
  };
}

function contentOf({ run, arm, parent }: RunNode) {
  const job = arm?.properties ?? null;
  return {
    display_name: run?.displayName ?? textAt(job, "displayName"),
    description: run?.description ?? textAt(job, "description"),
    archived: run?.hidden ?? flagAt(job, "isArchived"),
    created_by: run?.createdBy ?? textAt(arm?.systemData ?? null, "createdBy"),
    status: run?.status ?? textAt(job, "status"),
    created_at: run?.createdAt ?? serviceTime(textAt(arm?.systemData ?? null, "createdAt")),
    started_at: run?.startedAt ?? null,
    ended_at: run?.endedAt ?? null,
    tags: run?.tags ?? stringsAt(job, "tags"),
    properties: run?.properties ?? stringsAt(job, "properties"),
    params: run === null ? null : paramsOf(run, parent?.run ?? null),
    inputs: run?.inputs ?? filledAt(job, "inputs"),
    outputs: run?.outputs ?? filledAt(job, "outputs"),
    datasets: run === null ? null : datasetsOf(run),
    definition: job,
  };
}

/** The run's parameters, and what its sweep chose for it where no parameter of that name was logged. */
function paramsOf(run: Run, parent: Run | null): Record<string, string> | null {
  const params = { ...hyperparametersOf(parent, run), ...run.parameters };
  return run.parameters === null && Object.keys(params).length === 0 ? null : params;
}

function datasetsOf(run: Run): JsonValue {
  if (run.inputDatasets === null && run.outputDatasets === null) return null;
  return { inputs: run.inputDatasets, outputs: run.outputDatasets };
}
