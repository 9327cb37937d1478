import type { Fault } from "../stages/ports.ts";
import type { Experiments } from "./experiments_list.ts";
import { inTurns } from "./in_turns.ts";
import { objectAt, objectsAt } from "./json_fields.ts";
import { MLFLOW_ROUTES } from "./routes.ts";
import { type MlflowRun, parseRun } from "./run_parse.ts";
import type { RunReads } from "./run_reads.ts";

/** A run with its model inputs, or why they are not known. */
export interface WithInputs {
  readonly run: MlflowRun;
  readonly faults: readonly Fault[];
}

/** Experiments that one search for logged models names. */
const LOT = 100;

/**
 * The logged models that runs used. A search for runs leaves them out (seen on MLflow 3.17.2, whose answer for one run
 * tells them), so each run is asked for by itself, on servers that hold logged models at all.
 */
export class ModelInputs {
  readonly #reads: RunReads;
  readonly #experiments: Experiments;
  #wanted: Promise<boolean> | null = null;

  constructor(reads: RunReads, experiments: Experiments) {
    this.#reads = reads;
    this.#experiments = experiments;
  }

  /** The runs, in their order. Throws `Failure` only for what hits every request. */
  async read(runs: readonly MlflowRun[]): Promise<WithInputs[]> {
    if (!await (this.#wanted ??= this.#areThere())) return runs.map((run) => ({ run, faults: [] }));
    return await inTurns(runs, this.#reads.concurrency, (run) => this.#one(run));
  }

  async #one(run: MlflowRun): Promise<WithInputs> {
    try {
      const answer = await this.#reads.ask(MLFLOW_ROUTES.runs.get, { query: { run_id: run.id } });
      const whole = parseRun(objectAt(answer, "run") ?? {});
      return { run: whole === null ? run : { ...run, modelInputs: whole.modelInputs }, faults: [] };
    } catch (error) {
      const { message, ...trouble } = this.#reads.trouble(error);
      const told = `the logged models that run ${run.id} used could not be read: ${message}`;
      return { run, faults: [{ part: "inputs", ...trouble, message: told }] };
    }
  }

  /** Whether there is any logged model. Where that cannot be found out, runs are asked. */
  async #areThere(): Promise<boolean> {
    if (!this.#reads.server.abilities.loggedModels) return false;
    const ids = await this.#experiments.list("ALL");
    for (let start = 0; start < ids.length; start += LOT) {
      const body = { experiment_ids: ids.slice(start, start + LOT), max_results: 1 };
      try {
        const answer = await this.#reads.ask(MLFLOW_ROUTES.loggedModels.search, { body });
        if (objectsAt(answer, "models").length > 0) return true;
      } catch (error) {
        this.#reads.trouble(error);
        return true;
      }
    }
    return false;
  }
}
