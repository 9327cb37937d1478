import { isJsonObject, type JsonObject } from "../../../src/records/json.ts";
import { listValue, numberValue, textValue } from "../history/body_values.ts";
import { findExperiment } from "../history/find_run.ts";
import { draftRun, modifyRun } from "../history/modify_run.ts";
import { type Context, json, type Reply } from "../router.ts";
import { serviceTime } from "../state/clock.ts";
import { newRun } from "../state/run.ts";
import { tagsBody } from "./log_data.ts";
import { inputRun, mlflowInput } from "./mlflow_input.ts";
import { historyStatus } from "./mlflow_status.ts";
import { artifactAddress, runInfo, runJson } from "./run_json.ts";

/**
 * `runs/create`: the id is the server's, the start is the client's and becomes `createdUtc`, too (inferred from a
 * recording); experiment `0` is the default one; the tag `mlflow.parentRunId` makes a child (Azure ML MLflow notes C.3).
 */
export function createRun(context: Context): Reply {
  const { workspace, settings } = context;
  const input = mlflowInput(context);
  const asked = textValue(input.experiment_id) ?? "0";
  const experiment = asked === "0" ? workspace.ensureExperiment("Default") : findExperiment(workspace, asked);
  const runId = crypto.randomUUID();
  const tags = listValue(input.tags).filter(isJsonObject);
  const start = serviceTime(numberValue(input.start_time) ?? workspace.clock.millis());
  const place = artifactAddress(context, asked === "0" ? "0" : experiment.name, runId);
  const seed = {
    runId,
    experimentId: experiment.experimentId,
    parentRunId: tagValue(tags, "mlflow.parentRunId"),
    createdUtc: start,
    startTimeUtc: start,
    status: "Running",
    runNumber: Math.floor(workspace.clock.millis() / 1000),
    runTypeV2: { orchestrator: null, traits: ["mlflow"], attribution: null, computeType: null },
    properties: { "mlflow.artifactUri": place },
    displayName: textValue(input.run_name) ?? runId,
  };
  const blank = newRun(seed, { now: start, rootRunId: "", guid: "" });
  const { runUuid: _uuid, rootRunId: _root, ...stated } = draftRun(
    workspace,
    blank,
    tagsBody(tags),
    settings,
  );
  return json({ run: runJson(context, workspace.addRun(stated)) });
}

function tagValue(tags: readonly JsonObject[], key: string): string | null {
  return textValue(tags.find((tag) => tag.key === key)?.value);
}

/** `runs/update`: status, end, name. */
export function updateRun(context: Context): Reply {
  const input = mlflowInput(context);
  const run = inputRun(context, input);
  const status = textValue(input.status);
  const end = numberValue(input.end_time);
  const name = textValue(input.run_name);
  const body: JsonObject = {};
  if (status !== null) body.status = historyStatus(status);
  if (name !== null) body.displayName = name;
  if (end !== null) run.endTimeUtc = serviceTime(end);
  modifyRun(context.workspace, run, body, context.settings);
  return json({ run_info: runInfo(context, run, "without artifacts") });
}

/** `runs/get`. */
export function getRun(context: Context): Reply {
  return json({ run: runJson(context, inputRun(context, mlflowInput(context))) });
}

/** `runs/delete` and `runs/restore`: archived and back. What the service does beyond that is unconfirmed. */
export function hideRun(hidden: boolean): (context: Context) => Reply {
  return (context) => {
    const run = inputRun(context, mlflowInput(context));
    modifyRun(context.workspace, run, { hidden }, context.settings);
    return json({});
  };
}
