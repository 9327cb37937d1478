import { DIGEST_TAG } from "../records/lineage_tags.ts";
import type { Loss } from "../records/loss.ts";
import type { UnitRecord } from "../records/unit.ts";
import type { OpenRun } from "./run_create.ts";

/** Texts of a unit and what holds them in a run. */
const TEXTS = [["display_name", "displayName"], ["description", "description"]] as const;

const STAYS = "the unit does not say it, and azml takes nothing away from a run that is there";

/**
 * What a run that was there holds beyond its unit: texts, tags and parameters from before (a unit that was edited), or
 * somebody's in the target. All of it stays, so each is told. Its metrics are told by `MetricWriter.extras`.
 */
export function heldBeyond(unit: UnitRecord, { run, wasThere }: OpenRun): readonly Loss[] {
  if (!wasThere) return [];
  const fields: string[] = [];
  for (const [field, held] of TEXTS) if (!unit[field] && run[held]) fields.push(field);
  fields.push(
    ...beyond(unit.tags, run.tags).filter((name) => name !== DIGEST_TAG).map((name) => `tags.${name}`),
    ...beyond(unit.params, run.params).map((name) => `params.${name}`),
  );
  return fields.map((field) => ({ field, change: "rewritten", reason: STAYS }));
}

function beyond(
  said: Readonly<Record<string, string>> | null | undefined,
  held: Readonly<Record<string, string>>,
): string[] {
  return Object.keys(held).filter((name) => !Object.hasOwn(said ?? {}, name));
}
