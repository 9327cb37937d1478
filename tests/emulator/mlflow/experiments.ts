import { isJsonObject, type JsonObject } from "../../../src/records/json.ts";
import { notFound, ServiceError } from "../errors.ts";
import { listValue, numberValue, textValue } from "../history/body_values.ts";
import { pageWindow } from "../history/page_window.ts";
import { type Context, json, type Reply } from "../router.ts";
import type { Experiment } from "../state.ts";
import { invalid, mlflowInput, requiredText } from "./mlflow_input.ts";
import { clausePasses, searchFilter } from "./search_filter.ts";

const DEFAULT_RESULTS = 1000;

function experimentJson(experiment: Experiment): JsonObject {
  return {
    experiment_id: experiment.experimentId,
    name: experiment.name,
    artifact_location: experiment.artifactLocation ?? "",
    lifecycle_stage: experiment.archived ? "deleted" : "active",
    last_update_time: String(Date.parse(experiment.lastModifiedUtc)),
    creation_time: String(Date.parse(experiment.createdUtc)),
    tags: Object.entries(experiment.tags).map(([key, value]) => ({ key, value })),
  };
}

/** The experiment of an id; `0` is the default one. Throws 404. */
function byId(context: Context): Experiment {
  const id = requiredText(mlflowInput(context), "experiment_id");
  const { workspace } = context;
  const experiment = id === "0" ? workspace.ensureExperiment("Default") : workspace.experiments.get(id);
  if (experiment === undefined) throw notFound(`Could not find experiment with ID ${id}`);
  return experiment;
}

/** `experiments/get`. */
export function getExperiment(context: Context): Reply {
  return json({ experiment: experimentJson(byId(context)) });
}

/** `experiments/get-by-name`. */
export function getExperimentByName({ workspace, query }: Context): Reply {
  const name = query.get("experiment_name") ?? "";
  const experiment = [...workspace.experiments.values()].find((one) => one.name === name);
  if (experiment === undefined) throw notFound(`Could not find experiment with name '${name}'`);
  return json({ experiment: experimentJson(experiment) });
}

/** `experiments/create`; a name that is taken is `RESOURCE_ALREADY_EXISTS`. */
export function createExperiment(context: Context): Reply {
  const { workspace } = context;
  const input = mlflowInput(context);
  const name = requiredText(input, "name");
  if ([...workspace.experiments.values()].some((one) => one.name === name)) {
    throw new ServiceError({
      status: 400,
      code: "UserError",
      message: `Experiment '${name}' already exists.`,
      mlflow: "RESOURCE_ALREADY_EXISTS",
    });
  }
  const experiment = workspace.ensureExperiment(name);
  for (const tag of listValue(input.tags).filter(isJsonObject)) {
    experiment.tags[textValue(tag.key) ?? ""] = textValue(tag.value) ?? "";
  }
  return json({ experiment_id: experiment.experimentId });
}

/** `experiments/update`: renaming is not supported on Azure ML (documented). */
export function updateExperiment(context: Context): Reply {
  const experiment = byId(context);
  const name = textValue(mlflowInput(context).new_name);
  if (name !== null && name !== experiment.name) throw invalid("Renaming an experiment is not supported.");
  return json({});
}

/** `experiments/delete` and `experiments/restore`: archived and back. */
export function archiveExperiment(archived: boolean): (context: Context) => Reply {
  return (context) => {
    const experiment = byId(context);
    Object.assign(experiment, { archived, lastModifiedUtc: context.workspace.clock.now() });
    return json({});
  };
}

/** `experiments/set-experiment-tag`. */
export function setExperimentTag(context: Context): Reply {
  const input = mlflowInput(context);
  byId(context).tags[requiredText(input, "key")] = textValue(input.value) ?? "";
  return json({});
}

/** `experiments/delete-experiment-tag`. */
export function deleteExperimentTag(context: Context): Reply {
  delete byId(context).tags[requiredText(mlflowInput(context), "key")];
  return json({});
}

const VIEWS: Readonly<Record<string, (experiment: Experiment) => boolean>> = {
  ACTIVE_ONLY: (experiment) => !experiment.archived,
  DELETED_ONLY: (experiment) => experiment.archived,
  ALL: () => true,
};

/** `experiments/search`, by GET or POST: filter on names and tags, paged. */
export function searchExperiments(context: Context): Reply {
  const input = mlflowInput(context);
  const view = VIEWS[textValue(input.view_type) ?? "ACTIVE_ONLY"];
  if (view === undefined) throw invalid(`Invalid view_type '${textValue(input.view_type)}'.`);
  const clauses = searchFilter(textValue(input.filter) ?? "");
  const found = [...context.workspace.experiments.values()].filter((experiment) =>
    view(experiment) &&
    clauses.every((clause) =>
      clausePasses(clause.kind === "tags" ? experiment.tags[clause.key] ?? null : experiment.name, clause)
    )
  );
  const size = numberValue(input.max_results) ?? DEFAULT_RESULTS;
  const page = pageWindow(found.length, textValue(input.page_token), { size, emptyEvery: 0 });
  const experiments = found.slice(page.from, page.to).map(experimentJson);
  return json(page.token === null ? { experiments } : { experiments, next_page_token: page.token });
}
