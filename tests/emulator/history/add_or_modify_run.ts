import type { JsonObject } from "../../../src/records/json.ts";
import type { Settings } from "../settings.ts";
import type { Run, WorkspaceState } from "../state.ts";
import { newRun } from "../state/run.ts";
import { textValue } from "./body_values.ts";
import { findExperiment } from "./find_run.ts";
import { checkText } from "./limits.ts";
import { draftRun, modifyRun } from "./modify_run.ts";

/** Which experiment a request names. A name makes the experiment when it is not there; an id does not. */
export type ExperimentChoice =
  | { readonly by: "name"; readonly name: string }
  | { readonly by: "id"; readonly id: string }
  | { readonly by: "body" };

/** A request to create or change one run. */
export interface RunWrite {
  readonly runId: string;
  readonly experiment: ExperimentChoice;
  readonly body: JsonObject;
}

/**
 * Creates the run of a chosen id, or changes it when it is there: one upsert, as PATCH and POST of run history do
 * (Azure ML run history B.1, B.3). The path's id counts, not the body's. Parent and experiment are fixed at creation.
 * The server makes `runNumber`, `runUuid`, `rootRunId`, `createdUtc`. Nothing is created when the body is refused.
 */
export function addOrModifyRun(workspace: WorkspaceState, write: RunWrite, settings: Settings): Run {
  const known = workspace.runs.get(write.runId);
  if (known !== undefined) {
    modifyRun(workspace, known, write.body, settings);
    return known;
  }
  const parent = parentOf(write);
  if (settings.enforceLimits) {
    checkText("RunId", write.runId);
    checkText("ParentRunId", parent);
  }
  const experimentId = chooseExperiment(workspace, write);
  const seed = { runId: write.runId, experimentId, parentRunId: parent };
  const blank = newRun(seed, { now: workspace.clock.now(), rootRunId: "", guid: "" });
  const { runUuid: _uuid, rootRunId: _root, ...stated } = draftRun(workspace, blank, write.body, settings);
  return workspace.addRun({ ...stated, displayName: stated.displayName ?? write.runId });
}

function parentOf(write: RunWrite): string | null {
  const parent = textValue(write.body.parentRunId);
  return parent === write.runId || parent === "" ? null : parent;
}

function chooseExperiment(workspace: WorkspaceState, write: RunWrite): string {
  const { experiment, body } = write;
  if (experiment.by === "name") return workspace.ensureExperiment(experiment.name).experimentId;
  const id = experiment.by === "id" ? experiment.id : textValue(body.experimentId);
  return id === null
    ? workspace.ensureExperiment("Default").experimentId
    : findExperiment(workspace, id).experimentId;
}
