import type { Found } from "../stages/ports.ts";
import type { Experiments } from "./experiments_list.ts";
import { objectAt } from "./json_fields.ts";
import { MLFLOW_ROUTES } from "./routes.ts";
import { type MlflowRun, parseRun } from "./run_parse.ts";
import { isAbsent, isRefusal, type RunReads, type Trouble } from "./run_reads.ts";
import { isPlainId, type RunsSearch } from "./runs_search.ts";
import { inTurns } from "./in_turns.ts";

/** Runs found by id. An id in neither map is not on the server. */
export interface RunsById {
  readonly runs: ReadonlyMap<string, MlflowRun>;
  /** Ids that the server could not answer for. */
  readonly troubles: ReadonlyMap<string, Trouble>;
}

/** Up to this many ids are asked for one by one: a search would need the experiments first. */
const FEW = 2;

/** Looks runs up by id, deleted ones too: in bulk where the server does it, else one by one. */
export class RunLookUp {
  readonly #reads: RunReads;
  readonly #search: RunsSearch;
  readonly #experiments: Experiments;
  #all: readonly string[] | null = null;
  /** Cleared for good once the server has refused the bulk form. */
  #bulk = true;

  constructor(reads: RunReads, search: RunsSearch, experiments: Experiments) {
    this.#reads = reads;
    this.#search = search;
    this.#experiments = experiments;
  }

  /** Ids of all experiments, deleted ones too; listed once. */
  async everywhere(): Promise<readonly string[]> {
    this.#all ??= await this.#experiments.list("ALL");
    return this.#all;
  }

  /** Throws `Failure` only for what hits every request. `where`: experiments that the runs are known to lie in. */
  async read(ids: readonly string[], where?: readonly string[]): Promise<RunsById> {
    const runs = new Map<string, MlflowRun>();
    const troubles = new Map<string, Trouble>();
    if (this.#bulk && ids.length > FEW) await this.#readBulk(ids.filter(isPlainId), runs, where);
    const left = ids.filter((id) => !runs.has(id));
    await inTurns(left, this.#reads.concurrency, async (id) => {
      try {
        const run = await this.#readOne(id);
        if (run !== null) runs.set(id, run);
      } catch (error) {
        troubles.set(id, this.#reads.trouble(error));
      }
    });
    return { runs, troubles };
  }

  /** What the bulk form does not bring is asked for one by one: only that tells why it did not come. */
  async #readBulk(
    ids: readonly string[],
    runs: Map<string, MlflowRun>,
    where: readonly string[] | undefined,
  ): Promise<void> {
    try {
      const experiments = where ?? await this.everywhere();
      const found = await this.#search.byIds(ids, { experiments, view: "ALL" });
      for (const [id, run] of found) runs.set(id, run);
    } catch (error) {
      if (isRefusal(error)) this.#bulk = false;
      else this.#reads.trouble(error);
    }
  }

  async #readOne(id: string): Promise<MlflowRun | null> {
    try {
      const answer = await this.#reads.ask(MLFLOW_ROUTES.runs.get, { query: { run_id: id } });
      const run = objectAt(answer, "run");
      return run === null ? null : parseRun(run);
    } catch (error) {
      if (isAbsent(error)) return null;
      throw error;
    }
  }
}

/** A word about an id that has no record. */
export function notThere(id: string, trouble: Trouble | undefined): Found {
  if (trouble !== undefined) {
    return {
      kind: "missing",
      id,
      ...trouble,
      message: `Run ${id} could not be looked up: ${trouble.message}`,
    };
  }
  return {
    kind: "missing",
    id,
    code: "not_found",
    message: `The server has no run ${id}`,
    hint: "check the id (it is the run's id, not its name), the server and its workspace",
    retryable: false,
  };
}
