import type { JsonObject, JsonValue } from "../../../src/records/json.ts";
import type { Settings } from "../settings.ts";
import type { Run, WorkspaceState } from "../state.ts";
import { objectValue, textValue, timeValue } from "./body_values.ts";
import { findRun } from "./find_run.ts";
import { enterStatus } from "./modify_run.ts";

/** What an event tells about a run. */
interface Told {
  readonly workspace: WorkspaceState;
  readonly run: Run;
  readonly data: JsonObject;
  /** Whether times in events are honoured; else the server's clock is. */
  readonly past: boolean;
}

const PREFIX = "Microsoft.MachineLearning.Run.";

const EFFECTS: Readonly<Record<string, (told: Told) => void>> = {
  Queued: (told) => enterStatus(told.workspace, told.run, "Queued"),
  Preparing: (told) => enterStatus(told.workspace, told.run, "Preparing"),
  Start: (told) => {
    if (told.past) told.run.startTimeUtc = timeValue(told.data.StartTime) ?? told.run.startTimeUtc;
    enterStatus(told.workspace, told.run, "Running");
  },
  CancelRequested: (told) => enterStatus(told.workspace, told.run, "CancelRequested"),
  Completed: (told) => end(told, "Completed"),
  Failed: (told) => end(told, "Failed"),
  Canceled: (told) => end(told, "Canceled"),
  Warning: ({ run, data }) => {
    run.warnings.push({ source: textValue(data.Source), message: textValue(data.Message) });
  },
  Error: ({ run, data }) => run.error = data.ErrorResponse ?? null,
  Heartbeat: () => {},
};

/**
 * Takes one event `{timestamp, name, data: {RunId, StartTime|EndTime ...}}` (Azure ML run history B.3); names that are
 * not about status are taken without effect. `runId` is the path's, when it has one. Answers the run.
 * Throws `ServiceError` 404 for an unknown run.
 */
export function runEvent(
  workspace: WorkspaceState,
  event: JsonValue,
  settings: Settings,
  runId: string | null = null,
): Run {
  const body = objectValue(event) ?? {};
  const data = objectValue(body.data) ?? {};
  const run = findRun(workspace, runId ?? textValue(data.RunId) ?? "");
  const name = textValue(body.name) ?? "";
  const effect = name.startsWith(PREFIX) ? EFFECTS[name.slice(PREFIX.length)] : undefined;
  effect?.({ workspace, run, data, past: settings.backdate === "events" });
  workspace.touch(run);
  return run;
}

function end(told: Told, status: string): void {
  if (told.past) told.run.endTimeUtc = timeValue(told.data.EndTime) ?? told.run.endTimeUtc;
  enterStatus(told.workspace, told.run, status);
}
