import { Failure } from "../records/failure.ts";
import { isJsonObject, type JsonObject, type JsonValue } from "../records/json.ts";
import type { Loss } from "../records/loss.ts";
import type { UnitRecord } from "../records/unit.ts";
import { objectAt, objectsAt, textAt } from "./json_fields.ts";
import { MLFLOW_ROUTES } from "./routes.ts";
import type { TargetScope } from "./target_scope.ts";

const FIELDS = ["name", "digest", "source_type", "source", "schema", "profile"] as const;

/**
 * Logs the datasets of a unit that are MLflow's own (`dataset_inputs`); others stay in `azml/original.json`, where all
 * are. The same one twice is stored once. Throws `Failure`.
 */
export async function writeDatasets(
  { server }: TargetScope,
  runId: string,
  unit: UnitRecord,
): Promise<readonly Loss[]> {
  const datasets = datasetsOf(unit.rest?.datasets);
  if (datasets.length === 0) return [];
  try {
    await server.send(MLFLOW_ROUTES.runs.logInputs, { body: { run_id: runId, datasets } });
    return [];
  } catch (thrown) {
    if (!(thrown instanceof Failure) || ![400, 404, 413].includes(thrown.facts.status ?? 0)) throw thrown;
    const reason = `the server did not take them (${thrown.facts.code}); kept in azml/original.json`;
    return [{ field: "datasets", change: "moved", reason }];
  }
}

function datasetsOf(value: JsonValue | undefined): JsonObject[] {
  if (!Array.isArray(value)) return [];
  return value.filter(isJsonObject).flatMap((input) => {
    const dataset = objectAt(input, "dataset");
    if (textAt(dataset, "name") === null || textAt(dataset, "digest") === null) return [];
    const fields = FIELDS.flatMap((field): [string, string][] => {
      const text = textAt(dataset, field);
      return text === null ? [] : [[field, text]];
    });
    return [{ dataset: Object.fromEntries(fields), tags: objectsAt(input, "tags") }];
  });
}
