import type { Loss } from "../records/loss.ts";
import type { UnitRecord } from "../records/unit.ts";

const BELOW_MS = /\.\d{3}\d*[1-9]/;

/** Milliseconds since 1970 of an RFC 3339 time, cut to what MLflow holds; null for what is no time. */
function millis(text: string | null | undefined): number | null {
  if (!text) return null;
  const ms = Date.parse(text);
  return Number.isNaN(ms) ? null : ms;
}

/** When a run began and ended, in milliseconds since 1970 as MLflow keeps it, and what that changed. */
export interface RunTimes {
  /** Null where the unit tells no time at all. */
  readonly started: number | null;
  readonly ended: number | null;
  readonly loss: readonly Loss[];
}

/**
 * The times of a unit. A run that never started begins when it was created: MLflow would make 1970 of nothing. `over`:
 * whether the run is over, else it has no end.
 */
export function timesOf(unit: UnitRecord, over: boolean): RunTimes {
  const { started, ended, created } = unit.times ?? {};
  const begun = millis(started);
  const end = over ? millis(ended) : null;
  const loss: Loss[] = [];
  if (begun === null) {
    const reason = created ? "MLflow wants a time: it is when it was created" : "MLflow makes 1970 of it";
    loss.push({ field: "times.started", change: "rewritten", reason, original: started ?? null });
  } else if (BELOW_MS.test(started ?? "")) loss.push(cut("started", started ?? ""));
  if (ended && !over) {
    const reason = "a run that is not over has no end";
    loss.push({ field: "times.ended", change: "dropped", reason, original: ended });
  } else if (BELOW_MS.test(ended ?? "")) loss.push(cut("ended", ended ?? ""));
  return { started: begun ?? millis(created), ended: end, loss };
}

function cut(side: "started" | "ended", original: string): Loss {
  const reason = `MLflow keeps milliseconds; all digits are in tag original_${side}_at`;
  return { field: `times.${side}`, change: "truncated", reason, original };
}
