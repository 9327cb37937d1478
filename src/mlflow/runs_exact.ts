import type { Found } from "../stages/ports.ts";
import { foundRuns, type RunReaders } from "./found_runs.ts";
import { notThere } from "./runs_by_id.ts";

/** Runs that are given together. */
const TOGETHER = 100;

/**
 * Just these runs, in bulk and in the order of the ids; deleted ones, too. No tree is read, so `root` and `depth` are
 * told of roots alone. An id that is not there is missing; one that could not be looked up says why. Throws `Failure`
 * only for what hits every request.
 */
export async function* exactRuns(
  readers: RunReaders,
  ids: readonly string[],
): AsyncGenerator<readonly Found[]> {
  const wanted = [...new Set(ids)];
  for (let i = 0; i < wanted.length && !readers.reads.signal.aborted; i += TOGETHER) {
    const some = wanted.slice(i, i + TOGETHER);
    const { runs, troubles } = await readers.lookUp.read(some);
    const placed = some.flatMap((id) => runs.get(id) ?? []).map((run) => ({
      run,
      root: run.parent === null ? run.id : null,
      depth: run.parent === null ? 0 : null,
    }));
    const found = await foundRuns(readers, placed);
    let next = 0;
    yield some.map((id) => (runs.has(id) ? found[next++] : undefined) ?? notThere(id, troubles.get(id)));
  }
}
