import type { Artifacts } from "./artifacts.ts";
import type { ExperimentRecord } from "./experiment.ts";
import type { LoggedModelRecord } from "./logged_model.ts";
import type { ModelRecord } from "./model.ts";
import type { ModelVersionRecord } from "./model_version.ts";

/** Kinds of objects beside jobs, in the order in which they refer to each other. */
export const ASSET_KINDS = ["experiment", "logged_model", "model", "model_version"] as const;

/** See {@linkcode ASSET_KINDS}. */
export type AssetKind = typeof ASSET_KINDS[number];

/** An object beside the jobs. */
export type AssetRecord = ExperimentRecord | LoggedModelRecord | ModelRecord | ModelVersionRecord;

/** Whether a word is an {@linkcode AssetKind}. */
export function isAssetKind(kind: string): kind is AssetKind {
  return ASSET_KINDS.some((known) => known === kind);
}

/** The files that an object holds itself; null for a kind without files, or where none are told. */
export function assetArtifacts(record: AssetRecord): Artifacts | null {
  const hasFiles = record.kind === "model_version" || record.kind === "logged_model";
  return hasFiles ? record.artifacts ?? null : null;
}
