import type { Found, FoundJob } from "../stages/ports.ts";
import { listArtifacts } from "./artifacts_list.ts";
import { Experiments } from "./experiments_list.ts";
import { Histories } from "./histories.ts";
import { HistoryPace } from "./history_pace.ts";
import { MetricContexts } from "./metric_contexts.ts";
import { runMetrics } from "./run_metrics.ts";
import { ModelInputs } from "./model_inputs.ts";
import type { MlflowRun } from "./run_parse.ts";
import type { RunReads } from "./run_reads.ts";
import { runRecord } from "./run_record.ts";
import { RunLookUp } from "./runs_by_id.ts";
import { RunsSearch } from "./runs_search.ts";

/** Everything that runs are read with. */
export interface RunReaders {
  readonly reads: RunReads;
  readonly search: RunsSearch;
  readonly experiments: Experiments;
  readonly lookUp: RunLookUp;
  readonly pace: HistoryPace;
  readonly inputs: ModelInputs;
}

/** The readers of a server; what one of them learns of it (a refused way of asking, sizes) it keeps. */
export function createReaders(reads: RunReads): RunReaders {
  const search = new RunsSearch(reads);
  const experiments = new Experiments(reads);
  const lookUp = new RunLookUp(reads, search, experiments);
  const inputs = new ModelInputs(reads, experiments);
  return { reads, search, experiments, lookUp, pace: new HistoryPace(), inputs };
}

/** A run, and where it stands in its tree as far as that is known. */
export interface PlacedRun {
  readonly run: MlflowRun;
  readonly root: string | null;
  /** 0 for a root, null when the way up to it is not known. */
  readonly depth: number | null;
}

/** Runs as found jobs; their histories are read together. */
export async function foundRuns(readers: RunReaders, placed: readonly PlacedRun[]): Promise<Found[]> {
  const histories = new Histories(readers.reads, readers.pace, placed.map(({ run }) => run));
  const found: Found[] = [];
  const whole = await readers.inputs.read(placed.map(({ run }) => run));
  for (const [at, { run, faults }] of whole.entries()) {
    const { root = null, depth = null } = placed[at] ?? {};
    const experiment = await readers.experiments.nameOf(run.experimentId);
    const record = runRecord(run, { source: readers.reads.server.id, experiment, root, depth });
    found.push({
      kind: "job",
      job: jobOf(readers.reads, histories, run, {
        record,
        faults: [...faults, ...nameFaults(run, experiment)],
      }),
    });
  }
  return found;
}

/**
 * The record gains its `metric_context` while metrics are read: no search tells it, and it is seldom there at all. The
 * run itself is not held: its tags and params are in the record.
 */
function jobOf(
  reads: RunReads,
  histories: Histories,
  { id, latest }: MlflowRun,
  { record, faults }: Pick<FoundJob, "record" | "faults">,
): FoundJob {
  const contexts = new MetricContexts();
  return {
    get record() {
      const context = contexts.field();
      return context === null ? record : { ...record, metric_context: context };
    },
    faults,
    metrics: (mode) => runMetrics({ reads, histories, run: id, latest, contexts }, mode),
    artifacts: () => listArtifacts(reads, id),
  };
}

function nameFaults({ id, experimentId }: MlflowRun, experiment: string | null): FoundJob["faults"] {
  if (experiment !== null) return [];
  const message = `the name of experiment ${experimentId} of run ${id} could not be read`;
  return [{ part: "experiment", code: "no_name", message, retryable: true }];
}
