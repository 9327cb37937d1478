import type { Route } from "../wire/wire.ts";

const api = "/api/2.0/mlflow";
const ajax = "/ajax-api/2.0/mlflow";

/** Experiments. */
export const EXPERIMENT_ROUTES = {
  /**
   * Body `{max_results, view_type, filter, order_by, page_token}`; without `max_results` it is refused.
   * Answers `{experiments, next_page_token}`.
   */
  search: {
    method: "POST",
    path: `${api}/experiments/search`,
    effect: "read",
    repeatable: true,
    refusal: "auth",
  },
  /** Query: `experiment_id`. */
  get: { method: "GET", path: `${api}/experiments/get`, effect: "read", repeatable: true },
  /** Query: `experiment_name`. Answers a deleted one, too. */
  getByName: { method: "GET", path: `${api}/experiments/get-by-name`, effect: "read", repeatable: true },
  /** Body `{name, tags, artifact_location}`. A name that exists is 400 `RESOURCE_ALREADY_EXISTS`, a deleted one's, too. */
  create: { method: "POST", path: `${api}/experiments/create`, effect: "write", repeatable: true },
  /** Body `{experiment_id, new_name}`. */
  update: { method: "POST", path: `${api}/experiments/update`, effect: "write", repeatable: true },
  /** Body `{experiment_id, key, value}`. */
  setTag: {
    method: "POST",
    path: `${api}/experiments/set-experiment-tag`,
    effect: "write",
    repeatable: true,
  },
  /** Body `{experiment_id, key}`; MLflow 3. */
  deleteTag: {
    method: "POST",
    path: `${api}/experiments/delete-experiment-tag`,
    effect: "write",
    repeatable: true,
  },
  /** Body `{experiment_id}`. A repeat is 404 where the first try arrived. */
  delete: { method: "POST", path: `${api}/experiments/delete`, effect: "write", repeatable: true },
  /** Body `{experiment_id}`. A repeat is 404 where the first try arrived. */
  restore: { method: "POST", path: `${api}/experiments/restore`, effect: "write", repeatable: true },
} as const satisfies Record<string, Route>;

/** Runs. */
export const RUN_ROUTES = {
  /** Body `{experiment_ids, filter, run_view_type, max_results (50,000 at most), order_by, page_token}`. */
  search: { method: "POST", path: `${api}/runs/search`, effect: "read", repeatable: true, refusal: "auth" },
  /** Query: `run_id`. */
  get: { method: "GET", path: `${api}/runs/get`, effect: "read", repeatable: true },
  /** Body `{experiment_id, start_time, run_name, user_id, tags}`. Each request makes another run. */
  create: { method: "POST", path: `${api}/runs/create`, effect: "write", repeatable: false },
  /** Body `{run_id, status, end_time, run_name}`. */
  update: { method: "POST", path: `${api}/runs/update`, effect: "write", repeatable: true },
  /** Body `{run_id, metrics, params, tags}`: 1,000 in all, 100 params, 100 tags. The same point twice is stored once. */
  logBatch: { method: "POST", path: `${api}/runs/log-batch`, effect: "write", repeatable: true },
  /** Body `{run_id, datasets: [{dataset, tags}], models: [{model_id}]}`. */
  logInputs: { method: "POST", path: `${api}/runs/log-inputs`, effect: "write", repeatable: true },
  /** Body `{run_id, models: [{model_id, step}]}`; MLflow 3. A repeat breaks a key of the store and is refused whole. */
  outputs: { method: "POST", path: `${api}/runs/outputs`, effect: "write", repeatable: false },
  /** Body `{run_id, model_json}`. Appends to the tag `mlflow.log-model.history`. */
  logModel: { method: "POST", path: `${api}/runs/log-model`, effect: "write", repeatable: false },
  /** Body `{run_id, key, value}`. */
  setTag: { method: "POST", path: `${api}/runs/set-tag`, effect: "write", repeatable: true },
  /** Body `{run_id, key}`. A repeat is 404 where the first try arrived. */
  deleteTag: { method: "POST", path: `${api}/runs/delete-tag`, effect: "write", repeatable: true },
  /** Body `{run_id}`. */
  delete: { method: "POST", path: `${api}/runs/delete`, effect: "write", repeatable: true },
  /** Body `{run_id}`. */
  restore: { method: "POST", path: `${api}/runs/restore`, effect: "write", repeatable: true },
} as const satisfies Record<string, Route>;

/** Metric histories. */
export const METRIC_ROUTES = {
  /** Query: `run_id`, `metric_key`, `max_results` (25,000 at most), `page_token`; 2.x ignores the last two and sends all. */
  history: { method: "GET", path: `${api}/metrics/get-history`, effect: "read", repeatable: true },
  /**
   * Query: `run_id` (repeated, 100 at most), `metric_key`, `max_results` (25,000 at most). Cut off there without a
   * token. Not under `/api`.
   */
  historyBulk: { method: "GET", path: `${ajax}/metrics/get-history-bulk`, effect: "read", repeatable: true },
} as const satisfies Record<string, Route>;
