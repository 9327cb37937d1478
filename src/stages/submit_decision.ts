import { sourceTag } from "../records/lineage_tags.ts";
import type { UnitRecord } from "../records/unit.ts";
import type { FoundRun } from "./ports.ts";
import type { SubmitSettings } from "./submit_options.ts";

/** What is to be done with a unit, seen what the target holds under its name. */
export type Decision = "created" | "updated" | "adopted" | "unchanged" | "conflict_skip" | "conflict_fail";

/** Before the digest of a run of which not everything landed (a file failed): nobody's digest, and told apart. */
const PARTLY = "partly:";

/** The digest to leave behind when some files did not land, so that the next run completes them. */
export function partlyLanded(digest: string): string {
  return PARTLY + digest;
}

/** Compares what was found under the name of a unit with what the unit says. */
export function decide(
  unit: UnitRecord,
  found: FoundRun | null,
  digest: string,
  onConflict: SubmitSettings["onConflict"],
): Decision {
  if (found === null) return "created";
  if (!isOurs(unit, found)) return onConflict === "update" ? "updated" : `conflict_${onConflict}`;
  if (found.digest === digest) return "unchanged";
  return found.digest === null || found.digest === partlyLanded(digest) ? "adopted" : "updated";
}

function isOurs(unit: UnitRecord, { origin }: FoundRun): boolean {
  return origin !== null && origin.id === unit.origin.id &&
    origin.source.toLowerCase() === sourceTag(unit.origin.source).toLowerCase();
}
