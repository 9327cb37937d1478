import type { JsonObject } from "../../../src/records/json.ts";
import { serviceTime } from "../state/clock.ts";
import { settleMetrics } from "../metric/late_rows.ts";
import { bodyObject, type Context, json, type Reply } from "../router.ts";
import type { Run } from "../state.ts";
import { addOrModifyRun, type ExperimentChoice } from "./add_or_modify_run.ts";
import { objectValue, textList, textMap, textValue } from "./body_values.ts";
import { tagKeys } from "./experiments.ts";
import { findRun } from "./find_run.ts";
import { checkMap } from "./limits.ts";
import { enterStatus, modifyRun } from "./modify_run.ts";
import { runDetails } from "./run_details.ts";
import { runEvent } from "./run_events.ts";
import { RUN_TOKEN, runView } from "./run_view.ts";

/** The run that the path names. Throws 404; the experiment of the path is not looked at. */
export function pathRun({ workspace, params }: Context): Run {
  return findRun(workspace, params.runId ?? "");
}

/** `GET runs/{id}`. */
export function getRun(context: Context): Reply {
  return json(runView(context.workspace, pathRun(context)));
}

/** `PATCH|POST runs/{id}`: the upsert; the answer carries a token. */
export function upsertRun(context: Context, experiment: ExperimentChoice): Reply {
  const write = { runId: context.params.runId ?? "", experiment, body: bodyObject(context) };
  const run = addOrModifyRun(context.workspace, write, context.settings);
  return json(runView(context.workspace, run, "with token"));
}

const MODIFIABLE = ["displayName", "description", "tags", "hidden"];

/** `PATCH runs/{id}/modify`: names, tags and archiving alone; no token in the answer, as recorded. */
export function modifyOnly(context: Context): Reply {
  const run = pathRun(context);
  const body = Object.entries(bodyObject(context)).filter(([key]) => MODIFIABLE.includes(key));
  modifyRun(context.workspace, run, Object.fromEntries(body), context.settings);
  return json(runView(context.workspace, run));
}

/** `GET runs/{id}/details`. */
export function getDetails(context: Context): Reply {
  return json(runDetails(context, pathRun(context)));
}

/** `DELETE runs/{id}/tags` with a list of keys. */
export function deleteTags(context: Context): Reply {
  const run = pathRun(context);
  for (const key of tagKeys(context.body)) delete run.tags[key];
  context.workspace.touch(run);
  return json(runView(context.workspace, run));
}

/** `PATCH runs/{id}/tags` with `{tagsToModify, tagsToDelete}`. */
export function changeTags(context: Context): Reply {
  const run = pathRun(context);
  const body = bodyObject(context);
  const added = textMap(body.tagsToModify);
  const kept = { ...run.tags };
  for (const key of textList(body.tagsToDelete)) delete kept[key];
  if (context.settings.enforceLimits) checkMap("Tags", kept, added);
  run.tags = { ...kept, ...added };
  context.workspace.touch(run);
  return json(runView(context.workspace, run));
}

/** `DELETE runs/{id}/services` with `{servicesToDelete}`. */
export function deleteServices(context: Context): Reply {
  const run = pathRun(context);
  for (const name of textList(bodyObject(context).servicesToDelete)) delete run.services[name];
  context.workspace.touch(run);
  return json(runView(context.workspace, run));
}

/** `GET runs/{id}/serviceinstances/{node}`: the run's services as they run on a node. */
export function serviceInstances(context: Context): Reply {
  const instances: JsonObject = {};
  for (const [name, service] of Object.entries(pathRun(context).services)) {
    const { type = null, port = null, status = null, endpoint = null, properties = null } =
      objectValue(service) ?? {};
    instances[name] = { type, port, status, error: null, endpoint, properties };
  }
  return json({ instances });
}

/** `POST runs/{id}/cancel?CancelationReason=`. */
export function cancelRun(context: Context): Reply {
  const run = pathRun(context);
  run.cancelationReason = context.query.get("CancelationReason");
  enterStatus(context.workspace, run, "Canceled");
  context.workspace.touch(run);
  return json(runView(context.workspace, run));
}

/** `POST runs/{id}/events`. */
export function postEvent(context: Context): Reply {
  runEvent(context.workspace, context.body, context.settings, context.params.runId ?? "");
  return json({});
}

/** `GET runs/{id}/metricsingest/wait`: after it, metrics written before are there to read. */
export function waitForMetrics(context: Context): Reply {
  settleMetrics(pathRun(context));
  return json({});
}

/** `GET runs/{id}/token`: a fresh token for a run that takes long. */
export function refreshToken(context: Context): Reply {
  pathRun(context);
  return json({ token: RUN_TOKEN, expiryTimeUtc: serviceTime(Date.now() + 21 * 86_400_000) });
}

/** The experiment that a path names: by name it is made when needed, by id it must be there. */
export function pathExperiment(
  { params }: Context,
  scope: "experiments" | "experimentids",
): ExperimentChoice {
  const experiment = textValue(params.experiment) ?? "";
  return scope === "experiments" ? { by: "name", name: experiment } : { by: "id", id: experiment };
}
