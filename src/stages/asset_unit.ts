import { assetArtifacts, type AssetKind, type AssetRecord, isAssetKind } from "../records/asset.ts";
import { isJsonObject, type JsonValue } from "../records/json.ts";
import { targetName } from "../records/target_name.ts";
import type { UnitRecord } from "../records/unit.ts";
import type { PlanSettings } from "./plan_options.ts";

/** Fields of a record that have their place in a unit; all others go to `asset`. */
const PLACED: ReadonlySet<string> = new Set(
  "kind v id source name version experiment description tags archived artifacts incomplete reduced".split(
    " ",
  ),
);

/** Where a record of each kind names what it refers to: the unit's word for it, and whose target name that is. */
const REFERENCES: readonly (readonly [field: string, ref: string, as: "runs" | AssetKind])[] = [
  ["run_id", "run", "runs"],
  ["source_run_id", "run", "runs"],
  ["model_id", "logged_model", "logged_model"],
];

/**
 * Plans an object beside the jobs. `previous`: target name of the version of the same model that came before, which
 * has to be made first, because a registry numbers versions as they come.
 */
export function assetUnit(record: AssetRecord, settings: PlanSettings, previous: string | null): UnitRecord {
  const source = record.source ?? null;
  const name = targetName(record.kind, source, record.id);
  const refs = referencesOf(record, source);
  const needs = [
    ...Object.values(refs),
    ...(previous === null ? [] : [previous]),
  ];
  const experiment = experimentOf(record, settings);
  const artifacts = assetArtifacts(record);
  const unit: UnitRecord = {
    kind: "unit",
    v: 1,
    id: name,
    origin: { source, id: record.id, parent: null, root: null, depth: null },
    as: "runs",
    for: settings.worldOf(source),
    role: record.kind,
    target_name: name,
    parent_target: null,
    ...(needs.length === 0 ? {} : { needs }),
    name: nameOf(record, settings),
    ...(record.kind === "model_version" ? { version: record.version ?? null } : {}),
    ...(experiment === undefined ? {} : { experiment }),
    description: textOf(record["description"]),
    tags: record.tags ?? null,
    asset: restOf(record),
    ...(Object.keys(refs).length === 0 ? {} : { refs }),
    ...(artifacts === null ? {} : { artifacts }),
    ...(record.kind === "experiment" ? { archived: record.archived ?? null } : {}),
    loss: [],
  };
  return record.incomplete === undefined ? unit : { ...unit, incomplete: record.incomplete };
}

function nameOf(record: AssetRecord, settings: PlanSettings): string {
  const name = record.name ?? record.id;
  switch (record.kind) {
    case "experiment":
      return settings.experimentName(name);
    case "logged_model":
      return name;
    case "model":
    case "model_version":
      return settings.modelName(name);
  }
}

function experimentOf(record: AssetRecord, settings: PlanSettings): string | undefined {
  if (record.kind !== "logged_model" && record.kind !== "model_version") return undefined;
  return record.experiment ? settings.experimentName(record.experiment) : undefined;
}

function referencesOf(record: AssetRecord, source: string | null): Record<string, string> {
  const refs: Record<string, string> = {};
  for (const [field, ref, as] of REFERENCES) {
    const id = record[field];
    if (typeof id === "string" && id !== "") refs[ref] = targetName(as, source, id);
  }
  if (record.kind === "model_version" && record.name) {
    refs["model"] = targetName("model", source, record.name);
  }
  return refs;
}

function restOf(record: AssetRecord): Record<string, JsonValue> {
  const rest: Record<string, JsonValue> = {};
  for (const [field, value] of Object.entries(record)) {
    if (PLACED.has(field) || value === undefined || value === null) continue;
    // Whatever a looser line holds came out of a JSON parser.
    rest[field] = value as JsonValue;
  }
  return rest;
}

function textOf(value: unknown): string | null {
  return typeof value === "string" ? value : null;
}

/** The text of a field of a unit's `asset`; null when it is not there. */
export function assetText({ asset }: UnitRecord, field: string): string | null {
  return isJsonObject(asset) ? textOf(asset[field]) : null;
}

/** Whether a unit is for an object beside the jobs. */
export function isAssetUnit({ role }: UnitRecord): boolean {
  return isAssetKind(role);
}
