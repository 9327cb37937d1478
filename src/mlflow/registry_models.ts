import type { JsonObject } from "../records/json.ts";
import { assetPages } from "./asset_pages.ts";
import { nameFilter } from "./registry_filter.ts";
import { textAt } from "./json_fields.ts";
import { versionAt } from "./registry_record.ts";
import { MLFLOW_ROUTES } from "./routes.ts";
import type { RunReads } from "./run_reads.ts";

/** Models a page; 1,000 are the most that servers give. */
const MODELS = 200;

/** Versions a page. */
const VERSIONS = 1000;

/** Registered models by name, prompts too where the server lists them. Throws `Failure` when they cannot be listed. */
export function modelPages(
  reads: Pick<RunReads, "ask" | "signal">,
  filter?: string,
): AsyncGenerator<readonly JsonObject[], void, undefined> {
  return assetPages(reads, {
    route: MLFLOW_ROUTES.models.search,
    params: { max_results: MODELS, order_by: "name ASC", ...(filter === undefined ? {} : { filter }) },
    key: "registered_models",
  });
}

/** All versions of a model, in numeric order. Throws `Failure`. */
export async function versionsOf(
  reads: Pick<RunReads, "ask" | "signal">,
  name: string,
): Promise<readonly JsonObject[]> {
  const versions: JsonObject[] = [];
  for await (const page of versionPages(reads, nameFilter(name).filter)) {
    // A loose filter brings models of like names.
    for (const version of page) if (textAt(version, "name") === name) versions.push(version);
  }
  return versions.sort((a, b) => Number(versionAt(a)) - Number(versionAt(b)));
}

/** Versions of a filter, page by page. Throws `Failure`. */
export function versionPages(
  reads: Pick<RunReads, "ask" | "signal">,
  filter: string,
): AsyncGenerator<readonly JsonObject[], void, undefined> {
  return assetPages(reads, {
    route: MLFLOW_ROUTES.modelVersions.search,
    // The default order is by the last change, which may move versions between pages while they are read.
    params: { filter, max_results: VERSIONS, order_by: "version_number ASC" },
    key: "model_versions",
  });
}
