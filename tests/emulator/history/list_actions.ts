import type { JsonValue } from "../../../src/records/json.ts";
import { notFound, ServiceError } from "../errors.ts";
import { bodyObject, type Context, json, type Reply } from "../router.ts";
import { addOrModifyRun, type ExperimentChoice } from "./add_or_modify_run.ts";
import { listValue, member, numberValue, objectValue, textList, textValue } from "./body_values.ts";
import { findExperiment, findRun } from "./find_run.ts";
import { queryRuns } from "./query_runs.ts";
import { pathRun } from "./run_actions.ts";
import { batchRunData, eachUnderKey, errorInside, runData } from "./run_data.ts";
import { runEvent } from "./run_events.ts";
import { runView } from "./run_view.ts";

/** `GET runs/{id}/children`: the direct children, paged by `$top` and `$continuationtoken`. */
export function listChildren(context: Context): Reply {
  return linkedList(context, context.workspace.childrenOf(pathRun(context).runId));
}

/** `GET computes/{compute}/runs`. */
export function listRunsOfCompute(context: Context): Reply {
  const compute = context.params.compute ?? "";
  const runs = [...context.workspace.runs.values()].filter((run) => run.target === compute);
  return linkedList(context, runs.map((run) => run.runId));
}

/** A page of runs for a GET; beside the token it has a link that keeps every query parameter. */
function linkedList(context: Context, runIds: readonly string[]): Reply {
  const query = new Map([...context.query].map(([key, value]) => [key.toLowerCase(), value]));
  const order = query.get("$orderby") ?? null;
  const direction = query.get("$sortorder") ?? "";
  const { answer, token } = queryRuns(context.workspace, runIds, {
    filter: query.get("$filter") ?? null,
    orderBy: order === null ? null : `${order} ${direction}`.trim(),
    top: numberValue(query.get("$top")),
    token: query.get("$continuationtoken") ?? null,
  }, context.settings);
  if (token === null) return json(answer);
  const next = new URL(context.url);
  next.searchParams.set("$continuationtoken", token);
  return json({ ...answer, nextLink: `${context.base}${next.pathname}${next.search}` });
}

/** `POST .../runs:query` with `{filter, orderBy, top, continuationToken}`: the runs of one experiment, at any depth. */
export function queryExperiment(context: Context): Reply {
  const { experimentId } = findExperiment(context.workspace, context.params.experiment ?? "");
  const body = bodyObject(context);
  const query = {
    filter: textValue(body.filter),
    orderBy: textValue(member(body, "orderBy")),
    top: numberValue(body.top),
    token: textValue(body.continuationToken),
  };
  return json(
    queryRuns(context.workspace, context.workspace.runsOf(experimentId), query, context.settings).answer,
  );
}

/** `POST .../runs/runIds` with `{runIds}`: `{runs, errors}` by id. */
export function runsById(context: Context): Reply {
  const ids = textList(bodyObject(context).runIds).map((id) => [id, id] as const);
  const { done, errors } = eachUnderKey(
    context,
    ids,
    (id) => runView(context.workspace, findRun(context.workspace, id)),
  );
  return json({ runs: done, errors });
}

/** `PATCH .../batch/runs` with `{runs: [CreateRun]}`: upserts, `{runs, errors}` by id. */
export function upsertMany(context: Context, experiment: ExperimentChoice): Reply {
  const bodies = listValue(bodyObject(context).runs).map((body) => objectValue(body) ?? {});
  const entries = bodies.map((body) => [textValue(body.runId) ?? crypto.randomUUID(), body] as const);
  const { done, errors } = eachUnderKey(context, entries, (body, runId) => {
    const run = addOrModifyRun(context.workspace, { runId, experiment, body }, context.settings);
    return runView(context.workspace, run, "with token");
  });
  return json({ runs: done, errors });
}

/** `POST .../batch/events` with `{events}`: `{errors: [{key: event, value}], successes: [runId]}`. */
export function postEvents(context: Context): Reply {
  const errors: JsonValue[] = [];
  const successes: string[] = [];
  for (const event of listValue(bodyObject(context).events)) {
    try {
      successes.push(runEvent(context.workspace, event, context.settings).runId);
    } catch (error) {
      if (!(error instanceof ServiceError)) throw error;
      errors.push({ key: event, value: errorInside(context, error, "run-history") });
    }
  }
  return json({ errors, successes });
}

/** `POST rundata`. */
export function getRunData(context: Context): Reply {
  return json(runData(context, bodyObject(context)));
}

/** `POST batchrundata`; a setting takes the route away. */
export function getBatchRunData(context: Context): Reply {
  if (!context.settings.batchRunData) throw notFound("The requested resource was not found.");
  return json(batchRunData(context, bodyObject(context).requests));
}
