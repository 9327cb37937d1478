import type { Route } from "../wire/wire.ts";
import { ARTIFACT_ROUTES } from "./routes_artifacts.ts";
import { LOGGED_MODEL_ROUTES, MODEL_ROUTES, MODEL_VERSION_ROUTES } from "./routes_models.ts";
import { EXPERIMENT_ROUTES, METRIC_ROUTES, RUN_ROUTES } from "./routes_runs.ts";

const SERVER_ROUTES = {
  /** Plain text, e.g. `2.22.5`. Read it with `open`: it is no JSON. */
  version: { method: "GET", path: "/version", effect: "read", repeatable: true },
  /** `{store_type, workspaces_enabled, ...}`; needs no sign-in; 404 before MLflow 3.10. */
  info: { method: "GET", path: "/api/3.0/mlflow/server-info", effect: "read", repeatable: true },
  /** `{workspaces: [{name, description}]}`; only on a server with workspaces. */
  workspaces: { method: "GET", path: "/api/3.0/mlflow/workspaces", effect: "read", repeatable: true },
} as const satisfies Record<string, Route>;

/** What azml does not carry yet, and counts. */
const LEFT_ROUTES = {
  /** Body `{locations: [{type: "MLFLOW_EXPERIMENT", mlflow_experiment: {experiment_id}}], max_results}`; MLflow 3. */
  traces: { method: "POST", path: "/api/3.0/mlflow/traces/search", effect: "read", repeatable: true },
  /** Query: `experiment_ids` (one), `max_results`; MLflow 2.14 to 2.x. */
  traces2: { method: "GET", path: "/api/2.0/mlflow/traces", effect: "read", repeatable: true },
  /** Evaluation datasets. Body `{experiment_ids, max_results (1,000), page_token}`; MLflow 3. */
  datasets: { method: "POST", path: "/api/3.0/mlflow/datasets/search", effect: "read", repeatable: true },
} as const satisfies Record<string, Route>;

/**
 * Every route that azml speaks to MLflow servers. Values of `{+path}` come percent-encoded, segment by segment; all
 * others are encoded by the wire. A repeat that the server would refuse, though the first try did all that was asked
 * (a name that then exists), is marked repeatable where asking afterwards tells the same: callers look.
 * Sources: the route maps of MLflow 2.22.5 and 3.17.2, and its REST reference.
 */
export const MLFLOW_ROUTES = {
  server: SERVER_ROUTES,
  experiments: EXPERIMENT_ROUTES,
  runs: RUN_ROUTES,
  metrics: METRIC_ROUTES,
  artifacts: ARTIFACT_ROUTES,
  models: MODEL_ROUTES,
  modelVersions: MODEL_VERSION_ROUTES,
  loggedModels: LOGGED_MODEL_ROUTES,
  left: LEFT_ROUTES,
} as const;

const OF_THE_REGISTRY: ReadonlySet<Route> = new Set<Route>([
  ...Object.values(MODEL_ROUTES),
  ...Object.values(MODEL_VERSION_ROUTES),
]);

/** Whether a route belongs to the model registry, which may be another server than the tracking server. */
export function isOfRegistry(route: Route): boolean {
  return OF_THE_REGISTRY.has(route);
}
