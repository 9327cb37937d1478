import type { JsonObject } from "../records/json.ts";
import type { LoggedModelRecord } from "../records/logged_model.ts";
import { integerAt, objectAt, objectsAt, pairsAt, textAt } from "./json_fields.ts";

/**
 * The record of a logged model as `logged-models/search` answers it, without its files; null for an object without an
 * id. `experiment`: the name of its experiment.
 */
export function loggedModelRecord(
  object: JsonObject,
  source: string,
  experiment: (id: string) => string | null,
): LoggedModelRecord | null {
  const info = objectAt(object, "info");
  const data = objectAt(object, "data");
  const id = textAt(info, "model_id");
  if (id === null) return null;
  return {
    kind: "logged_model",
    v: 1,
    id,
    source,
    name: textAt(info, "name"),
    experiment: experiment(textAt(info, "experiment_id") ?? ""),
    source_run_id: textAt(info, "source_run_id"),
    model_type: textAt(info, "model_type"),
    status: textAt(info, "status"),
    status_message: textAt(info, "status_message"),
    creation_timestamp_ms: integerAt(info, "creation_timestamp_ms"),
    last_updated_timestamp_ms: integerAt(info, "last_updated_timestamp_ms"),
    artifact_uri: textAt(info, "artifact_uri"),
    tags: pairsAt(info, "tags"),
    params: pairsAt(data, "params"),
    metrics: objectsAt(data, "metrics").map(({ model_id: _own, ...metric }) => metric),
  };
}
