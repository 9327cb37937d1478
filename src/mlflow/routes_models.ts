import type { Route } from "../wire/wire.ts";

const api = "/api/2.0/mlflow";

/** Registered models. */
export const MODEL_ROUTES = {
  /** Query: `filter`, `max_results` (1,000 at most), `order_by`, `page_token`. Versions in it are the latest of each stage alone. */
  search: {
    method: "GET",
    path: `${api}/registered-models/search`,
    effect: "read",
    repeatable: true,
    refusal: "auth",
  },
  /** Query: `name`. Answers aliases and tags, too. */
  get: { method: "GET", path: `${api}/registered-models/get`, effect: "read", repeatable: true },
  /** Body `{name, tags, description}`. A name that exists is 400 `RESOURCE_ALREADY_EXISTS`. */
  create: { method: "POST", path: `${api}/registered-models/create`, effect: "write", repeatable: true },
  /** Body `{name, description}`. */
  update: { method: "PATCH", path: `${api}/registered-models/update`, effect: "write", repeatable: true },
  /** Body `{name, new_name}`. A repeat is 404 where the first try arrived. */
  rename: { method: "POST", path: `${api}/registered-models/rename`, effect: "write", repeatable: true },
  /** Body `{name}`; all versions go with it. A repeat is 404 where the first try arrived. */
  delete: { method: "DELETE", path: `${api}/registered-models/delete`, effect: "write", repeatable: true },
  /** Body `{name, key, value}`. */
  setTag: { method: "POST", path: `${api}/registered-models/set-tag`, effect: "write", repeatable: true },
  /** Body `{name, key}`. */
  deleteTag: {
    method: "DELETE",
    path: `${api}/registered-models/delete-tag`,
    effect: "write",
    repeatable: true,
  },
  /** Body `{name, alias, version}`; `latest` and `v<digits>` are refused. */
  setAlias: { method: "POST", path: `${api}/registered-models/alias`, effect: "write", repeatable: true },
  /** Body `{name, alias}`. */
  deleteAlias: {
    method: "DELETE",
    path: `${api}/registered-models/alias`,
    effect: "write",
    repeatable: true,
  },
  /** Query: `name`, `alias`. Answers the version. */
  getAlias: { method: "GET", path: `${api}/registered-models/alias`, effect: "read", repeatable: true },
} as const satisfies Record<string, Route>;

/** Versions of registered models. */
export const MODEL_VERSION_ROUTES = {
  /** Query: `filter`, `max_results` (10,000 at most), `order_by`, `page_token`. Answers no aliases. */
  search: {
    method: "GET",
    path: `${api}/model-versions/search`,
    effect: "read",
    repeatable: true,
    refusal: "auth",
  },
  /** Query: `name`, `version`. Answers aliases. */
  get: { method: "GET", path: `${api}/model-versions/get`, effect: "read", repeatable: true },
  /** Query: `name`, `version`. Answers `{artifact_uri}`. */
  downloadUri: {
    method: "GET",
    path: `${api}/model-versions/get-download-uri`,
    effect: "read",
    repeatable: true,
  },
  /** Body `{name, source, run_id, model_id, tags, description}`. Each request makes the next version. */
  create: { method: "POST", path: `${api}/model-versions/create`, effect: "write", repeatable: false },
  /** Body `{name, version, description}`. */
  update: { method: "PATCH", path: `${api}/model-versions/update`, effect: "write", repeatable: true },
  /** Body `{name, version}`. Its number is not given again. A repeat is 404 where the first try arrived. */
  delete: { method: "DELETE", path: `${api}/model-versions/delete`, effect: "write", repeatable: true },
  /** Body `{name, version, stage, archive_existing_versions}`. */
  transitionStage: {
    method: "POST",
    path: `${api}/model-versions/transition-stage`,
    effect: "write",
    repeatable: true,
  },
  /** Body `{name, version, key, value}`. */
  setTag: { method: "POST", path: `${api}/model-versions/set-tag`, effect: "write", repeatable: true },
  /** Body `{name, version, key}`. */
  deleteTag: {
    method: "DELETE",
    path: `${api}/model-versions/delete-tag`,
    effect: "write",
    repeatable: true,
  },
} as const satisfies Record<string, Route>;

/** Logged models (MLflow 3); they are the tracking server's, not the registry's. */
export const LOGGED_MODEL_ROUTES = {
  /** Body `{experiment_ids, filter, datasets, max_results, order_by, page_token}`. */
  search: { method: "POST", path: `${api}/logged-models/search`, effect: "read", repeatable: true },
  get: { method: "GET", path: `${api}/logged-models/{model_id}`, effect: "read", repeatable: true },
  /** Body `{experiment_id, name, model_type, source_run_id, params, tags}`. Each request makes another model. */
  create: { method: "POST", path: `${api}/logged-models`, effect: "write", repeatable: false },
  /** Body `{model_id, status}`: `LOGGED_MODEL_READY` or `LOGGED_MODEL_UPLOAD_FAILED`. */
  finalize: { method: "PATCH", path: `${api}/logged-models/{model_id}`, effect: "write", repeatable: true },
  delete: { method: "DELETE", path: `${api}/logged-models/{model_id}`, effect: "write", repeatable: true },
  /** Body `{model_id, tags: [{key, value}]}`. */
  setTags: {
    method: "PATCH",
    path: `${api}/logged-models/{model_id}/tags`,
    effect: "write",
    repeatable: true,
  },
  deleteTag: {
    method: "DELETE",
    path: `${api}/logged-models/{model_id}/tags/{key}`,
    effect: "write",
    repeatable: true,
  },
  /** Body `{model_id, params: [{key, value}]}`. */
  logParams: {
    method: "POST",
    path: `${api}/logged-models/{model_id}/params`,
    effect: "write",
    repeatable: true,
  },
} as const satisfies Record<string, Route>;
