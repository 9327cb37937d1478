import type { Found } from "../stages/ports.ts";
import { foundJob, type Readers } from "./trees.ts";

/**
 * Just these jobs, from run history in bulk: no trees are read and ARM is not asked, so `depth` and
 * `definition` are not told. An id that is not there is missing; one that could not be looked up says why. Throws
 * `Failure` only for what hits every request.
 */
export async function* exactJobs(readers: Readers, ids: readonly string[]): AsyncGenerator<readonly Found[]> {
  const { runs, troubles } = await readers.runData.read([...new Set(ids)]);
  for (const id of new Set(ids)) {
    const trouble = troubles.get(id);
    const run = runs.get(id);
    if (trouble !== undefined) {
      yield [{
        kind: "missing",
        id,
        ...trouble,
        message: `Run ${id} could not be looked up: ${trouble.message}`,
      }];
    } else if (run === undefined) {
      yield [{ kind: "missing", id, code: "not_found", message: `There is no run ${id}`, retryable: false }];
    } else {
      const node = { id, run, arm: null, parent: null, depth: null, children: [] };
      const root = { id: run.root ?? id, run, arm: null, faults: [] };
      yield [await foundJob(readers, { root, nodes: [node], troubles: [] }, node, true)];
    }
  }
}
