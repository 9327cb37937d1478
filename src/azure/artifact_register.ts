import { isJsonObject, type JsonValue } from "../records/json.ts";
import { followTokens } from "../wire/paging.ts";
import { ROUTES } from "../wire/routes.ts";
import { readServiceError } from "../wire/service_error.ts";
import { objectAt, objectsAt, textAt } from "./json_fields.ts";
import { callService, type TargetScope } from "./target_scope.ts";

/** Most paths in one `batch/metadata` (v1 SDK and azureml-mlflow). */
export const PATHS_A_CALL = 50;

/** Origin of the artifacts of runs. */
const ORIGIN = "ExperimentRun";

/** A path that the artifact service did not take. */
export interface UnregisteredPath {
  readonly path: string;
  readonly code: string;
  readonly message: string;
}

/**
 * Makes artifact records for at most 50 paths of a run (Azure ML artifacts v2.0, `batch/metadata`; the bytes are
 * not touched). Answers the service's answer. Throws `Failure`.
 */
export async function registerPaths(
  scope: TargetScope,
  dataContainer: string,
  paths: readonly string[],
): Promise<JsonValue> {
  const answer = await callService(scope, ROUTES.artifact.batchMetadata, {
    vars: { origin: ORIGIN, container: dataContainer },
    body: { paths: paths.map((path) => ({ path })) },
  });
  return answer.body;
}

/** Registers any number of paths, 50 a call; answers those that the service did not take. Throws `Failure`. */
export async function registerAll(
  scope: TargetScope,
  dataContainer: string,
  paths: readonly string[],
): Promise<readonly UnregisteredPath[]> {
  const refused: UnregisteredPath[] = [];
  for (let start = 0; start < paths.length; start += PATHS_A_CALL) {
    const answer = await registerPaths(scope, dataContainer, paths.slice(start, start + PATHS_A_CALL));
    const errors = isJsonObject(answer) ? objectAt(answer, "errors") : null;
    for (const [path, error] of Object.entries(errors ?? {})) {
      const { code, message } = readServiceError(400, error, "", new Map());
      if (!isThere(code, message)) {
        refused.push({ path, code, message: `registering it: ${message || code}` });
      }
    }
  }
  return refused;
}

/** A record that is there already is what was wanted (v1 SDK: "Resource Conflict ... already exists"). */
function isThere(code: string, message: string): boolean {
  return /conflict|exists/i.test(`${code} ${message}`);
}

/** The paths of a run that have artifact records (Azure ML artifacts v2.0, list). Throws `Failure`. */
export async function registeredPaths(
  scope: TargetScope,
  dataContainer: string,
): Promise<ReadonlySet<string>> {
  const paths = new Set<string>();
  const { api, armPath } = scope.workspace;
  const pages = followTokens(scope.wire, (token) => ({
    route: ROUTES.artifact.list,
    base: api,
    vars: { ws: armPath, origin: ORIGIN, container: dataContainer },
    query: { continuationToken: token ?? undefined },
    accept: [404],
  }));
  for await (const page of pages) {
    for (const artifact of isJsonObject(page) ? objectsAt(page, "value") : []) {
      const path = textAt(artifact, "path");
      if (path !== null) paths.add(path);
    }
  }
  return paths;
}
