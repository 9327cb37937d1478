import { type Call, type CallRow, NOTHING, objects, type Reply, required, text } from "../call.ts";
import { passes, readFilter } from "../filter.ts";
import { invalid, missing } from "../mlflow_error.ts";
import { pageJson } from "../page.ts";
import { addVersion, type ModelVersion, type RegisteredModel } from "../state/registry.ts";
import { modelOf, pageSize } from "./registered_models.ts";
import { versionJson } from "./registry_json.ts";
import { promptRule } from "../prompt_rows.ts";
import { versionOrigin } from "./version_source.ts";

const STAGES = ["None", "Staging", "Production", "Archived"];

interface Found {
  readonly model: RegisteredModel;
  readonly version: ModelVersion;
}

/** The version of `name` and `version`. Throws 400 for what is no number, 404. */
export function versionOf(call: Call): Found {
  const [name, asked] = [required(call.input, "name"), required(call.input, "version")];
  if (!/^\d+$/.test(asked)) throw invalid(`Parameter 'version' must be an integer, got '${asked}'.`);
  const model = call.store.models.get(name);
  const version = model?.versions.get(Number(asked));
  if (model !== undefined && version !== undefined) return { model, version };
  throw missing(`Model Version (name=${name}, version=${asked}) not found`);
}

function create(call: Call): Reply {
  const { input, server, store } = call;
  required(input, "name");
  required(input, "source");
  const origin = versionOrigin(call);
  const model = modelOf(call);
  const version = addVersion(model, {
    ...origin,
    runLink: text(input.run_link),
    description: text(input.description),
  }, server.now());
  for (const tag of objects(input.tags)) version.tags.set(text(tag.key), text(tag.value));
  const logged = store.loggedModels.get(version.modelId);
  if (logged !== undefined) noteVersion(logged.tags, model.name, version.version);
  return { json: { model_version: versionJson(model, version, true) } };
}

/** A logged model says in a tag which versions rest on it. */
function noteVersion(tags: Map<string, string>, name: string, version: number): void {
  const held = tags.get("mlflow.modelVersions")?.slice(1, -1);
  const note = `{"name": ${JSON.stringify(name)}, "version": ${version}}`;
  tags.set("mlflow.modelVersions", `[${held === undefined ? note : `${held}, ${note}`}]`);
}

function read(call: Call): Reply {
  const { model, version } = versionOf(call);
  return { json: { model_version: versionJson(model, version, true) } };
}

function update(call: Call): Reply {
  const { model, version } = versionOf(call);
  version.description = text(call.input.description);
  version.updated = call.server.now();
  return { json: { model_version: versionJson(model, version, true) } };
}

function transition(call: Call): Reply {
  const { model, version } = versionOf(call);
  const asked = required(call.input, "stage");
  const stage = STAGES.find((one) => one.toLowerCase() === asked.toLowerCase());
  if (stage === undefined) {
    throw invalid(`Invalid Model Version stage: ${asked}. Value must be one of ${STAGES.join(", ")}.`);
  }
  const now = call.server.now();
  if (call.input.archive_existing_versions === true) {
    for (const other of model.versions.values()) {
      if (other !== version && other.stage === stage) {
        Object.assign(other, { stage: "Archived", updated: now });
      }
    }
  }
  Object.assign(version, { stage, updated: now });
  model.updated = now;
  return { json: { model_version: versionJson(model, version, true) } };
}

function remove(call: Call): Reply {
  const { model, version } = versionOf(call);
  model.versions.delete(version.version);
  for (const [alias, of] of model.aliases) if (of === version.version) model.aliases.delete(alias);
  model.updated = call.server.now();
  return NOTHING;
}

/** Newest change first; no aliases. */
function search(call: Call): Reply {
  const size = pageSize(call, 10_000, 200_000);
  const { clauses, wants } = promptRule(readFilter(text(call.input.filter)));
  const found: Found[] = [];
  for (const model of call.store.models.values()) {
    for (const version of model.versions.values()) {
      if (!wants(version.tags)) continue;
      const held = (kind: string, key: string) => heldValue({ model, version }, kind, key);
      if (clauses.every((clause) => passes(held(clause.kind, clause.key), clause))) {
        found.push({ model, version });
      }
    }
  }
  found.sort((left, right) =>
    right.version.updated - left.version.updated || (left.model.name < right.model.name ? -1 : 1)
  );
  return pageJson(
    "model_versions",
    found,
    [size, text(call.input.page_token)],
    ({ model, version }) => versionJson(model, version, false),
  );
}

function heldValue({ model, version }: Found, kind: string, key: string): string | number | undefined {
  if (kind === "tag") return version.tags.get(key);
  const values: Readonly<Record<string, string | number>> = {
    name: model.name,
    run_id: version.runId,
    source_path: version.source,
    version_number: version.version,
    version: version.version,
  };
  if (key in values) return values[key];
  throw invalid(`Invalid attribute key '${key}' specified.`);
}

function setTag(call: Call): Reply {
  versionOf(call).version.tags.set(required(call.input, "key"), text(call.input.value));
  return NOTHING;
}

function deleteTag(call: Call): Reply {
  versionOf(call).version.tags.delete(required(call.input, "key"));
  return NOTHING;
}

function downloadUri(call: Call): Reply {
  return { json: { artifact_uri: versionOf(call).version.source } };
}

const row = (
  name: string,
  method: string,
  path: string,
  effect: "read" | "write",
  handler: CallRow["handler"],
): CallRow => ({ name: `versions.${name}`, method, path: `model-versions/${path}`, effect, handler });

/** `model-versions/...`. */
export const versionCalls: readonly CallRow[] = [
  row("create", "POST", "create", "write", create),
  row("get", "GET", "get", "read", read),
  row("search", "GET", "search", "read", search),
  row("update", "PATCH", "update", "write", update),
  row("stage", "POST", "transition-stage", "write", transition),
  row("delete", "DELETE", "delete", "write", remove),
  row("set_tag", "POST", "set-tag", "write", setTag),
  row("delete_tag", "DELETE", "delete-tag", "write", deleteTag),
  row("download_uri", "GET", "get-download-uri", "read", downloadUri),
];
