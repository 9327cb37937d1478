import type { JobRecord } from "../records/job.ts";
import { redactJob } from "../records/redact.ts";
import type { RootFacts } from "../stages/ports.ts";
import type { MlflowRun } from "./run_parse.ts";

/** What a record says of a run that the run itself does not tell. */
export interface RunPlace {
  /** The `source` of the records. */
  readonly source: string;
  /** The experiment's name, null where it could not be told. */
  readonly experiment: string | null;
  /** Id of the tree's root, as far as it is known. */
  readonly root: string | null;
  /** 0 for a root; null when the way up to the root is not known. */
  readonly depth: number | null;
}

/** The tag that MLflow's own pages show as the description of a run. */
const NOTE_TAG = "mlflow.note.content";

/** The record of a run without its metrics and artifacts, secrets taken out. */
export function runRecord(run: MlflowRun, place: RunPlace): JobRecord {
  const { value, redacted } = redactJob({
    kind: "job" as const,
    v: 1 as const,
    id: run.id,
    source: place.source,
    type: "run",
    role: run.parent === null ? null : "run",
    parent: run.parent,
    root: place.root,
    depth: place.depth,
    experiment: place.experiment,
    display_name: run.name,
    description: run.tags[NOTE_TAG] ?? null,
    archived: run.isDeleted,
    created_by: run.user,
    status: run.status,
    created_at: timeOf(run.startedAt),
    started_at: timeOf(run.startedAt),
    ended_at: timeOf(run.endedAt),
    tags: { ...run.tags },
    properties: {},
    params: { ...run.params },
    inputs: run.modelInputs,
    outputs: run.modelOutputs,
    datasets: run.datasets,
    definition: null,
    run: null,
  });
  return redacted.length === 0 ? value : { ...value, redacted };
}

/** What selection looks at, the same as the record will say. */
export function selectionFacts(run: MlflowRun, experiment: string | null): RootFacts {
  return {
    id: run.id,
    experiment,
    type: "run",
    tags: { ...run.tags },
    status: run.status,
    archived: run.isDeleted,
    created_at: timeOf(run.startedAt),
  };
}

/** Beyond these no date can be written. */
const MOST_MS = 8.64e15;

/** RFC 3339 with milliseconds; null for none, and for a number that is no time. */
function timeOf(milliseconds: number | null): string | null {
  if (milliseconds === null || Math.abs(milliseconds) > MOST_MS) return null;
  return new Date(milliseconds).toISOString();
}
