import type { Artifacts, FileRef, StoreRef } from "../records/artifacts.ts";
import { Failure } from "../records/failure.ts";
import type { ModelVersionRecord } from "../records/model_version.ts";
import type { FoundJob } from "../stages/ports.ts";
import { textAt } from "./json_fields.ts";
import { filesInProxy, filesInRun, filesOfLoggedModel } from "./registry_files.ts";
import { pathInRun, proxiedPath } from "./registry_path.ts";
import type { VersionRun } from "./registry_runs.ts";
import { MLFLOW_ROUTES } from "./routes.ts";
import type { RunReads } from "./run_reads.ts";

type Listed = Awaited<ReturnType<FoundJob["artifacts"]>>;

/** The files of a logged model. Throws `Failure`. */
export async function loggedModelArtifacts(reads: RunReads, id: string): Promise<Listed> {
  const files = await filesOfLoggedModel(reads, id);
  return told(storeOf(reads, "mlflow-model", id, ""), files);
}

/**
 * The files of a version that no run and no logged model of the source holds: in a deleted run, or anywhere in the
 * store that the server proxies. Throws `Failure` (record) when they cannot be listed through the server.
 */
export async function versionArtifacts(
  reads: RunReads,
  version: ModelVersionRecord,
  run: VersionRun | null,
): Promise<Listed> {
  const inRun = run === null ? null : pathInRun(version.source_uri ?? null, run);
  if (run !== null && inRun !== null) {
    const prefix = inRun === "" ? "" : `${inRun}/`;
    const files = await filesInRun(reads, run.id, inRun);
    return told(storeOf(reads, "mlflow", run.id, prefix), some(files, version, version.source_uri));
  }
  const uri = proxiedPath(version.source_uri ?? null) === null
    ? await downloadUri(reads, version)
    : version.source_uri ?? null;
  const root = proxiedPath(uri);
  if (root === null || root === "") throw outOfReach(version, uri);
  return told(
    storeOf(reads, "mlflow-path", "", `${root}/`),
    some(await filesInProxy(reads, root), version, uri),
  );
}

/** Where the registry says that a version's files are, for a source that names another object. */
async function downloadUri(reads: RunReads, { name, version }: ModelVersionRecord): Promise<string | null> {
  const query = { name: name ?? "", version: version ?? "" };
  return textAt(await reads.ask(MLFLOW_ROUTES.modelVersions.downloadUri, { query }), "artifact_uri");
}

function told(store: StoreRef, files: readonly FileRef[]): Listed {
  const artifacts: Artifacts = { store, files: [...files] };
  return { artifacts, faults: [] };
}

function storeOf(reads: RunReads, kind: string, container: string, prefix: string): StoreRef {
  return { kind, endpoint: reads.server.address, container, prefix };
}

/** A model without files is none: stores answer an empty list for a folder that is gone. */
function some(
  files: readonly FileRef[],
  { id }: ModelVersionRecord,
  uri: string | null | undefined,
): readonly FileRef[] {
  if (files.length > 0) return files;
  throw new Failure(`Listing the files of model version ${id}: nothing lies at ${uri}`, {
    code: "artifacts_gone",
    reach: "record",
    retryable: false,
    hint: "its run is gone, and its files with it",
  });
}

function outOfReach({ id }: ModelVersionRecord, uri: string | null): Failure {
  return new Failure(`Listing the files of model version ${id}: the server cannot list what lies at ${uri}`, {
    code: "artifacts_out_of_reach",
    reach: "record",
    retryable: false,
    hint: "a server lists what lies in a run, or in the store that it proxies",
  });
}
