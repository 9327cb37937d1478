import type { ModelVersionRecord } from "../records/model_version.ts";

/** Of one model's versions in numeric order the newest of each stage, in the same order. */
export function newestOfEachStage(versions: readonly ModelVersionRecord[]): readonly ModelVersionRecord[] {
  const newest = new Map<string, ModelVersionRecord>();
  for (const version of versions) newest.set(version.current_stage ?? "None", version);
  return versions.filter((version) => newest.get(version.current_stage ?? "None") === version);
}
