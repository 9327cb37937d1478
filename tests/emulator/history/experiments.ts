import type { JsonObject } from "../../../src/records/json.ts";
import { badRequest, overLimit } from "../errors.ts";
import { bodyObject, type Context, empty, json, type Reply } from "../router.ts";
import type { Experiment } from "../state.ts";
import { member, numberValue, objectValue, textList, textMap, textValue } from "./body_values.ts";
import { FilterSyntaxError } from "./filter_tokens.ts";
import { findExperiment } from "./find_run.ts";
import { pageWindow } from "./page_window.ts";
import { runFilter } from "./run_filter.ts";

/** Limits of an experiment (Azure ML service limits, B.5). */
const LIMITS = { Name: 256, Description: 5000, Tags: 50 } as const;

/** An experiment as run history answers it. */
export function experimentView(experiment: Experiment): JsonObject {
  return {
    experimentId: experiment.experimentId,
    name: experiment.name,
    description: experiment.description,
    createdUtc: experiment.createdUtc,
    tags: { ...experiment.tags },
    archivedTime: experiment.archived ? experiment.lastModifiedUtc : null,
    retainForLifetimeOfWorkspace: false,
    artifactLocation: experiment.artifactLocation,
  };
}

/** `GET experiments/{name}` and `GET experimentids/{id}`. */
export function getExperiment({ workspace, params }: Context): Reply {
  return json(experimentView(findExperiment(workspace, params.experiment ?? "")));
}

/** `POST experiments/{name}`: makes the experiment; one of that name is answered as it is. */
export function createExperiment({ workspace, params, settings }: Context): Reply {
  const name = params.experiment ?? "";
  if (settings.enforceLimits && name.length > LIMITS.Name) throw overLimit("Name", LIMITS.Name, name.length);
  return json(experimentView(workspace.ensureExperiment(name)));
}

/** `PATCH experimentids/{id}`: description, tags, `archive: true|false`. The name cannot change. */
export function modifyExperiment(context: Context): Reply {
  const { workspace, params, settings } = context;
  const experiment = findExperiment(workspace, params.experiment ?? "");
  const body = bodyObject(context);
  const name = textValue(body.name);
  if (name !== null && name !== experiment.name) throw badRequest("Renaming an experiment is not supported.");
  const tags = { ...experiment.tags, ...textMap(body.tags) };
  if (settings.enforceLimits && Object.keys(tags).length > LIMITS.Tags) {
    throw overLimit("Tags", LIMITS.Tags, Object.keys(tags).length);
  }
  const description = textValue(body.description) ?? experiment.description;
  if (settings.enforceLimits && (description?.length ?? 0) > LIMITS.Description) {
    throw overLimit("Description", LIMITS.Description, description?.length ?? 0);
  }
  if (typeof body.archive === "boolean") experiment.archived = body.archive;
  Object.assign(experiment, { tags, description, lastModifiedUtc: workspace.clock.now() });
  return json(experimentView(experiment));
}

/** `DELETE experimentids/{id}`: only an experiment without runs goes. */
export function deleteExperiment({ workspace, params }: Context): Reply {
  const { experimentId } = findExperiment(workspace, params.experiment ?? "");
  if (workspace.runsOf(experimentId).length > 0) throw badRequest("Only empty experiments can be deleted.");
  workspace.experiments.delete(experimentId);
  return empty(200);
}

/** `POST experimentids/{id}/tags:delete` with `{tags: [key]}`. */
export function deleteExperimentTags(context: Context): Reply {
  const experiment = findExperiment(context.workspace, context.params.experiment ?? "");
  for (const key of textList(bodyObject(context).tags)) delete experiment.tags[key];
  return json({ errors: {} });
}

const FIELDS: Readonly<Record<string, (experiment: Experiment) => string | null>> = {
  name: (experiment) => experiment.name,
  experimentid: (experiment) => experiment.experimentId,
  description: (experiment) => experiment.description,
  createdutc: (experiment) => experiment.createdUtc,
};

const VIEWS: Readonly<Record<string, (experiment: Experiment) => boolean>> = {
  default: (experiment) => !experiment.archived,
  activeonly: (experiment) => !experiment.archived,
  archivedonly: (experiment) => experiment.archived,
  all: () => true,
};

/** `POST experiments:query` with `{viewType, filter, orderBy, top, continuationToken}`. */
export function queryExperiments(context: Context): Reply {
  const { workspace, settings } = context;
  const body = bodyObject(context);
  const view = VIEWS[(textValue(body.viewType) ?? "Default").toLowerCase()];
  if (view === undefined) throw badRequest(`Invalid view type '${textValue(body.viewType)}'.`);
  const passes = experimentFilter(textValue(body.filter));
  const descending = /\bdesc\b/i.test(textValue(member(body, "orderBy")) ?? "");
  const found = [...workspace.experiments.values()].filter((one) => view(one) && passes(one));
  if (descending) found.reverse();
  const size = Math.min(numberValue(body.top) ?? settings.historyPageSize, settings.historyMaxPageSize);
  const rule = { size, emptyEvery: settings.emptyPageEvery };
  const page = pageWindow(found.length, textValue(body.continuationToken), rule);
  const value = found.slice(page.from, page.to).map(experimentView);
  return json(page.token === null ? { value } : { value, continuationToken: page.token });
}

function experimentFilter(filter: string | null): (experiment: Experiment) => boolean {
  try {
    const passes = runFilter(filter, (field) => field.toLowerCase() in FIELDS || /^tags\//i.test(field));
    return (experiment) => passes((field) => fieldOf(experiment, field));
  } catch (error) {
    if (error instanceof FilterSyntaxError) throw badRequest(error.message);
    throw error;
  }
}

function fieldOf(experiment: Experiment, field: string): string | null {
  const plain = FIELDS[field.toLowerCase()];
  return plain === undefined ? experiment.tags[field.slice("Tags/".length)] ?? null : plain(experiment);
}

/** The keys of a DELETE of tags: a bare list, or `{tags: [...]}`. */
export function tagKeys(body: Context["body"]): readonly string[] {
  return Array.isArray(body) ? textList(body) : textList(objectValue(body)?.tags);
}
