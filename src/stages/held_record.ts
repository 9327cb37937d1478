import { checkRecord } from "../records/check.ts";
import { isRecord } from "../records/item.ts";
import type { JobRecord } from "../records/job.ts";
import { parseLine } from "../records/parse_line.ts";
import type { PointsRecord } from "../records/points.ts";
import type { UnitRecord } from "../records/unit.ts";

/** Reads a line that was checked before it was set aside; throws `Error` (a bug) when it is none of these any more. */
export function heldRecord(text: string): JobRecord | PointsRecord | UnitRecord {
  const value = parseLine(text);
  const check = isRecord(value) ? checkRecord(value) : null;
  if (check?.ok === true) {
    const { record } = check;
    if (record.kind === "job" || record.kind === "points" || record.kind === "unit") return record;
  }
  throw new Error(`a line that was set aside came back as something else: ${text.slice(0, 80)}`);
}
