import type { Loss } from "../records/loss.ts";
import { STATUS_UNSAID } from "../records/status_unsaid.ts";
import type { UnitRecord } from "../records/unit.ts";

/** How a run ends, by its status: whether it has an end at all, and the event that says so. */
export interface StatusWord {
  readonly word: string;
  /** Whether runs of this status are over. */
  readonly over: boolean;
  /** Event of run history that brings a run there; null where there is none. */
  readonly event: string | null;
}

const EVENT = "Microsoft.MachineLearning.Run.";
const going = (word: string): StatusWord => ({ word, over: false, event: null });

/** The service's own words (Azure ML run history, status values and events of the released SDKs). */
const OWN: readonly StatusWord[] = [
  { word: "Completed", over: true, event: `${EVENT}Completed` },
  { word: "Failed", over: true, event: `${EVENT}Failed` },
  { word: "Canceled", over: true, event: `${EVENT}Canceled` },
  { word: "NotResponding", over: true, event: null },
  { word: "Paused", over: true, event: null },
  ...("NotStarted Scheduled Queued Preparing Provisioning Starting Running CancelRequested Finalizing " +
    "Unapproved Pausing Unknown").split(" ").map(going),
];

/** MLflow's words and Azure ML's for the same (Azure ML documentation, "track experiments with MLflow"). */
const OF_MLFLOW: Readonly<Record<string, string>> = {
  FINISHED: "Completed",
  FAILED: "Failed",
  KILLED: "Canceled",
  RUNNING: "Running",
  SCHEDULED: "NotStarted",
};

/** The event that starts a run. */
export const START_EVENT = `${EVENT}Start`;

const INVENTED: Loss = {
  field: "status",
  change: "rewritten",
  reason: `the unit has none, and every run has one: it is ${STATUS_UNSAID}`,
};

/**
 * The status that a unit's run shall end up with, and what that changed. A word that this azml does not know is kept:
 * with an end time it counts as over.
 */
export function statusOf(unit: UnitRecord): { readonly status: StatusWord; readonly loss: readonly Loss[] } {
  const said = unit.status || STATUS_UNSAID;
  const translated = Object.hasOwn(OF_MLFLOW, said) ? OF_MLFLOW[said] ?? said : said;
  const own = OWN.find((row) => row.word.toLowerCase() === translated.toLowerCase());
  const status = own ?? { word: said, over: Boolean(unit.times?.ended), event: null };
  if (!unit.status) return { status, loss: [INVENTED] };
  if (status.word === said) return { status, loss: [] };
  return {
    status,
    loss: [{
      field: "status",
      change: "rewritten",
      reason: `Azure ML says ${status.word}; kept in tag original_status`,
      original: said,
    }],
  };
}

/** The status of a run that is being written: not over yet, whatever it will be. */
export function statusWhileWriting(unit: UnitRecord, final: StatusWord): string {
  if (!final.over) return final.word;
  return unit.times?.started ? "Running" : "NotStarted";
}
