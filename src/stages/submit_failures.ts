import { isAssetKind } from "../records/asset.ts";
import { Failure } from "../records/failure.ts";
import type { UnitRecord } from "../records/unit.ts";

/** A unit that was planned for another way of replaying. */
export function notRuns(unit: UnitRecord): Failure {
  return new Failure(`unit ${unit.id} was planned as ${unit.as}, and this azml submits runs alone`, {
    code: "as_jobs_unsupported",
    reach: "record",
    retryable: false,
    hint: "plan its record again with --as runs",
  });
}

/** A unit whose name is taken by a run that azml did not make for it. */
export function nameTaken(unit: UnitRecord): Failure {
  return new Failure(
    `${nounOf(unit)} ${unit.origin.id} was to become ${
      unit.name ?? unit.target_name
    }, and one of that name is not azml's`,
    {
      code: "conflict",
      reach: "record",
      retryable: false,
      hint: "say --on-conflict skip to leave it alone, or --on-conflict update to make it azml's",
    },
  );
}

/** An object beside the jobs that needs one that failed. */
export function needFailed(unit: UnitRecord): Failure {
  return new Failure(`${unit.role} ${unit.origin.id} was not sent: what it rests on failed before it`, {
    code: "need_failed",
    reach: "record",
    retryable: true,
    hint: "mend what made the other one fail, and run it again",
  });
}

/** A unit whose parent did not come into being. */
export function parentFailed(unit: UnitRecord): Failure {
  return new Failure(`job ${unit.origin.id} was not sent: its parent ${unit.origin.parent} failed`, {
    code: "parent_failed",
    reach: "record",
    retryable: true,
    hint: "mend what made the parent fail, and run it again",
  });
}

/** A unit that comes from the very target; `reach` is `usage` before anything was sent. */
export function targetIsSource(unit: UnitRecord, reach: "usage" | "record"): Failure {
  return new Failure(`${nounOf(unit)} ${unit.origin.id}: the target is where these records come from`, {
    code: "target_is_source",
    reach,
    retryable: false,
    hint:
      "name another --target, or give --experiment-prefix / --rename-experiment to copy inside one workspace or server",
  });
}

function nounOf({ role }: UnitRecord): string {
  return isAssetKind(role) ? role : "job";
}
