import type { JsonObject, JsonValue } from "../../../src/records/json.ts";
import { isJsonObject } from "../../../src/records/json.ts";
import { badRequest } from "../errors.ts";
import { bodyObject, type Context, empty, json, type Reply } from "../router.ts";
import type { Run } from "../state.ts";
import { definitionOf } from "./job_definition.ts";
import { jobView } from "./job_view.ts";
import { findJob } from "./jobs_read.ts";
import { madeNow, stringMap } from "./resource.ts";

const NAME = /^[A-Za-z0-9][A-Za-z0-9_-]{0,254}$/;

/**
 * PUT of a job: 201 and a run in status `Starting` when it is new (nothing runs it), 200 when it was there, where only
 * names, tags, archiving and new keys of `properties` may change.
 */
export function putJob(context: Context): Reply {
  const { name = "" } = context.params;
  const body = bodyObject(context).properties;
  if (!isJsonObject(body) || typeof body.jobType !== "string") {
    throw badRequest("The job has no properties.jobType.", ["BadArgument", "ArgumentInvalid"]);
  }
  const known = context.workspace.runs.get(name);
  const status = context.workspace.jobs.has(name) ? 200 : 201;
  if (known === undefined) addRun(context, name, body);
  else update(context, known, body);
  if (status === 201) addJob(context, name, body);
  const [job, run] = findJob(context);
  return json(jobView(context, job, run), status, { location: context.url.href });
}

/** A run that was made through run history becomes a job when it is PUT. */
function addJob(context: Context, name: string, body: JsonObject): void {
  const { definition } = definitionOf(name, body);
  context.workspace.jobs.set(name, { name, definition, access: "listed", systemData: madeNow(context) });
}

function addRun(context: Context, name: string, body: JsonObject): void {
  if (!NAME.test(name)) {
    throw badRequest(`Job name ${name} is invalid: letters, digits, '-' and '_', at most 255.`);
  }
  const { workspace } = context;
  if (body.jobType === "Command" && !body.command) throw badRequest("Command cannot be empty.");
  const experiment = workspace.ensureExperiment(text(body.experimentName) ?? "Default");
  const { properties, runType, traits, orchestrator } = definitionOf(name, body);
  workspace.addRun({
    runId: name,
    experimentId: experiment.experimentId,
    status: body.jobType === "Pipeline" ? "Preparing" : "Starting",
    displayName: text(body.displayName) ?? name,
    description: text(body.description),
    hidden: body.isArchived === true,
    tags: stringMap(body.tags),
    properties: { ...properties, ...stringMap(body.properties) },
    runType,
    runTypeV2: { orchestrator, traits, attribution: null, computeType: null },
    target: text(body.computeId)?.split("/").at(-1) ?? null,
  });
}

function update(context: Context, run: Run, body: JsonObject): void {
  for (const [key, value] of Object.entries(stringMap(body.properties))) {
    const old = run.properties[key];
    if (context.settings.appendOnly && old !== undefined && old !== value) {
      throw badRequest(`Property ${key} is immutable: properties can be added, and never changed.`, [
        "BadArgument",
        "ImmutableProperty",
      ]);
    }
    run.properties[key] = value;
  }
  if (body.tags !== undefined) run.tags = stringMap(body.tags);
  if (body.displayName !== undefined) run.displayName = text(body.displayName);
  if (body.description !== undefined) run.description = text(body.description);
  if (typeof body.isArchived === "boolean") run.hidden = body.isArchived;
  context.workspace.touch(run);
}

/** POST cancel: 202 with a `Location` to poll; a job that has ended stays as it is. */
export function cancelJob(context: Context): Reply {
  const [job, run] = findJob(context);
  if (!["Completed", "Failed", "Canceled", "NotResponding"].includes(run.status)) {
    run.status = "Canceled";
    run.endTimeUtc = context.workspace.clock.now();
    context.workspace.touch(run);
  }
  const location = `${context.base}${context.workspace.armPath}/cancelstatus/${job.name}`;
  return empty(202, { location, "retry-after": "1" });
}

/** GET of what a cancel's `Location` names: done at once. */
export function cancelStatus(): Reply {
  return empty(200);
}

/** DELETE of a job: 202, and the job and its run are gone. */
export function deleteJob(context: Context): Reply {
  const { name = "" } = context.params;
  if (!context.workspace.jobs.delete(name)) return empty(204);
  context.workspace.removeRun(name);
  return empty(202);
}

function text(value: JsonValue | undefined): string | null {
  return typeof value === "string" ? value : null;
}
