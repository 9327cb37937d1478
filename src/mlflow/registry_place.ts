import type { Artifacts } from "../records/artifacts.ts";
import { Failure } from "../records/failure.ts";
import type { Loss } from "../records/loss.ts";
import type { UnitRecord } from "../records/unit.ts";
import type { ArtifactOutcome } from "../stages/ports.ts";
import { finishHolder, HOLDER_EXPERIMENT, holderRun } from "./asset_holder.ts";
import { anyReferredRun } from "./asset_run.ts";
import { type AssetScope, NO_FILES, outcomeOf } from "./asset_scope.ts";
import type { Renaming } from "./mlmodel.ts";
import { assetText } from "./asset_tags.ts";
import type { LoggedModelIndex } from "./logged_model_index.ts";
import { isRemoteStore } from "./registry_path.ts";
import type { MlflowRun } from "./run_parse.ts";

/** Where a version's files lie in the target. */
export interface VersionPlace {
  readonly source: string;
  readonly runId: string | null;
  readonly modelId: string | null;
  /** The run that azml made for them, where it did. */
  readonly holder: string | null;
  readonly loss: readonly Loss[];
  readonly artifacts: ArtifactOutcome;
}

type Place = Pick<VersionPlace, "source"> & Partial<VersionPlace>;

/** Folder in a holder for a version whose place in its run nobody knows. */
const FOLDER = "model";

/**
 * Finds or makes the place of a version's files: the new logged model, the new run, or, where neither is there, a run
 * that is made for them. Throws `Failure` when there is nothing that a version could be made of.
 */
export async function placeVersion(
  scope: AssetScope,
  loggedModels: LoggedModelIndex,
  unit: UnitRecord,
): Promise<VersionPlace> {
  // A run that came deleted holds its files as it did at the source, and servers take versions of it.
  const run = await anyReferredRun(scope, unit);
  const place = await inLoggedModel(loggedModels, unit, run) ?? inRun(unit, run) ??
    await withOwnFiles(scope, unit, run?.isDeleted ? null : run) ?? elsewhere(unit, run);
  if (place === null) throw nothingToMakeItOf(unit);
  return {
    runId: run?.id ?? null,
    modelId: null,
    holder: null,
    loss: [],
    artifacts: outcomeOf(NO_FILES),
    ...place,
  };
}

async function inLoggedModel(
  loggedModels: LoggedModelIndex,
  unit: UnitRecord,
  run: MlflowRun | null,
): Promise<Place | null> {
  const model = await loggedModels.place(unit);
  if (model === null) return null;
  if (model.modelId !== null) {
    return { source: `models:/${model.modelId}`, modelId: model.modelId, runId: run?.id ?? null };
  }
  const reason = `the target has no logged models; its files are in a run, at ${model.folder}`;
  return {
    source: below(model.root, model.folder),
    runId: model.runId,
    loss: [{ field: "model_id", change: "moved", reason, original: assetText(unit, "model_id") }],
  };
}

function inRun(unit: UnitRecord, run: MlflowRun | null): Place | null {
  const path = assetText(unit, "path");
  return run?.artifactUri && path !== null ? { source: below(run.artifactUri, path) } : null;
}

/** Servers from 3.17 on want the files of a version in a run: its own, or one made for them. */
async function withOwnFiles(
  scope: AssetScope,
  unit: UnitRecord,
  run: MlflowRun | null,
): Promise<Place | null> {
  const artifacts: Artifacts | null = unit.artifacts ?? null;
  if (artifacts === null || artifacts.files.length === 0) return null;
  const { run: home, isNew } = run === null ? await holderRun(scope, unit) : { run, isNew: false };
  const uri = home.artifactUri;
  if (!uri) return null;
  const folder = run === null ? assetText(unit, "path") || FOLDER : `azml/model_versions/${unit.target_name}`;
  const from = assetText(unit, "run_id");
  const renamings: Renaming[] = from ? [{ key: "run_id", from, to: home.id }] : [];
  const put = scope.copyArtifacts
    ? await scope.files.put({ uri, run: home.id, model: null, folder, isNew, renamings }, artifacts)
    : NO_FILES;
  if (run === null) await finishHolder(scope, home);
  return {
    source: below(uri, folder),
    runId: home.id,
    holder: run === null ? home.id : null,
    loss: [
      movedTo(unit, home, folder),
      ...(run === null ? otherExperiment(unit) : []),
      ...(scope.copyArtifacts ? [] : [notCopied()]),
      ...put.loss,
    ],
    artifacts: outcomeOf(put),
  };
}

/** A store that every client reads by itself: the version names it as it did. */
function elsewhere(unit: UnitRecord, run: MlflowRun | null): Place | null {
  const source = assetText(unit, "source_uri");
  if (source === null || !isRemoteStore(source)) return null;
  const reason = `its files stay at ${source}, which azml cannot copy`;
  const loss: Loss[] = [{ field: "artifacts", change: "dropped", reason }];
  if (run === null && assetText(unit, "run_id") !== null) loss.push(runGone(unit));
  return { source, loss };
}

function movedTo(unit: UnitRecord, home: MlflowRun, folder: string): Loss {
  const original = assetText(unit, "run_id");
  const why = unit.refs?.["run"] === undefined ? "it has no run" : "its run is not in the target";
  const reason = unit.refs?.["run"] !== undefined && folder.startsWith("azml/")
    ? `its files lie outside of its run in the source; they are in run ${home.id}, at ${folder}`
    : `${why}; its files are in run ${home.id} of experiment "${HOLDER_EXPERIMENT}", at ${folder}`;
  return { field: "run_id", change: "moved", reason, ...(original === null ? {} : { original }) };
}

/** A version lies in the experiment of its run: one that went to a run made for it changes its own with it. */
function otherExperiment({ experiment }: UnitRecord): Loss[] {
  if (!experiment || experiment === HOLDER_EXPERIMENT) return [];
  const reason = `its files are in a run of experiment "${HOLDER_EXPERIMENT}"`;
  return [{ field: "experiment", change: "moved", reason, original: experiment }];
}

function runGone(unit: UnitRecord): Loss {
  const reason = "its run is not in the target";
  return { field: "run_id", change: "dropped", reason, original: assetText(unit, "run_id") };
}

function notCopied(): Loss {
  return { field: "artifacts", change: "dropped", reason: "copying artifacts was switched off" };
}

function nothingToMakeItOf(unit: UnitRecord): Failure {
  const run = assetText(unit, "run_id");
  const rests = run === null ? "has no run" : `rests on run ${run}, which is not in the target`;
  return new Failure(`Model version ${unit.origin.id} ${rests}, and its record names no files of its own`, {
    code: "version_without_files",
    reach: "record",
    retryable: run !== null,
    hint: run === null
      ? "extract it again with its artifacts, from a server that can list them"
      : "bring its run along, or first (--kinds job,model,model_version), and run it again",
  });
}

function below(root: string, folder: string): string {
  return folder === "" ? root : `${root.replace(/\/+$/, "")}/${folder}`;
}
