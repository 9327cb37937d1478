import { isJsonObject, type JsonValue } from "../records/json.ts";
import type { Run } from "./run.ts";

/**
 * The hyperparameters that a sweep chose for a trial, as strings. A sweep keeps them as JSON text of each trial in the
 * parent's tags, `_aml_system_<trial>` (older: `<trial>`), which is the only place that Microsoft's own reader of
 * sweeps looks at; some trials carry a tag `hyperparameters` as well. Empty when neither is there.
 */
export function hyperparametersOf(parent: Run | null, trial: Run): Record<string, string> {
  const texts = [
    parent?.tags?.[`_aml_system_${trial.id}`],
    parent?.tags?.[trial.id],
    trial.tags?.["hyperparameters"],
  ];
  for (const text of texts) {
    const chosen = text === undefined ? null : parse(text);
    if (isJsonObject(chosen)) {
      return Object.fromEntries(Object.entries(chosen).map(([name, value]) => [name, asText(value)]));
    }
  }
  return {};
}

function parse(text: string): JsonValue {
  try {
    return JSON.parse(text);
  } catch {
    // A tag of that name that is no JSON was set by somebody else; it stays a tag.
    return null;
  }
}

function asText(value: JsonValue): string {
  return typeof value === "string" ? value : JSON.stringify(value);
}
