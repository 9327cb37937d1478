import type { JsonObject, JsonValue } from "../records/json.ts";
import { filledAt, integerAt, objectAt, objectsAt, pairsAt, textAt } from "./json_fields.ts";

/** The tag by which MLflow's clients name the run above. */
export const PARENT_TAG = "mlflow.parentRunId";

/** A run as `runs/search` and `runs/get` answer it. */
export interface MlflowRun {
  readonly id: string;
  readonly experimentId: string;
  readonly name: string | null;
  readonly user: string | null;
  /** Verbatim, e.g. `FINISHED`. */
  readonly status: string | null;
  /** Milliseconds since 1970. */
  readonly startedAt: number | null;
  readonly endedAt: number | null;
  readonly isDeleted: boolean;
  /** Id of the run above, null for a root. */
  readonly parent: string | null;
  readonly tags: Readonly<Record<string, string>>;
  readonly params: Readonly<Record<string, string>>;
  /** The latest point of each metric, as given: `key`, `value`, `timestamp`, `step` and maybe more. */
  readonly latest: readonly JsonObject[];
  readonly datasets: JsonValue;
  readonly modelInputs: JsonValue;
  readonly modelOutputs: JsonValue;
  /** Where its files lie, e.g. `mlflow-artifacts:/1/<run id>/artifacts`. */
  readonly artifactUri: string | null;
}

/** Reads a run of an answer; null for an object without an id. (MLflow REST API, object `Run`.) */
export function parseRun(object: JsonObject): MlflowRun | null {
  const info = objectAt(object, "info");
  const data = objectAt(object, "data");
  const id = textAt(info, "run_id") ?? textAt(info, "run_uuid");
  if (id === null) return null;
  const tags = pairsAt(data, "tags");
  return {
    id,
    experimentId: textAt(info, "experiment_id") ?? "",
    name: textAt(info, "run_name") ?? textAt(tags, "mlflow.runName"),
    user: textAt(info, "user_id"),
    status: textAt(info, "status"),
    startedAt: integerAt(info, "start_time"),
    endedAt: integerAt(info, "end_time"),
    isDeleted: textAt(info, "lifecycle_stage") === "deleted",
    parent: textAt(tags, PARENT_TAG),
    tags,
    params: pairsAt(data, "params"),
    latest: objectsAt(data, "metrics"),
    datasets: filledAt(objectAt(object, "inputs"), "dataset_inputs"),
    modelInputs: filledAt(objectAt(object, "inputs"), "model_inputs"),
    modelOutputs: filledAt(objectAt(object, "outputs"), "model_outputs"),
    artifactUri: textAt(info, "artifact_uri"),
  };
}
