import type { JsonObject } from "../records/json.ts";
import type { ModelRecord } from "../records/model.ts";
import type { ModelVersionRecord } from "../records/model_version.ts";
import { integerAt, objectsAt, pairsAt, textAt } from "./json_fields.ts";

/** Marks registered models that are prompts (MLflow 2.21 and newer). */
export const PROMPT_TAG = "mlflow.prompt.is_prompt";

/** Whether a registered model is a prompt. */
export function isPrompt(model: JsonObject): boolean {
  return pairsAt(model, "tags")[PROMPT_TAG]?.toLowerCase() === "true";
}

/** The record of a registered model as `registered-models/search` answers it; null for an object without a name. */
export function modelRecord(object: JsonObject, source: string): ModelRecord | null {
  const name = textAt(object, "name");
  if (name === null) return null;
  return {
    kind: "model",
    v: 1,
    id: name,
    source,
    name,
    description: textAt(object, "description"),
    user_id: textAt(object, "user_id"),
    creation_timestamp: integerAt(object, "creation_timestamp"),
    last_updated_timestamp: integerAt(object, "last_updated_timestamp"),
    tags: pairsAt(object, "tags"),
    aliases: aliasesOf(object),
  };
}

/** Version by alias, as a registered model tells them. */
export function aliasesOf(model: JsonObject): Record<string, string> {
  return Object.fromEntries(
    objectsAt(model, "aliases").flatMap((pair): [string, string][] => {
      const [alias, version] = [textAt(pair, "alias"), versionAt(pair)];
      return alias === null || version === null ? [] : [[alias, version]];
    }),
  );
}

/** The number of a version as text; null where there is none. */
export function versionAt(object: JsonObject): string | null {
  const number = integerAt(object, "version");
  return number === null ? textAt(object, "version") : String(number);
}

/**
 * The record of a version as `model-versions/search` answers it, without what only its run tells (`experiment`,
 * `path`); null for an object without a name or number. Search answers no aliases: the model's are given beside.
 */
export function versionRecord(
  object: JsonObject,
  source: string,
  aliases: Readonly<Record<string, string>>,
): ModelVersionRecord | null {
  const name = textAt(object, "name");
  const version = versionAt(object);
  if (name === null || version === null) return null;
  const uri = textAt(object, "source");
  return {
    kind: "model_version",
    v: 1,
    id: `${name}/${version}`,
    source,
    name,
    version,
    description: textAt(object, "description"),
    user_id: textAt(object, "user_id"),
    current_stage: textAt(object, "current_stage"),
    status: textAt(object, "status"),
    status_message: textAt(object, "status_message"),
    tags: pairsAt(object, "tags"),
    aliases: Object.keys(aliases).filter((alias) => aliases[alias] === version).sort(),
    run_id: textAt(object, "run_id"),
    run_link: textAt(object, "run_link"),
    source_uri: uri,
    // SQL stores leave the field out and tell it by the source alone.
    model_id: textAt(object, "model_id") ?? loggedModelIn(uri),
    creation_timestamp: integerAt(object, "creation_timestamp"),
    last_updated_timestamp: integerAt(object, "last_updated_timestamp"),
  };
}

function loggedModelIn(uri: string | null): string | null {
  return /^models:\/{1,3}(m-[^/]+)\/?$/.exec(uri ?? "")?.[1] ?? null;
}
