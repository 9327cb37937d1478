import type { JsonObject, JsonValue } from "../../../src/records/json.ts";
import { ServiceError } from "../errors.ts";
import type { Settings } from "../settings.ts";
import type { Run, WorkspaceState } from "../state.ts";
import { listValue, objectValue, textList, textMap, textValue, timeValue } from "./body_values.ts";
import { checkMap, checkText, type MAP_LIMITS } from "./limits.ts";
import { isOver, statusWord } from "./run_status.ts";

/** One field of CreateRun and what it does to a run. Not in the table: what the server alone decides (`createdUtc` ...). */
type FieldWriter = (run: Run, value: JsonValue, settings: Settings) => void;

const WRITERS: Readonly<Record<string, FieldWriter>> = {
  displayName: (run, value, settings) => {
    const text = textValue(value);
    if (settings.enforceLimits) checkText("DisplayName", text);
    run.displayName = text;
  },
  description: (run, value, settings) => {
    const text = textValue(value);
    if (settings.enforceLimits) checkText("Description", text);
    run.description = text;
  },
  name: (run, value) => run.name = textValue(value),
  hidden: (run, value) => run.hidden = value === true || textValue(value)?.toLowerCase() === "true",
  dataContainerId: (run, value) => run.dataContainerId = textValue(value) ?? run.dataContainerId,
  runType: (run, value) => run.runType = textValue(value),
  runTypeV2: (run, value) => run.runTypeV2 = runType(value),
  properties: (run, value, settings) => append("Properties", run.properties, textMap(value), settings),
  parameters: (run, value, settings) => append("Parameters", run.parameters, textMap(value), settings),
  tags: (run, value, settings) => {
    const added = textMap(value);
    if (settings.enforceLimits) checkMap("Tags", run.tags, added);
    Object.assign(run.tags, added);
  },
  actionUris: (run, value) => Object.assign(run.actionUris, textMap(value)),
  scriptName: (run, value) => run.scriptName = textValue(value),
  target: (run, value) => run.target = textValue(value),
  settings: (run, value) => Object.assign(run.settings, textMap(value)),
  services: (run, value) => Object.assign(run.services, objectValue(value) ?? {}),
  inputDatasets: (run, value) => run.inputDatasets = [...listValue(value)],
  outputDatasets: (run, value) => run.outputDatasets = [...listValue(value)],
  runDefinition: (run, value) => run.runDefinition = value,
  jobSpecification: (run, value) => run.jobSpecification = value,
  primaryMetricName: (run, value) => run.primaryMetricName = textValue(value),
  compute: (run, value) => run.compute = objectValue(value),
  inputs: (run, value) => run.inputs = joined(run.inputs, value),
  outputs: (run, value) => run.outputs = joined(run.outputs, value),
};

/**
 * Changes a run as a CreateRun body says ("add or modify", Azure ML run history B.3): absent and null fields stay as
 * they are, properties and parameters only grow, tags are replaced key by key. All or nothing: the checks come first.
 * Throws `ServiceError` 400 for a limit, an unknown status, a changed property, a time that is none.
 */
export function modifyRun(workspace: WorkspaceState, run: Run, body: JsonObject, settings: Settings): void {
  Object.assign(run, draftRun(workspace, run, body, settings));
  workspace.touch(run);
}

/** What a run becomes by a CreateRun body, as a copy; throws as {@linkcode modifyRun}. */
export function draftRun(workspace: WorkspaceState, run: Run, body: JsonObject, settings: Settings): Run {
  const draft = draftOf(run);
  for (const [field, value] of Object.entries(body)) {
    if (value !== null) WRITERS[field]?.(draft, value, settings);
  }
  writeTimes(draft, body, settings);
  const status = textValue(body.status);
  if (status !== null) enterStatus(workspace, draft, statusWord(status));
  return draft;
}

/** Puts a run into a status; the server's clock fills in the start and the end that nobody stated. */
export function enterStatus(workspace: WorkspaceState, run: Run, status: string): void {
  run.status = status;
  if (status === "Running" || isOver(status)) run.startTimeUtc ??= workspace.clock.now();
  if (isOver(status)) run.endTimeUtc ??= workspace.clock.now();
}

function draftOf(run: Run): Run {
  return {
    ...run,
    properties: { ...run.properties },
    parameters: { ...run.parameters },
    tags: { ...run.tags },
    settings: { ...run.settings },
    services: { ...run.services },
    actionUris: { ...run.actionUris },
  };
}

/** Whether times in these fields are honoured for a user's token is unconfirmed: a setting says so. */
function writeTimes(run: Run, body: JsonObject, settings: Settings): void {
  const start = timeValue(body.startTimeUtc);
  const end = timeValue(body.endTimeUtc);
  if (settings.backdate !== "fields") return;
  run.startTimeUtc = start ?? run.startTimeUtc;
  run.endTimeUtc = end ?? run.endTimeUtc;
}

/** Adds entries to a map whose keys never change once set. */
function append(
  field: keyof typeof MAP_LIMITS,
  held: Record<string, string>,
  added: Readonly<Record<string, string>>,
  settings: Settings,
): void {
  if (settings.enforceLimits) checkMap(field, held, added);
  for (const [key, value] of Object.entries(added)) {
    if (settings.appendOnly && Object.hasOwn(held, key) && held[key] !== value) throw immutable(field, key);
    held[key] = value;
  }
}

function immutable(field: string, key: string): ServiceError {
  return new ServiceError({
    status: 400,
    code: "UserError",
    inner: ["ImmutableError"],
    message: `${field} are immutable: the value of '${key}' cannot be changed.`,
    mlflow: "INVALID_PARAMETER_VALUE",
  });
}

function runType(value: JsonValue): Run["runTypeV2"] {
  const body = objectValue(value);
  if (body === null) return null;
  return {
    orchestrator: textValue(body.orchestrator),
    traits: textList(body.traits),
    attribution: textValue(body.attribution),
    computeType: textValue(body.computeType),
  };
}

function joined(held: JsonObject | null, value: JsonValue): JsonObject | null {
  const added = objectValue(value);
  return added === null ? held : { ...held, ...added };
}
