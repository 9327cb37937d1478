import { type Call, text } from "../call.ts";
import { invalid, MlflowError } from "../mlflow_error.ts";
import { isSince } from "../version.ts";

/** Where a version comes from, as it is kept. */
export interface VersionOrigin {
  readonly source: string;
  readonly runId: string;
  readonly modelId: string;
}

/** Schemes that name a host of their own: 3.17 refuses them unless the server is told to allow them. */
const HOST_SCHEMES = new Set(["http", "https", "ftp", "sftp", "hdfs", "viewfs", "abfss", "r2", "b2"]);

/**
 * What `model-versions/create` makes of source, run and logged model. All versions: a local path must lie inside the
 * run's artifacts, no path may climb or be relative. From 3.17 a `runs:`, `models:/m-` or proxied source must belong to
 * the run (or logged model) that is named, and schemes with hosts are refused. Throws 400.
 */
export function versionOrigin(call: Call): VersionOrigin {
  const { input, store, server } = call;
  const asked = text(input.source);
  const given: VersionOrigin = {
    source: asked,
    runId: text(input.run_id),
    modelId: isSince(server.version, "3") ? text(input.model_id) : "",
  };
  const isNew = isSince(server.version, "3.17");
  if (isNew) checkScheme(asked);
  const origin = isNew ? inherited(call, given) : given;
  checkSource(call, origin);
  if (!isNew) checkReference(call, asked);
  if (origin.modelId === "") return origin;
  const logged = store.loggedModels.get(origin.modelId);
  if (logged === undefined) throw unreadable(asked, `Logged model with ID '${origin.modelId}' not found.`);
  return { ...origin, runId: origin.runId || logged.sourceRunId };
}

function checkScheme(source: string): void {
  const scheme = /^([a-z][a-z0-9+.-]*):/i.exec(source)?.[1]?.toLowerCase() ?? "";
  if (!HOST_SCHEMES.has(scheme) || source.includes("/api/2.0/mlflow-artifacts/")) return;
  throw invalid(
    `'source' cannot use the '${scheme}' scheme: the '${scheme}' scheme addresses a host other than the tracking ` +
      "server's configured artifact storage, so the server would connect to the host named in the URI. Set the " +
      "MLFLOW_ALLOWED_HOST_ADDRESSED_ARTIFACT_SCHEMES environment variable on the server to allow it.",
  );
}

/** A version that is made from another version takes its run and logged model (3.17). */
function inherited(call: Call, given: VersionOrigin): VersionOrigin {
  const reference = /^models:\/+([^/@]+)(?:\/(\d+)|@(.+))$/.exec(given.source);
  if (reference === null || reference[1]?.startsWith("m-")) return given;
  const [, name = "", number, alias] = reference;
  const model = call.store.models.get(name);
  if (model === undefined) {
    throw new MlflowError("RESOURCE_DOES_NOT_EXIST", `Registered Model with name=${name} not found`);
  }
  const version = model.versions.get(Number(number ?? model.aliases.get(alias ?? "") ?? 0));
  if (version === undefined && alias !== undefined) {
    throw invalid(`Registered model alias ${alias} not found.`);
  }
  if (version === undefined) {
    throw new MlflowError(
      "RESOURCE_DOES_NOT_EXIST",
      `Model Version (name=${name}, version=${number}) not found`,
    );
  }
  const differs = (field: string, held: string) =>
    call.input[field] !== undefined && text(call.input[field]) !== held;
  if (differs("run_id", version.runId) || differs("model_id", version.modelId)) {
    throw invalid(
      `Invalid model version source: '${given.source}'. The run_id and model_id request parameters must match the ` +
        "referenced model version.",
    );
  }
  return { source: `models:/${name}/${version.version}`, runId: version.runId, modelId: version.modelId };
}

/** Older servers look a `models:` source up and answer 500 when it is not there. */
function checkReference({ store }: Call, source: string): void {
  const reference = /^models:\/+([^/@]+)(?:\/(\d+)|@(.+))$/.exec(source);
  if (reference === null) return;
  const [, name = "", number, alias = ""] = reference;
  const model = store.models.get(name);
  if (model?.versions.has(Number(number ?? model.aliases.get(alias) ?? 0))) return;
  throw unreadable(
    source,
    "int() argument must be a string, a bytes-like object or a real number, not 'NoneType'",
  );
}

function unreadable(source: string, why: string): Error {
  return new MlflowError(
    "INTERNAL_ERROR",
    `Unable to fetch model from model URI source artifact location '${source}'.Error: ${why}`,
  );
}

function checkSource({ store, server }: Call, { source, runId, modelId }: VersionOrigin): void {
  const field = modelId === "" ? "run_id" : "model_id";
  const root = modelId === ""
    ? store.runs.get(runId)?.artifactUri
    : store.loggedModels.get(modelId)?.artifactUri;
  if (isLocal(source)) return checkLocal(source.replace(/^file:\/\//, ""), { root, field });
  if (source.split("/").includes("..") || !/^[^:]+:\//.test(source)) throw climbing(source);
  if (!isSince(server.version, "3.17")) return;
  if (owns(source, { owner: modelId || runId, root, field })) return;
  const wanted = /^models:/.test(source) ? "model_id" : field;
  throw invalid(
    `Invalid model version source: '${source}'. The ${wanted} request parameter must identify the resource that ` +
      "contains the source.",
  );
}

function owns(
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

function checkLocal(path: string, { root, field }: { root: string | undefined; field: string }): void {
  if (root !== undefined && (path === root || path.startsWith(`${root}/`))) return;
  throw invalid(
    `Invalid model version source: '${path}'. To use a local path as a model version source, the ${field} request ` +
      "parameter has to be specified and the local path has to be contained within the artifact directory of the run " +
      `specified by the ${field}.`,
  );
}

function climbing(source: string): Error {
  return invalid(
    `Invalid model version source: '${source}'. If supplying a source as an http, https, local file path, ftp, ` +
      "objectstore, or mlflow-artifacts uri, an absolute path must be provided without relative path references " +
      "present. Please provide an absolute path.",
  );
}
