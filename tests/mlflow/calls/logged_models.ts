import {
  type Call,
  type CallRow,
  filled,
  NOTHING,
  objects,
  pairs,
  type Reply,
  required,
  text,
  texts,
} from "../call.ts";
import { passes, readFilter } from "../filter.ts";
import type { WireValue } from "../json_text.ts";
import { invalid, missing, MlflowError } from "../mlflow_error.ts";
import { pageJson } from "../page.ts";
import { newId } from "../state/run.ts";
import type { LoggedModel } from "../state/store.ts";
import { rootOf, safePath } from "./artifact_path.ts";
import { fileBelow, listingJson } from "./artifacts.ts";
import { activeExperiment } from "./experiments.ts";
import { pointJson } from "./run_json.ts";

function modelJson(model: LoggedModel): WireValue {
  const metrics = model.metrics.map(({ key, point, runId }) => ({
    ...pointJson(key, point),
    dataset_name: point.dataset_name,
    dataset_digest: point.dataset_digest,
    model_id: model.id,
    run_id: runId,
  }));
  return {
    info: {
      model_id: model.id,
      experiment_id: model.experimentId,
      name: model.name,
      creation_timestamp_ms: model.created,
      last_updated_timestamp_ms: model.updated,
      artifact_uri: model.artifactUri,
      status: model.status,
      model_type: model.modelType,
      source_run_id: model.sourceRunId || undefined,
      tags: pairs(model.tags),
    },
    data: { params: pairs(model.params), metrics: filled(metrics) },
  };
}

function modelOf({ store, vars }: Call): LoggedModel {
  const model = store.loggedModels.get(vars.model ?? "");
  if (model !== undefined && !model.deleted) return model;
  throw missing(`Logged model with ID '${vars.model}' not found.`);
}

function create(call: Call): Reply {
  const { input, server, store } = call;
  const experiment = activeExperiment(call, required(input, "experiment_id"));
  const id = `m-${newId()}`;
  const name = text(input.name) || `drawn-name-${store.loggedModels.size % 1000}`;
  if (/[/:.%"']/.test(name)) {
    throw invalid(
      `Invalid model name ('${name}') provided. Model name must be a non-empty string and cannot contain the ` +
        `following characters: ('/', ':', '.', '%', '"', "'")`,
    );
  }
  const now = server.now();
  const model: LoggedModel = {
    id,
    experimentId: experiment.id,
    name,
    artifactUri: `${experiment.artifactLocation}/models/${id}/artifacts`,
    created: now,
    updated: now,
    status: "LOGGED_MODEL_PENDING",
    modelType: text(input.model_type),
    sourceRunId: text(input.source_run_id),
    params: new Map(objects(input.params).map(({ key, value }) => [text(key), text(value)])),
    tags: new Map(objects(input.tags).map(({ key, value }) => [text(key), text(value)])),
    metrics: [],
    deleted: false,
  };
  store.loggedModels.set(id, model);
  return { json: { model: modelJson(model) } };
}

function read(call: Call): Reply {
  return { json: { model: modelJson(modelOf(call)) } };
}

function finalize(call: Call): Reply {
  const model = modelOf(call);
  model.status = text(call.input.status) || model.status;
  model.updated = call.server.now();
  return { json: { model: modelJson(model) } };
}

function addTags(call: Call): Reply {
  const model = modelOf(call);
  for (const tag of objects(call.input.tags)) model.tags.set(text(tag.key), text(tag.value));
  return NOTHING;
}

/** A param that is there is a 400 in the database's words. */
function addParams(call: Call): Reply {
  const model = modelOf(call);
  const params = objects(call.input.params);
  if (params.some(({ key }) => model.params.has(text(key)))) {
    throw new MlflowError(
      "BAD_REQUEST",
      "(sqlite3.IntegrityError) UNIQUE constraint failed: logged_model_params",
    );
  }
  for (const param of params) model.params.set(text(param.key), text(param.value));
  return NOTHING;
}

function remove(call: Call): Reply {
  modelOf(call).deleted = true;
  return NOTHING;
}

/** Newest first. */
function search(call: Call): Reply {
  required(call.input, "experiment_ids");
  const ids = new Set(texts(call.input.experiment_ids));
  const clauses = readFilter(text(call.input.filter));
  const found = [...call.store.loggedModels.values()].filter((model) =>
    !model.deleted && ids.has(model.experimentId) &&
    clauses.every(({ kind, key, ...clause }) => passes(heldValue(model, kind, key), { kind, key, ...clause }))
  ).sort((left, right) => right.created - left.created);
  return pageJson(
    "models",
    found,
    [Number(call.input.max_results ?? 100), text(call.input.page_token)],
    modelJson,
  );
}

function heldValue(model: LoggedModel, kind: string, key: string): string | number | undefined {
  if (kind === "tag") return model.tags.get(key);
  if (kind === "parameter") return model.params.get(key);
  const values: Readonly<Record<string, string | number>> = {
    name: model.name,
    model_id: model.id,
    model_type: model.modelType,
    status: model.status.replace("LOGGED_MODEL_", ""),
    source_run_id: model.sourceRunId,
    creation_time: model.created,
    creation_timestamp: model.created,
  };
  return values[key];
}

function files(call: Call): Reply {
  const model = modelOf(call);
  const path = safePath(text(call.input.artifact_directory_path)).replace(/\/$/, "");
  const root = rootOf(call.store, model.artifactUri);
  return { json: { root_uri: model.artifactUri, files: listingJson(call, root, path, path) } };
}

function file(call: Call): Reply {
  const model = modelOf(call);
  return fileBelow(
    call,
    rootOf(call.store, model.artifactUri),
    safePath(text(call.input.artifact_file_path)),
  );
}

const row = (
  name: string,
  method: string,
  path: string,
  effect: "read" | "write",
  handler: CallRow["handler"],
): CallRow => ({ name: `logged_models.${name}`, method, path, effect, since: "3", handler });

/** `logged-models/...`: MLflow 3 alone. */
export const loggedModelCalls: readonly CallRow[] = [
  row("create", "POST", "logged-models", "write", create),
  row("search", "POST", "logged-models/search", "read", search),
  row("get", "GET", "logged-models/{model}", "read", read),
  row("finalize", "PATCH", "logged-models/{model}", "write", finalize),
  row("delete", "DELETE", "logged-models/{model}", "write", remove),
  row("tags", "PATCH", "logged-models/{model}/tags", "write", addTags),
  row("params", "POST", "logged-models/{model}/params", "write", addParams),
  row("files", "GET", "logged-models/{model}/artifacts/directories", "read", files),
  row("file", "GET", "/ajax-api/2.0/mlflow/logged-models/{model}/artifacts/files", "read", file),
];
