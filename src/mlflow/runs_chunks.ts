import type { Found } from "../stages/ports.ts";
import { foundRuns, type PlacedRun, type RunReaders } from "./found_runs.ts";
import type { MlflowRun } from "./run_parse.ts";

/** Runs that are given together: twice as many as one request for histories can name. */
const CHUNK = 180;

/** A run that is to be given. */
export interface DueRun {
  readonly id: string;
  readonly experimentId: string;
  readonly root: string | null;
  readonly depth: number | null;
  /** Absent for one that has to be fetched. */
  readonly run?: MlflowRun | undefined;
}

/**
 * Gives runs in their order, many at a time, fewer where runs are large. Those that are not at hand are fetched in
 * bulk; one that is not there any more is told of.
 */
export class RunChunks {
  readonly #readers: RunReaders;
  #due: DueRun[] = [];

  constructor(readers: RunReaders) {
    this.#readers = readers;
  }

  /** Adds runs, and gives what is enough for a chunk. */
  async *add(runs: readonly DueRun[]): AsyncGenerator<readonly Found[]> {
    for (const run of runs) {
      this.#due.push(run);
      if (this.#due.length >= Math.min(CHUNK, this.#readers.search.size)) yield* this.flush();
    }
  }

  /** Gives what is left. */
  async *flush(): AsyncGenerator<readonly Found[]> {
    const due = this.#due;
    this.#due = [];
    if (due.length === 0 || this.#readers.reads.signal.aborted) return;
    const far = due.filter(({ run }) => run === undefined);
    const fetched = await this.#readers.lookUp.read(
      far.map(({ id }) => id),
      [...new Set(far.map(({ experimentId }) => experimentId))],
    );
    const missing: Found[] = [];
    const placed: PlacedRun[] = [];
    for (const { id, root, depth, run = fetched.runs.get(id) } of due) {
      if (run !== undefined) placed.push({ run, root, depth });
      else missing.push(goneFound(id, fetched.troubles.get(id)));
    }
    yield [...await foundRuns(this.#readers, placed), ...missing];
  }
}

function goneFound(
  id: string,
  trouble: { readonly code: string; readonly message: string; readonly retryable: boolean } | undefined,
): Found {
  if (trouble !== undefined) {
    return { kind: "missing", id, ...trouble, message: `Run ${id} could not be read: ${trouble.message}` };
  }
  const message = `Run ${id} was deleted while the server was being read`;
  return { kind: "missing", id, code: "run_gone", message, retryable: false };
}
