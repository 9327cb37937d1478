import type { UnitRecord } from "../records/unit.ts";
import type { Made, MadeUnits } from "./made_units.ts";
import type { FoundRun } from "./ports.ts";

/** Where a unit hangs: below a run of the target, or nowhere (`isOrphan`: though it names a parent). */
export type Place =
  | { readonly kind: "root"; readonly isOrphan: boolean }
  | { readonly kind: "child"; readonly parent: string }
  | { readonly kind: "unplaced"; readonly fate: Exclude<Made["fate"], "there"> };

/** Finds the place of a unit: waits until it is known whether its parent exists, or asks what the target holds. */
export async function placeOf(
  unit: UnitRecord,
  made: MadeUnits,
  found: Promise<ReadonlyMap<string, FoundRun>>,
): Promise<Place> {
  const name = unit.parent_target ?? null;
  if (name === null) return { kind: "root", isOrphan: false };
  // Its own parent: it would wait for itself.
  if (name === unit.target_name) return { kind: "root", isOrphan: true };
  const passed = made.fate(name);
  if (passed === undefined) {
    const there = (await found).get(name);
    return there === undefined ? { kind: "root", isOrphan: true } : { kind: "child", parent: there.target };
  }
  const parent = await passed;
  return parent.fate === "there"
    ? { kind: "child", parent: parent.target }
    : { kind: "unplaced", fate: parent.fate };
}
