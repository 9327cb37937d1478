import type { ModelVersionRecord } from "../records/model_version.ts";
import type { Fault } from "../stages/ports.ts";
import type { Experiments } from "./experiments_list.ts";
import type { RunLookUp } from "./runs_by_id.ts";

/** What a version needs to know of the run that it came from. */
export interface VersionRun {
  readonly id: string;
  /** Name of its experiment. */
  readonly experiment: string | null;
  readonly artifactUri: string | null;
  readonly isDeleted: boolean;
  /** Step at which it logged each logged model, where that is not 0. */
  readonly steps: Readonly<Record<string, number>>;
}

/** The runs that models and versions came from: looked up in bulk, and remembered. */
export class VersionRuns {
  readonly #lookUp: RunLookUp;
  readonly #experiments: Experiments;
  readonly #known = new Map<string, VersionRun | Fault | null>();

  constructor(lookUp: RunLookUp, experiments: Experiments) {
    this.#lookUp = lookUp;
    this.#experiments = experiments;
  }

  /** Looks up what is not known yet. Throws `Failure` only for what hits every request. */
  async learn(ids: Iterable<string | null | undefined>): Promise<void> {
    const fresh = [...new Set(ids)].filter((id): id is string => !!id && !this.#known.has(id));
    if (fresh.length === 0) return;
    const { runs, troubles } = await this.#lookUp.read(fresh);
    for (const id of fresh) {
      const run = runs.get(id);
      const trouble = troubles.get(id);
      if (trouble !== undefined) {
        this.#known.set(id, { ...trouble, part: "run", message: `run ${id}: ${trouble.message}` });
      } else if (run === undefined) this.#known.set(id, null);
      else {
        const experiment = await this.#experiments.nameOf(run.experimentId);
        const { artifactUri, isDeleted } = run;
        this.#known.set(id, { id, experiment, artifactUri, isDeleted, steps: stepsOf(run.modelOutputs) });
      }
    }
  }

  /** The run of a version; null for none and one that is gone; a fault where nobody knows. */
  of(version: Pick<ModelVersionRecord, "run_id">): VersionRun | Fault | null {
    return version.run_id ? this.#known.get(version.run_id) ?? null : null;
  }
}

/** Whether it is the word about a run that could not be looked up. */
export function isFault(run: VersionRun | Fault | null): run is Fault {
  return run !== null && "part" in run;
}

function stepsOf(outputs: unknown): Record<string, number> {
  const steps: Record<string, number> = {};
  for (const output of Array.isArray(outputs) ? outputs : []) {
    const { model_id: id, step } = output ?? {};
    if (typeof id === "string" && typeof step === "number" && step !== 0) steps[id] = step;
  }
  return steps;
}
