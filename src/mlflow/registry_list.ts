import type { AssetKind } from "../records/asset.ts";
import type { JsonObject } from "../records/json.ts";
import type { ModelVersionRecord } from "../records/model_version.ts";
import type { AssetWant, FoundAsset } from "../stages/ports.ts";
import { inTurns } from "./in_turns.ts";
import type { LoggedModelPresence } from "./logged_model_presence.ts";
import { versionArtifacts } from "./registry_artifacts.ts";
import { newestOfEachStage } from "./registry_latest.ts";
import { modelPages, versionsOf } from "./registry_models.ts";
import { isRemoteStore, pathInRun } from "./registry_path.ts";
import { isPrompt, modelRecord, versionRecord } from "./registry_record.ts";
import { isFault, type VersionRuns } from "./registry_runs.ts";
import type { RunReads, Trouble } from "./run_reads.ts";

/** What listing a registry needs. */
export interface RegistryReaders {
  readonly reads: RunReads;
  readonly runs: VersionRuns;
  readonly loggedModels: LoggedModelPresence;
}

/** Models whose versions are held at a time. */
const LOT = 20;

/** A model and its versions, before their runs are known. */
interface ListedModel {
  readonly object: JsonObject;
  readonly versions: readonly ModelVersionRecord[];
  /** Why its versions could not be listed. */
  readonly trouble: Trouble | null;
}

/**
 * Registered models by name, each followed by its versions in numeric order; prompts are left out. A model whose
 * versions cannot be listed is told as incomplete. Throws `Failure` when the models cannot be listed.
 */
export async function* listRegistry(
  readers: RegistryReaders,
  kinds: ReadonlySet<AssetKind>,
  want: AssetWant,
): AsyncGenerator<readonly FoundAsset[], void, undefined> {
  const { reads, runs, loggedModels } = readers;
  for await (const page of modelPages(reads)) {
    const models = page.filter((model) => !isPrompt(model) && want.model(String(model["name"])));
    for (let start = 0; start < models.length && !reads.signal.aborted; start += LOT) {
      const lot = await inTurns(
        models.slice(start, start + LOT),
        reads.concurrency,
        (model) => kinds.has("model_version") ? readVersions(reads, model, want) : bare(model),
      );
      const versions = lot.flatMap((model) => model.versions);
      await runs.learn(versions.map((version) => version.run_id));
      await loggedModels.learn(
        versions.map(({ model_id: id, source_uri: uri }) => id ?? loggedModels.mayBeAt(uri)),
      );
      for (const model of lot) yield foundModel(readers, model, kinds, want);
    }
  }
}

function bare(object: JsonObject): Promise<ListedModel> {
  return Promise.resolve({ object, versions: [], trouble: null });
}

async function readVersions(reads: RunReads, object: JsonObject, want: AssetWant): Promise<ListedModel> {
  const model = modelRecord(object, reads.server.id);
  if (model === null) return { object, versions: [], trouble: null };
  try {
    const versions = (await versionsOf(reads, model.id))
      .flatMap((version) => versionRecord(version, reads.server.id, model.aliases ?? {}) ?? []);
    return { object, versions: want.latest ? newestOfEachStage(versions) : versions, trouble: null };
  } catch (error) {
    return { object, versions: [], trouble: reads.trouble(error) };
  }
}

function foundModel(
  readers: RegistryReaders,
  { object, versions, trouble }: ListedModel,
  kinds: ReadonlySet<AssetKind>,
  want: AssetWant,
): readonly FoundAsset[] {
  const record = modelRecord(object, readers.reads.server.id);
  if (record === null) return [];
  const found: FoundAsset[] = [];
  const faults = trouble === null ? [] : [{ ...trouble, part: "versions" }];
  if (kinds.has("model") && want.keep(record)) found.push({ kind: "asset", record, faults, artifacts: null });
  else if (trouble !== null) found.push({ kind: "missing", id: record.id, ...trouble });
  for (const version of versions) {
    const placed = placedVersion(readers, version, want);
    if (want.keep(placed.record)) found.push(placed);
  }
  return found;
}

/** A version with what its run tells; with files of its own where nothing else that is carried holds them. */
function placedVersion(
  { reads, runs, loggedModels }: RegistryReaders,
  version: ModelVersionRecord,
  want: AssetWant,
): Extract<FoundAsset, { readonly kind: "asset" }> {
  const from = runs.of(version);
  const run = isFault(from) ? null : from;
  const path = run === null ? null : pathInRun(version.source_uri ?? null, run);
  // SQL stores do not tell the logged model of a version that names it by the address of its files.
  const model_id = version.model_id ?? loggedModels.at(version.source_uri);
  const record: ModelVersionRecord = { ...version, model_id, experiment: run?.experiment ?? null, path };
  // A deleted run may be cleared away any day, in the target too: the files are named beside it.
  const isCarried = run !== null && !run.isDeleted && want.archived !== "only";
  // No server lists what lies in a store outside of all runs: clients read it there, wherever the version is.
  const isElsewhere = path === null && isRemoteStore(version.source_uri ?? null);
  const isHeld = (isCarried && path !== null) || isFault(from) || isElsewhere ||
    loggedModels.has(model_id, want.archived);
  return {
    kind: "asset",
    record,
    faults: isFault(from) ? [from] : [],
    artifacts: isHeld ? null : () => versionArtifacts(reads, record, run),
  };
}
