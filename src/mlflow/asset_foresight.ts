import type { Loss } from "../records/loss.ts";
import type { UnitRecord } from "../records/unit.ts";
import type { FoundRun } from "../stages/ports.ts";
import { renumbered } from "./registry_version_carry.ts";

/** What of an object beside the jobs is other in what stands for it in a target, as its id there tells. */
export function foreseenOf(
  unit: UnitRecord,
  { target }: FoundRun,
  hasLoggedModels: boolean,
): readonly Loss[] {
  if (unit.role === "model_version" && unit.version) {
    const number = /\/(\d+)$/.exec(target)?.[1];
    return number === undefined || number === unit.version ? [] : [renumbered(unit.version, number)];
  }
  if (unit.role === "logged_model" && !hasLoggedModels) {
    const reason = `the target has no logged models (MLflow 2); its facts and files are at ${target}`;
    return [{ field: "logged_model", change: "moved", reason }];
  }
  return [];
}
