import type { JobRecord } from "../records/job.ts";
import type { JsonObject, JsonValue } from "../records/json.ts";
import { redactJob } from "../records/redact.ts";
import type { RootFacts } from "../stages/ports.ts";
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
  const { type, role } = kinshipOf(node);
  const { value, redacted } = redactJob({
    kind: "job" as const,
    v: 1 as const,
    id: node.id,
    source: context.source,
    type,
    role,
    parent: node.depth === 0 ? null : node.run?.parent ?? null,
    root: context.root,
    depth: node.depth,
    experiment: context.experiment,
    ...contentOf(node),
    params: paramsOf(node, role),
    run: runOf(node, context.root),
  });
  return redacted.length === 0 ? value : { ...value, redacted };
}

/** What run history says beyond the other fields; a root that is not the tree's own is said, too. */
function runOf({ run }: RunNode, root: string): JsonObject | null {
  if (run === null || run.root === null || run.root === root) return run?.facts ?? null;
  return { rootRunId: run.root, ...run.facts };
}

/** What selection looks at, the same as the record will say. */
export function selectionFacts(node: RunNode, experiment: string | null): RootFacts {
  const { tags, status, archived, created_at } = contentOf(node);
  return { id: node.id, experiment, type: kinshipOf(node).type, tags, status, archived, created_at };
}

function contentOf({ run, arm }: RunNode) {
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
    inputs: run?.inputs ?? filledAt(job, "inputs"),
    outputs: run?.outputs ?? filledAt(job, "outputs"),
    datasets: run === null ? null : datasetsOf(run),
    definition: job,
  };
}

/** The run's parameters, and what its sweep chose for it where no parameter of that name was logged. */
function paramsOf({ run, parent }: RunNode, role: string | null): Record<string, string> | null {
  if (run === null) return null;
  const chosen = role === "sweep_trial" ? hyperparametersOf(parent?.run ?? null, run) : {};
  if (run.parameters === null && Object.keys(chosen).length === 0) return null;
  return { ...chosen, ...run.parameters };
}

function datasetsOf(run: Run): JsonValue {
  if (run.inputDatasets === null && run.outputDatasets === null) return null;
  return { inputs: run.inputDatasets, outputs: run.outputDatasets };
}
