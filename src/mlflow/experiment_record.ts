import type { ExperimentRecord } from "../records/experiment.ts";
import type { JsonObject } from "../records/json.ts";
import { integerAt, pairsAt, textAt } from "./json_fields.ts";

/** The record of an experiment as `experiments/search` answers it; null for an object without an id. */
export function experimentRecord(object: JsonObject, source: string): ExperimentRecord | null {
  const id = textAt(object, "experiment_id");
  if (id === null) return null;
  const stage = textAt(object, "lifecycle_stage");
  return {
    kind: "experiment",
    v: 1,
    id,
    source,
    name: textAt(object, "name") ?? id,
    lifecycle_stage: stage,
    archived: stage === "deleted",
    artifact_location: textAt(object, "artifact_location"),
    creation_time: integerAt(object, "creation_time"),
    last_update_time: integerAt(object, "last_update_time"),
    tags: pairsAt(object, "tags"),
  };
}
