import { ASSET_KINDS, type AssetRecord } from "../records/asset.ts";
import { glob } from "./glob.ts";
import type { AssetWant } from "./ports.ts";
import type { Selection } from "./selection.ts";
import { badOption, lowerCasedWords, wordList } from "./word_list.ts";

/** The words of a selection that speak of more than jobs, as a person gave them. */
export interface AssetWords {
  /** Kinds of records; jobs and whatever else there is when absent. */
  readonly kinds?: readonly string[];
  /** Globs of model names. */
  readonly models?: readonly string[];
  /** `name/version`, or a version alone for every model. */
  readonly modelVersions?: readonly string[];
  /** Stages of model versions. */
  readonly stages?: readonly string[];
  /** Of each model the newest version of each stage. */
  readonly latestVersions?: boolean;
}

/** {@linkcode AssetWords}, read and found good. Null limits nothing. */
export interface AssetSelection {
  readonly kinds: ReadonlySet<string> | null;
  readonly models: readonly ((name: string) => boolean)[] | null;
  readonly versions: ReadonlySet<string> | null;
  /** Lower-cased. */
  readonly stages: ReadonlySet<string> | null;
  readonly latest: boolean;
}

const KINDS = ["job", ...ASSET_KINDS] as const;

/** Reads the words. Throws `Failure` of reach `usage` that names the option and what it may hold. */
export function readAssetSelection(words: AssetWords): AssetSelection {
  return {
    kinds: readKinds(words.kinds),
    models: wordList(words.models, "--models")?.map(glob) ?? null,
    versions: lowerCasedWords(words.modelVersions, "--model-versions"),
    stages: lowerCasedWords(words.stages, "--stages"),
    latest: words.latestVersions ?? false,
  };
}

function readKinds(values: readonly string[] | undefined): ReadonlySet<string> | null {
  const kinds = lowerCasedWords(values, "--kinds");
  for (const kind of kinds ?? []) {
    if (KINDS.some((known) => known === kind)) continue;
    throw badOption(`--kinds ${kind} is no kind that azml extracts`, `say some of ${KINDS.join(", ")}`);
  }
  return kinds;
}

/** Whether records of a kind are wanted. */
export function wantsKind({ assets: { kinds } }: Selection, kind: string): boolean {
  return kinds === null || kinds.has(kind);
}

/** What a source is asked for beside jobs. */
export function assetWantOf(selection: Selection): AssetWant {
  const { models, latest } = selection.assets;
  return {
    keep: keepAsset(selection),
    model: (name) => models === null || models.some((matches) => matches(name)),
    archived: selection.archived ?? "exclude",
    latest,
  };
}

/** Makes the test of an object beside jobs: each option limits only the kinds that it speaks of. */
export function keepAsset(selection: Selection): (record: AssetRecord) => boolean {
  const { experiment, archived, assets: { models, versions, stages } } = selection;
  const inExperiment = (name: string | null | undefined) =>
    experiment === null || (typeof name === "string" && experiment.some((matches) => matches(name)));
  const ofModel = (name: string | null | undefined) =>
    models === null || (typeof name === "string" && models.some((matches) => matches(name)));
  return (record) => {
    if (!wantsKind(selection, record.kind)) return false;
    switch (record.kind) {
      case "experiment":
        if (archived === "only" && record.archived !== true) return false;
        return inExperiment(record.name);
      case "logged_model":
        return inExperiment(record.experiment);
      case "model":
        return ofModel(record.name ?? record.id);
      case "model_version": {
        const named = versions === null ||
          versions.has(record.id.toLowerCase()) || versions.has(record.version ?? "");
        const staged = stages === null || stages.has((record.current_stage ?? "None").toLowerCase());
        return named && staged && ofModel(record.name);
      }
    }
  };
}
