import type { Found, Source } from "../stages/ports.ts";
import { createMlflowAssets } from "./assets_source.ts";
import { RunIndex } from "./find_runs.ts";
import { createReaders } from "./found_runs.ts";
import { madeRuns } from "./made_runs.ts";
import { type ReadOptions, RunReads } from "./run_reads.ts";
import { includedRuns } from "./runs_included.ts";
import { listedRuns } from "./runs_listing.ts";
import type { MlflowServer } from "./server.ts";
import { TargetExperiments } from "./target_experiments.ts";
import { quietOnAbort } from "../wire/quiet_on_abort.ts";

/**
 * An MLflow tracking server as a source: its runs as jobs, and what it has beside them. Runs and the histories of their
 * metrics are read in bulk; files cost one request a folder, made only when asked for.
 */
export function createMlflowSource(server: MlflowServer, options: ReadOptions): Source {
  const readers = createReaders(new RunReads(server, options));
  const index = new RunIndex(server, new TargetExperiments(server, false), options);
  const drained = (found: AsyncIterable<readonly Found[]>) => quietOnAbort(found, options.signal);
  return {
    id: server.id,
    world: "mlflow",
    jobs: (want) => drained(want.include === null ? listedRuns(readers, want) : includedRuns(readers, want)),
    lookUp: (names) => drained(madeRuns(readers, index, names)),
    assets: createMlflowAssets(server, options),
    usage: () => ({ calls: server.wire.calls(), bytes: 0 }),
  };
}
