import type { JsonValue } from "../records/json.ts";
import { DIGEST_TAG, isReservedTag, NAME_TAG } from "../records/lineage_tags.ts";
import type { FieldDiff } from "../records/diff.ts";
import type { JobRecord } from "../records/job.ts";
import { STATUS_UNSAID } from "../records/status_unsaid.ts";
import { targetName } from "../records/target_name.ts";
import type { UnitRecord } from "../records/unit.ts";
import { instant } from "./instant.ts";

type Text = string | null | undefined;

/**
 * Texts that are compared where the unit has them; what it has not (filtered away, or never there) is left alone, but
 * for the status: submit makes one of nothing, always the same.
 */
const TEXTS = ["experiment", "display_name", "description", "status"] as const;

/** Compares what stands in the record itself: parent, texts, times, archiving, params and tags. */
export function verifyFields(unit: UnitRecord, there: JobRecord): FieldDiff[] {
  const diffs: FieldDiff[] = [];
  const parent = unit.parent_target ?? null;
  if (!isItsParent(unit, there.parent ?? null)) diffs.push(differs("parent", parent, there.parent));
  for (const field of TEXTS) {
    const expected = unit[field] || (field === "status" ? STATUS_UNSAID : null);
    if (expected !== null && expected !== (there[field] ?? "")) {
      diffs.push(differs(field, expected, there[field]));
    }
  }
  diffs.push(...timeDiffs("started_at", unit.times?.started, there.started_at));
  diffs.push(...timeDiffs("ended_at", unit.times?.ended, there.ended_at));
  const { archived } = unit;
  if (typeof archived === "boolean" && archived !== (there.archived ?? false)) {
    diffs.push(differs("archived", archived, there.archived));
  }
  diffs.push(...paramDiffs(unit, there), ...tagDiffs(unit, there));
  return diffs;
}

/** A unit that came without its parent is a root, or hangs below that parent where the target had it all the same. */
function isItsParent(
  { parent_target: parent = null, as, origin }: UnitRecord,
  actual: string | null,
): boolean {
  if (actual === parent) return true;
  return parent === null && origin.parent !== null && actual === targetName(as, origin.source, origin.parent);
}

/** A difference with both sides. */
export function differs(
  field: string,
  source: JsonValue | undefined,
  target: JsonValue | undefined,
): FieldDiff {
  return { field, source: source ?? null, target: target ?? null };
}

/** Times are compared as instants, with all their digits. */
function timeDiffs(field: string, expected: Text, actual: Text): FieldDiff[] {
  if (expected === undefined || isSameTime(expected, actual ?? null)) return [];
  return [differs(field, expected, actual)];
}

function isSameTime(a: string | null, b: string | null): boolean {
  if (a === null || b === null || a === b) return a === b;
  const [first, second] = [instant(a), instant(b)];
  return first !== null && first === second;
}

function paramDiffs(unit: UnitRecord, there: JobRecord): FieldDiff[] {
  if (!unit.params) return [];
  const actual = there.params ?? {};
  const diffs = mapDiffs("params", unit.params, actual);
  if (unit.incomplete?.length) return diffs;
  for (const [name, value] of Object.entries(actual)) {
    if (!Object.hasOwn(unit.params, name)) diffs.push(differs(`params.${name}`, null, value));
  }
  return diffs;
}

/** Tags that a target leaves for azml to find a run by. */
const OWN_TAGS: ReadonlySet<string> = new Set([DIGEST_TAG, NAME_TAG]);

/** Tags in which the ids of the source's runs give way to those of the target's. */
const NAMES_RUNS: ReadonlySet<string> = new Set(["mlflow.log-model.history"]);
const RUN_ID = /\b[0-9a-f]{32}\b/g;

/** Tags that services add by themselves are no difference; a lineage tag that plan did not set is. */
function tagDiffs(unit: UnitRecord, there: JobRecord): FieldDiff[] {
  const expected = unit.tags ?? {};
  const actual = there.tags ?? {};
  const diffs = mapDiffs("tags", expected, actual);
  for (const [name, value] of Object.entries(actual)) {
    const isForeign = !isReservedTag(name) || OWN_TAGS.has(name) || Object.hasOwn(expected, name);
    if (!isForeign) diffs.push(differs(`tags.${name}`, null, value));
  }
  return diffs;
}

function mapDiffs(
  field: string,
  expected: Readonly<Record<string, string>>,
  actual: Readonly<Record<string, string>>,
): FieldDiff[] {
  return Object.entries(expected)
    .filter(([name, value]) => !Object.hasOwn(actual, name) || !isSameText(name, value, actual[name] ?? ""))
    .map(([name, value]) =>
      differs(`${field}.${name}`, value, Object.hasOwn(actual, name) ? actual[name] : null)
    );
}

function isSameText(name: string, expected: string, actual: string): boolean {
  if (expected === actual) return true;
  return NAMES_RUNS.has(name) && expected.replace(RUN_ID, "") === actual.replace(RUN_ID, "");
}
