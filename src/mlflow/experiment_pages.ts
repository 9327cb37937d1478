import type { ExperimentRecord } from "../records/experiment.ts";
import { assetPages } from "./asset_pages.ts";
import { experimentRecord } from "./experiment_record.ts";
import type { ViewType } from "./experiments_list.ts";
import { MLFLOW_ROUTES } from "./routes.ts";
import type { RunReads } from "./run_reads.ts";

/** Experiments a page. */
const PAGE = 1000;

/** The experiments of a server, oldest first, page by page. Throws `Failure` when they cannot be listed. */
export async function* experimentPages(
  reads: RunReads,
  view: ViewType,
): AsyncGenerator<readonly ExperimentRecord[], void, undefined> {
  const list = {
    route: MLFLOW_ROUTES.experiments.search,
    // Without `max_results` servers refuse the request.
    params: { max_results: PAGE, view_type: view, order_by: ["creation_time ASC", "experiment_id ASC"] },
    key: "experiments",
  };
  for await (const page of assetPages(reads, list)) {
    yield page.flatMap((experiment) => experimentRecord(experiment, reads.server.id) ?? []);
  }
}
