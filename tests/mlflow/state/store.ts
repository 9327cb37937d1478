import type { Files } from "./files.ts";
import type { RegisteredModel } from "./registry.ts";
import type { Run } from "./run.ts";
import type { Point } from "./series.ts";

/** An experiment. */
export interface Experiment {
  readonly id: string;
  name: string;
  readonly artifactLocation: string;
  deleted: boolean;
  readonly created: number;
  updated: number;
  readonly tags: Map<string, string>;
}

/** A logged model (MLflow 3). */
export interface LoggedModel {
  readonly id: string;
  readonly experimentId: string;
  readonly name: string;
  readonly artifactUri: string;
  readonly created: number;
  updated: number;
  status: string;
  readonly modelType: string;
  readonly sourceRunId: string;
  readonly params: Map<string, string>;
  readonly tags: Map<string, string>;
  /** Points that name the model, with the run that logged them. */
  readonly metrics: { readonly key: string; readonly point: Point; readonly runId: string }[];
  deleted: boolean;
}

/** What one workspace of a server holds (a server without workspaces has one, `default`). */
export class Store {
  readonly experiments = new Map<string, Experiment>();
  readonly runs = new Map<string, Run>();
  readonly models = new Map<string, RegisteredModel>();
  readonly loggedModels = new Map<string, LoggedModel>();
  readonly #byExperiment = new Map<string, Run[]>();

  constructor(
    readonly workspace: string,
    /** Where artifacts of experiments lie: `mlflow-artifacts:` or the address of a folder. */
    readonly artifactRoot: string,
    readonly files: Files,
    readonly nextExperiment: () => string,
  ) {}

  /** Makes an experiment; the name must be free. */
  addExperiment(name: string, options: { id?: string; location?: string; now: number }): Experiment {
    const id = options.id ?? this.nextExperiment();
    const experiment: Experiment = {
      id,
      name,
      artifactLocation: options.location || `${this.artifactRoot}/${id}`,
      deleted: false,
      created: options.now,
      updated: options.now,
      tags: new Map(),
    };
    this.experiments.set(id, experiment);
    return experiment;
  }

  experimentNamed(name: string): Experiment | undefined {
    for (const experiment of this.experiments.values()) if (experiment.name === name) return experiment;
    return undefined;
  }

  addRun(run: Run): Run {
    this.runs.set(run.id, run);
    const runs = this.#byExperiment.get(run.experimentId) ?? [];
    runs.push(run);
    this.#byExperiment.set(run.experimentId, runs);
    return run;
  }

  /** Runs of an experiment in the order they were made. */
  runsOf(experimentId: string): readonly Run[] {
    return this.#byExperiment.get(experimentId) ?? [];
  }
}
