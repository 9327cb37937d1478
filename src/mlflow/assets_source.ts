import type { AssetKind } from "../records/asset.ts";
import type { AssetSource, AssetWant, FoundAsset } from "../stages/ports.ts";
import { countLeftOut } from "./asset_left_out.ts";
import { experimentPages } from "./experiment_pages.ts";
import { Experiments, runView } from "./experiments_list.ts";
import { listLoggedModels } from "./logged_model_list.ts";
import { LoggedModelPresence } from "./logged_model_presence.ts";
import { listRegistry, type RegistryReaders } from "./registry_list.ts";
import { VersionRuns } from "./registry_runs.ts";
import { type ReadOptions, RunReads } from "./run_reads.ts";
import { RunLookUp } from "./runs_by_id.ts";
import { RunsSearch } from "./runs_search.ts";
import type { MlflowServer } from "./server.ts";

/**
 * What an MLflow server has beside runs: experiments, logged models (MLflow 3), registered models with all their
 * versions. Listings are bulk; each model costs one call for its versions, the runs of many versions one together.
 */
export function createMlflowAssets(server: MlflowServer, options: ReadOptions): AssetSource {
  const reads = new RunReads(server, options);
  const experiments = new Experiments(reads);
  const runs = new VersionRuns(new RunLookUp(reads, new RunsSearch(reads), experiments), experiments);
  const readers: RegistryReaders = { reads, runs, loggedModels: new LoggedModelPresence(reads) };
  const { loggedModels } = server.abilities;
  return {
    kinds: loggedModels
      ? ["experiment", "logged_model", "model", "model_version"]
      : ["experiment", "model", "model_version"],
    list: (kinds, want) => listAssets(readers, kinds, want),
    leftOut: () => countLeftOut(reads),
  };
}

async function* listAssets(
  readers: RegistryReaders,
  wanted: readonly AssetKind[],
  want: AssetWant,
): AsyncGenerator<readonly FoundAsset[], void, undefined> {
  const kinds = new Set(wanted);
  const { reads } = readers;
  try {
    if (kinds.has("experiment")) yield* listExperiments(reads, want);
    if (kinds.has("logged_model") && reads.server.abilities.loggedModels) {
      yield* listLoggedModels(readers, want);
    }
    if (kinds.has("model") || kinds.has("model_version")) yield* listRegistry(readers, kinds, want);
  } catch (error) {
    // What an interrupted request throws is no failure of the server.
    if (!reads.signal.aborted) throw error;
  }
}

async function* listExperiments(
  reads: RunReads,
  want: AssetWant,
): AsyncGenerator<readonly FoundAsset[], void, undefined> {
  for await (const page of experimentPages(reads, runView(want.archived))) {
    yield page.filter((record) => want.keep(record))
      .map((record): FoundAsset => ({ kind: "asset", record, faults: [], artifacts: null }));
  }
}
