import { type Call, text } from "../call.ts";
import { invalid } from "../mlflow_error.ts";
import { isSince } from "../version.ts";

/**
 * What `model-versions/create` says to a source. All versions: a local path must lie inside the run's artifacts, no path
 * may climb. From 3.17 a `runs:`, `models:` or proxied source must belong to the run (or logged model) that is named.
 */
export function checkSource(call: Call, source: string): void {
  const { input, store, server } = call;
  const modelId = isSince(server.version, "3") ? text(input.model_id) : "";
  const field = modelId === "" ? "run_id" : "model_id";
  const owner = modelId === "" ? text(input.run_id) : modelId;
  const root = modelId === ""
    ? store.runs.get(owner)?.artifactUri
    : store.loggedModels.get(owner)?.artifactUri;
  if (isLocal(source)) return checkLocal(source.replace(/^file:\/\//, ""), root);
  if (source.split("/").includes("..")) throw climbing(source);
  if (!isSince(server.version, "3.17")) return;
  const owned = ownership(source, { owner, root, field });
  if (owned) return;
  throw invalid(
    `Invalid model version source: '${source}'. The ${field} request parameter must identify the resource that ` +
      "contains the source.",
  );
}

function ownership(
  source: string,
  { owner, root, field }: { owner: string; root: string | undefined; field: string },
): boolean {
  const runs = /^runs:\/+([^/]+)/.exec(source);
  if (runs !== null) return field === "run_id" && runs[1] === owner;
  const models = /^models:\/+(m-[^/]+)$/.exec(source);
  if (models !== null) return field === "model_id" && models[1] === owner;
  if (!/^mlflow-artifacts:|\/api\/2\.0\/mlflow-artifacts\/artifacts\//.test(source)) return true;
  return root !== undefined && (source === root || source.startsWith(`${root}/`));
}

function isLocal(source: string): boolean {
  return !/^[a-z][a-z0-9+.-]*:/i.test(source) || /^file:/i.test(source);
}

function checkLocal(path: string, root: string | undefined): void {
  if (root !== undefined && (path === root || path.startsWith(`${root}/`))) return;
  throw invalid(
    `Invalid model version source: '${path}'. To use a local path as a model version source, the run_id request ` +
      "parameter has to be specified and the local path has to be contained within the artifact directory of the run " +
      "specified by the run_id.",
  );
}

function climbing(source: string): Error {
  return invalid(
    `Invalid model version source: '${source}'. If supplying a source as an http, https, local file path, ftp, ` +
      "objectstore, or mlflow-artifacts uri, an absolute path must be provided without relative path references " +
      "present. Please provide an absolute path.",
  );
}
