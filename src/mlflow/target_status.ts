import type { Loss } from "../records/loss.ts";
import { STATUS_UNSAID } from "../records/status_unsaid.ts";
import type { UnitRecord } from "../records/unit.ts";

/** The words of an MLflow run (`RunStatus` of MLflow's protocol), and whether a run of it is over. */
const OVER: Readonly<Record<string, boolean>> = {
  FINISHED: true,
  FAILED: true,
  KILLED: true,
  RUNNING: false,
  SCHEDULED: false,
};

/** Azure ML's words (lower case) and MLflow's for the same (Azure ML documentation, "track experiments with MLflow"). */
const OF_AZURE: Readonly<Record<string, string>> = {
  completed: "FINISHED",
  failed: "FAILED",
  notresponding: "FAILED",
  canceled: "KILLED",
  cancelrequested: "RUNNING",
  running: "RUNNING",
  finalizing: "RUNNING",
  starting: "RUNNING",
  paused: "RUNNING",
  pausing: "RUNNING",
  notstarted: "SCHEDULED",
  scheduled: "SCHEDULED",
  queued: "SCHEDULED",
  preparing: "SCHEDULED",
  provisioning: "SCHEDULED",
  unapproved: "SCHEDULED",
};

/** How a run ends up. */
export interface RunEnd {
  readonly status: string;
  /** Whether runs of this status are over: others get no end time. */
  readonly over: boolean;
  readonly loss: readonly Loss[];
}

/**
 * The status that a unit's run shall end up with. MLflow's words pass; a word that this azml does not know is
 * `FINISHED` when there is an end time, else `RUNNING`.
 */
export function endOf(unit: UnitRecord): RunEnd {
  const said = unit.status || STATUS_UNSAID;
  const status = wordOf(said) ?? (unit.times?.ended ? "FINISHED" : "RUNNING");
  return { status, over: OVER[status] ?? false, loss: lossOf(unit, status) };
}

function wordOf(said: string): string | null {
  const upper = said.toUpperCase();
  if (Object.hasOwn(OVER, upper)) return upper;
  const lower = said.toLowerCase();
  return Object.hasOwn(OF_AZURE, lower) ? OF_AZURE[lower] ?? null : null;
}

function lossOf({ status: said }: UnitRecord, status: string): readonly Loss[] {
  if (!said) {
    const reason = `the unit has none, and every run has one: it is ${status}`;
    return [{ field: "status", change: "rewritten", reason }];
  }
  if (said === status) return [];
  const reason = `MLflow says ${status}; kept in tag original_status`;
  return [{ field: "status", change: "rewritten", reason, original: said }];
}
