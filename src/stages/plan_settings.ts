import { Failure } from "../records/failure.ts";
import type { PlanOptions, PlanSettings, Rename } from "./plan_options.ts";

/** Completes plan's options with their defaults; throws `Failure` (usage) for what azml cannot do. */
export function planSettings(options: PlanOptions): PlanSettings {
  if (options.as === "jobs") {
    throw new Failure("planning as jobs was asked for, and this azml plans runs alone", {
      code: "as_jobs_unsupported",
      reach: "usage",
      retryable: false,
      hint: "leave --as out, or say --as runs: finished runs, no compute",
    });
  }
  const world = options.for;
  return {
    as: "runs",
    worldOf: (source) => world ?? (source?.startsWith("mlflow+") ? "mlflow" : "azureml"),
    experimentName: renaming(options.renames, options.experimentPrefix),
    modelName: renaming(options.modelRenames, options.modelPrefix),
  };
}

function renaming(renames: readonly Rename[] = [], prefix = ""): (name: string) => string {
  const names = new Map(renames.map(({ from, to }) => [from, to]));
  return (name) => prefix + (names.get(name) ?? name);
}
