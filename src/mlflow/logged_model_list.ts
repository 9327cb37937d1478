import type { LoggedModelRecord } from "../records/logged_model.ts";
import type { AssetWant, FoundAsset } from "../stages/ports.ts";
import { assetPages } from "./asset_pages.ts";
import { experimentPages } from "./experiment_pages.ts";
import { runView } from "./experiments_list.ts";
import { loggedModelRecord } from "./logged_model_record.ts";
import { loggedModelArtifacts } from "./registry_artifacts.ts";
import { isFault, type VersionRuns } from "./registry_runs.ts";
import { MLFLOW_ROUTES } from "./routes.ts";
import type { RunReads } from "./run_reads.ts";

/** Experiments named in one request. */
const EXPERIMENTS = 100;

/** Logged models a page. */
const PAGE = 200;

/** Logged models of the experiments that are wanted, oldest first within a lot. Throws `Failure` when they cannot be listed. */
export async function* listLoggedModels(
  { reads, runs }: { readonly reads: RunReads; readonly runs: VersionRuns },
  want: AssetWant,
): AsyncGenerator<readonly FoundAsset[], void, undefined> {
  const names = new Map<string, string>();
  for await (const page of experimentPages(reads, runView(want.archived))) {
    for (const { id, name } of page) names.set(id, name ?? id);
  }
  const ids = [...names.keys()];
  for (let start = 0; start < ids.length && !reads.signal.aborted; start += EXPERIMENTS) {
    const list = {
      route: MLFLOW_ROUTES.loggedModels.search,
      params: {
        experiment_ids: ids.slice(start, start + EXPERIMENTS),
        max_results: PAGE,
        order_by: [{ field_name: "creation_timestamp", ascending: true }],
      },
      key: "models",
    };
    for await (const page of assetPages(reads, list)) {
      const records = page
        .flatMap((model) => loggedModelRecord(model, reads.server.id, (id) => names.get(id) ?? null) ?? [])
        .filter((record) => want.keep(record));
      await runs.learn(records.map((record) => record.source_run_id));
      yield records.map((record) => found(reads, record, runs));
    }
  }
}

/** The step at which its run logged it stands with the run alone. */
function found(reads: RunReads, record: LoggedModelRecord, runs: VersionRuns): FoundAsset {
  const run = runs.of({ run_id: record.source_run_id ?? null });
  const step = run === null || isFault(run) ? undefined : run.steps[record.id];
  return {
    kind: "asset",
    record: step === undefined ? record : { ...record, step },
    faults: [],
    artifacts: () => loggedModelArtifacts(reads, record.id),
  };
}
