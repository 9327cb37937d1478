import { type Call, type CallRow, NOTHING, type Reply, required } from "../call.ts";
import { invalid } from "../mlflow_error.ts";
import { versionOf } from "./model_versions.ts";
import { modelOf } from "./registered_models.ts";
import { versionJson } from "./registry_json.ts";

function checkAlias(alias: string): void {
  if (!/^[\w-]+$/.test(alias)) {
    throw invalid(
      `Invalid alias name: '${alias}'. Names may only contain alphanumerics, underscores (_), and dashes (-).`,
    );
  }
  if (alias.toLowerCase() === "latest") {
    throw invalid("'latest' alias name (case insensitive) is reserved.");
  }
  if (/^v\d+$/i.test(alias)) throw invalid(`Version alias name '${alias}' is reserved.`);
}

function set(call: Call): Reply {
  const alias = required(call.input, "alias");
  checkAlias(alias);
  const { model, version } = versionOf(call);
  model.aliases.set(alias, version.version);
  return NOTHING;
}

/** An alias that is not there is a 400, not a 404. */
function read(call: Call): Reply {
  const model = modelOf(call);
  const alias = required(call.input, "alias");
  const version = model.versions.get(model.aliases.get(alias) ?? 0);
  if (version === undefined) throw invalid(`Registered model alias ${alias} not found.`);
  return { json: { model_version: versionJson(model, version, true) } };
}

function remove(call: Call): Reply {
  modelOf(call).aliases.delete(required(call.input, "alias"));
  return NOTHING;
}

const path = "registered-models/alias";

/** `registered-models/alias`. */
export const aliasCalls: readonly CallRow[] = [
  { name: "aliases.set", method: "POST", path, effect: "write", handler: set },
  { name: "aliases.get", method: "GET", path, effect: "read", handler: read },
  { name: "aliases.delete", method: "DELETE", path, effect: "write", handler: remove },
];
