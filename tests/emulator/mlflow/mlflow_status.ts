import { isOver } from "../history/run_status.ts";
import { invalid } from "./mlflow_input.ts";

/** MLflow's status of a run history status: what is not over and not running is scheduled (Azure ML MLflow notes C.3). */
export function mlflowStatus(status: string): string {
  if (status === "Running" || status === "Finalizing" || status === "CancelRequested") return "RUNNING";
  return isOver(status) ? ENDED[status] ?? "FAILED" : status === "NotResponding" ? "FAILED" : "SCHEDULED";
}

const ENDED: Readonly<Record<string, string>> = {
  Completed: "FINISHED",
  Failed: "FAILED",
  Canceled: "KILLED",
};

const HISTORY: Readonly<Record<string, string>> = {
  RUNNING: "Running",
  SCHEDULED: "NotStarted",
  FINISHED: "Completed",
  FAILED: "Failed",
  KILLED: "Canceled",
};

/** The run history status of an MLflow status. Throws 400 for a word that is none. */
export function historyStatus(status: string): string {
  const word = HISTORY[status.toUpperCase()];
  if (word === undefined) throw invalid(`Invalid value ${status} for parameter 'status' supplied.`);
  return word;
}
