import { isJsonObject, type JsonObject, type JsonValue } from "../records/json.ts";
import {
  DIGEST_TAG,
  ID_TAG,
  isReservedAssetTag,
  isServersTag,
  NAME_TAG,
  SOURCE_TAG,
  sourceTag,
} from "../records/lineage_tags.ts";
import type { Loss } from "../records/loss.ts";
import type { UnitRecord } from "../records/unit.ts";
import type { FoundRun } from "../stages/ports.ts";

export { DIGEST_TAG, ID_TAG, NAME_TAG, SOURCE_TAG };

/** Number of a version in the source. */
export const VERSION_TAG = "azml_version";

/** On a version that only took up a number, for as long as it is there. */
export const PLACEHOLDER_TAG = "azml_placeholder";

/** On a version: the run that azml made for its files. */
export const HOLDER_TAG = "azml_holder";

/** On a run: target name of the version or logged model whose files it holds. */
export const HOLDS_TAG = "azml_holds";

/** On a model that made room for another one: that one's name. */
export const REPLACED_TAG = "azml_replaced_by";

/** Names (JSON list) of the source's own tags that azml brought: only these are ever taken away again. */
const BROUGHT_TAG = "azml_tags";

/** Facts that the target sets by itself, and the tag that keeps the source's. */
const MOVED: readonly (readonly [field: string, tag: string])[] = [
  ["creation_timestamp", "azml_created_at"],
  ["creation_timestamp_ms", "azml_created_at"],
  ["last_updated_timestamp", "azml_updated_at"],
  ["last_updated_timestamp_ms", "azml_updated_at"],
  ["user_id", "azml_user"],
  ["run_id", "azml_run_id"],
  ["source_run_id", "azml_run_id"],
  ["source_uri", "azml_source_uri"],
];

/** The tags that a unit's object shall have, the digest apart, and what of the source's own did not find room. */
export function wantedTags(
  unit: UnitRecord,
): { readonly tags: Record<string, string>; readonly loss: readonly Loss[] } {
  const tags: Record<string, string> = {};
  const loss: Loss[] = [];
  for (const [name, value] of Object.entries(unit.tags ?? {})) {
    if (isServersTag(name)) continue;
    if (isReservedAssetTag(name)) loss.push(reserved(name, value));
    else tags[name] = value;
  }
  for (const [field, tag] of MOVED) {
    const text = factOf(unit.asset?.[field]);
    if (text === null) continue;
    tags[tag] = text;
    if (field.startsWith("creation_") || field === "user_id") {
      loss.push({ field, change: "moved", reason: `set by the target; kept in tag ${tag}` });
    }
  }
  const brought = JSON.stringify(Object.keys(tags).filter((name) => !isReservedAssetTag(name)).sort());
  // Tags that a filter took away are not carried, and those that are there stay.
  return { tags: { ...tags, ...originTags(unit), ...(unit.tags ? { [BROUGHT_TAG]: brought } : {}) }, loss };
}

/** Tags that azml brought before and that the source has no more. What people put on an object in the target stays. */
export function goneTags(
  there: Readonly<Record<string, string>>,
  wanted: Readonly<Record<string, string>>,
): readonly string[] {
  if (wanted[BROUGHT_TAG] === undefined) return [];
  return namesIn(there[BROUGHT_TAG]).filter((name) =>
    name in there && !(name in wanted) && !isReservedAssetTag(name)
  );
}

function namesIn(text: string | undefined): readonly string[] {
  try {
    const names = JSON.parse(text ?? "[]");
    return Array.isArray(names) ? names.filter((name) => typeof name === "string") : [];
  } catch {
    // Somebody else wrote it: then nothing is known to be azml's.
    return [];
  }
}

/** The tags by which an object is known as azml's. */
export function originTags(unit: UnitRecord): Record<string, string> {
  return {
    [SOURCE_TAG]: sourceTag(unit.origin.source),
    [ID_TAG]: unit.origin.id,
    [NAME_TAG]: unit.target_name,
    ...(unit.role === "model_version" && unit.version ? { [VERSION_TAG]: unit.version } : {}),
  };
}

/** What the tags of an object say of where it comes from. */
export function foundBy(name: string, target: string, tags: Readonly<Record<string, string>>): FoundRun {
  const source = tags[SOURCE_TAG];
  const id = tags[ID_TAG];
  return {
    name,
    target,
    origin: source !== undefined && id !== undefined ? { source, id } : null,
    digest: tags[DIGEST_TAG] || null,
  };
}

/** Tags as the service takes them. */
export function asPairs(tags: Readonly<Record<string, string>>): JsonObject[] {
  return Object.entries(tags).map(([key, value]) => ({ key, value }));
}

/** The list of texts at a field of a unit's `asset`. */
export function textsOf({ asset }: UnitRecord, field: string): readonly string[] {
  const value = isJsonObject(asset) ? asset[field] : null;
  return Array.isArray(value) ? value.filter((text) => typeof text === "string") : [];
}

/** The text at a field of a unit's `asset`; null when it is not there, `""` where it is empty. */
export function assetText({ asset }: UnitRecord, field: string): string | null {
  const value = asset?.[field];
  return typeof value === "string" ? value : null;
}

function reserved(name: string, original: string): Loss {
  return {
    field: `tags.${name}`,
    change: "dropped",
    reason: "azml keeps this tag for its own lineage",
    original,
  };
}

/** Beyond these no date can be written. */
const MOST_MS = 8.64e15;

function factOf(value: JsonValue | undefined): string | null {
  if (typeof value === "number") {
    return Math.abs(value) > MOST_MS ? String(value) : new Date(value).toISOString();
  }
  return typeof value === "string" && value !== "" ? value : null;
}
