import type { FieldDiff } from "../records/diff.ts";
import { isReservedAssetTag } from "../records/lineage_tags.ts";
import type { UnitRecord } from "../records/unit.ts";
import { assetText } from "./asset_unit.ts";
import type { HeldAsset } from "./held_assets.ts";
import { verifyArtifacts } from "./verify_artifacts.ts";
import { differs } from "./verify_fields.ts";

/** Fields that every target of a kind keeps, and how a unit names them. */
const FIELDS: readonly (readonly [field: string, of: (unit: UnitRecord) => string | null])[] = [
  ["name", (unit) => unit.name ?? null],
  ["version", (unit) => unit.version ?? null],
  ["description", (unit) => unit.description ?? null],
  ["current_stage", (unit) => assetText(unit, "current_stage")],
  ["model_type", (unit) => assetText(unit, "model_type")],
  ["experiment", (unit) => unit.experiment ?? null],
];

/**
 * Compares an object beside the jobs with what the target holds: texts, tags, aliases, and the files where both sides
 * name some. What the unit does not say is not compared. Throws `Failure` when the target's files cannot be listed.
 */
export async function verifyAsset(unit: UnitRecord, there: HeldAsset): Promise<FieldDiff[]> {
  const { record, artifacts } = there;
  const diffs: FieldDiff[] = [];
  for (const [field, read] of FIELDS) {
    const [expected, actual] = [read(unit), textAt(record, field)];
    if (expected !== null && expected !== "" && !same(field, expected, actual)) {
      diffs.push(differs(field, expected, actual));
    }
  }
  diffs.push(...tagDiffs(unit, record.tags ?? {}), ...aliasDiffs(unit, record));
  if (unit.artifacts && artifacts !== null) diffs.push(...await verifyArtifacts(unit, { artifacts }));
  return diffs;
}

function textAt(record: object, field: string): string | null {
  const value: unknown = Object(record)[field];
  return typeof value === "string" ? value : null;
}

/** MLflow says `None`, and newer servers nothing, for no stage. */
function same(field: string, expected: string, actual: string | null): boolean {
  if (field === "current_stage" && expected === "None") return actual === null || actual === "None";
  return expected === actual;
}

function tagDiffs(unit: UnitRecord, actual: Readonly<Record<string, string>>): FieldDiff[] {
  return Object.entries(unit.tags ?? {})
    .filter(([name, value]) => !isReservedAssetTag(name) && actual[name] !== value)
    .map(([name, value]) => differs(`tags.${name}`, value, actual[name] ?? null));
}

function aliasDiffs({ asset }: UnitRecord, record: object): FieldDiff[] {
  const expected = asset?.["aliases"];
  const actual: unknown = Object(record).aliases;
  if (!Array.isArray(expected) || !Array.isArray(actual)) return [];
  const [here, there] = [[...expected].sort(), [...actual].sort()];
  return JSON.stringify(here) === JSON.stringify(there) ? [] : [differs("aliases", here, there)];
}
