import type { WireValue } from "../json_text.ts";
import { invalid, missing, MlflowError } from "../mlflow_error.ts";
import { type Call, type CallRow, NOTHING, objects, pairs, type Reply, required, text } from "../call.ts";
import { passes, readFilter } from "../filter.ts";
import { pageJson } from "../page.ts";
import type { Experiment, Store } from "../state/store.ts";
import { isSince } from "../version.ts";

function experimentJson(call: Call, experiment: Experiment): WireValue {
  return {
    experiment_id: experiment.id,
    name: experiment.name,
    artifact_location: experiment.artifactLocation,
    lifecycle_stage: experiment.deleted ? "deleted" : "active",
    last_update_time: experiment.updated,
    creation_time: experiment.created,
    tags: pairs(experiment.tags),
    ...(isSince(call.server.version, "3.10") ? { workspace: call.store.workspace } : {}),
  };
}

/** The experiment of an id, deleted or not. Throws 404. */
export function experimentOf(call: Call, id: string): Experiment {
  const found = call.store.experiments.get(id);
  if (found !== undefined) return found;
  // A server with workspaces looks for it another way and words it with a blank.
  throw missing(`No Experiment with id=${call.server.hasWorkspaces ? " " : ""}${id} exists`);
}

/** The experiment of an id, which must not be deleted. */
export function activeExperiment(call: Call, id: string): Experiment {
  const experiment = experimentOf(call, id);
  if (!experiment.deleted) return experiment;
  throw invalid(`The experiment ${id} must be in the 'active' state. Current state is deleted.`);
}

function create(call: Call): Reply {
  const { store, input, server } = call;
  const name = required(input, "name");
  const location = text(input.artifact_location);
  if (location !== "" && server.hasWorkspaces) {
    throw invalid("artifact_location cannot be specified when workspaces are enabled");
  }
  if (store.experimentNamed(name) !== undefined) {
    throw new MlflowError(
      "RESOURCE_ALREADY_EXISTS",
      `Experiment(name=${name}) already exists. Error: (sqlite3.IntegrityError) UNIQUE constraint failed: experiments.name`,
    );
  }
  const experiment = store.addExperiment(name, { location, now: server.now() });
  for (const tag of objects(input.tags)) experiment.tags.set(text(tag.key), text(tag.value));
  return { json: { experiment_id: experiment.id } };
}

function read(call: Call): Reply {
  const experiment = experimentOf(call, required(call.input, "experiment_id"));
  return { json: { experiment: experimentJson(call, experiment) } };
}

/** Deleted experiments are found, too. */
function readByName(call: Call): Reply {
  const name = required(call.input, "experiment_name");
  const experiment = call.store.experimentNamed(name);
  if (experiment === undefined) throw missing(`Could not find experiment with name '${name}'`);
  return { json: { experiment: experimentJson(call, experiment) } };
}

function change(act: (experiment: Experiment, call: Call) => void): (call: Call) => Reply {
  return (call) => {
    const experiment = activeExperiment(call, required(call.input, "experiment_id"));
    act(experiment, call);
    experiment.updated = call.server.now();
    return NOTHING;
  };
}

/** All runs go with their experiment and come back with it, those that were deleted before, too. */
function setDeleted(deleted: boolean): (call: Call) => Reply {
  return (call) => {
    const id = required(call.input, "experiment_id");
    const experiment = call.store.experiments.get(id);
    if (experiment === undefined || experiment.deleted === deleted) {
      throw missing(`No Experiment with id= ${id} exists`);
    }
    experiment.deleted = deleted;
    experiment.updated = call.server.now();
    for (const run of call.store.runsOf(id)) run.deleted = deleted;
    return NOTHING;
  };
}

function rename(experiment: Experiment, { store, input }: Call): void {
  const name = text(input.new_name) || experiment.name;
  if (name !== experiment.name && store.experimentNamed(name) !== undefined) {
    throw new MlflowError(
      "BAD_REQUEST",
      "(sqlite3.IntegrityError) UNIQUE constraint failed: experiments.name",
    );
  }
  experiment.name = name;
}

const VIEWS: Readonly<Record<string, (experiment: Experiment) => boolean>> = {
  DELETED_ONLY: ({ deleted }) => deleted,
  ALL: () => true,
};

function search(call: Call): Reply {
  const size = Number(call.input.max_results ?? 0);
  if (!(size > 0)) {
    throw invalid(
      `Invalid value ${size} for parameter 'max_results' supplied. It must be a positive integer`,
    );
  }
  if (size > 50_000) {
    throw invalid(`Invalid value ${size} for parameter 'max_results' supplied. It must be at most 50000`);
  }
  const found = matching(call.store, text(call.input.filter), text(call.input.view_type));
  return pageJson(
    "experiments",
    found,
    [size, text(call.input.page_token)],
    (one) => experimentJson(call, one),
  );
}

/** Newest first. A view that MLflow does not know is the view of the active ones. */
function matching(store: Store, filter: string, view: string): readonly Experiment[] {
  const clauses = readFilter(filter);
  const seen = VIEWS[view] ?? (({ deleted }) => !deleted);
  return [...store.experiments.values()].filter((experiment) =>
    seen(experiment) &&
    clauses.every((clause) => passes(heldValue(experiment, clause.kind, clause.key), clause))
  ).sort((left, right) => right.created - left.created || Number(right.id) - Number(left.id));
}

function heldValue(experiment: Experiment, kind: string, key: string): string | number | undefined {
  if (kind === "tag") return experiment.tags.get(key);
  if (key === "creation_time") return experiment.created;
  if (key === "last_update_time") return experiment.updated;
  return experiment.name;
}

/** `experiments/...` as measured on 2.22.5 and 3.17.2. */
export const experimentCalls: readonly CallRow[] = [
  {
    name: "experiments.create",
    method: "POST",
    path: "experiments/create",
    effect: "write",
    handler: create,
  },
  { name: "experiments.get", method: "GET", path: "experiments/get", effect: "read", handler: read },
  {
    name: "experiments.get_by_name",
    method: "GET",
    path: "experiments/get-by-name",
    effect: "read",
    handler: readByName,
  },
  { name: "experiments.search", method: "POST", path: "experiments/search", effect: "read", handler: search },
  { name: "experiments.search", method: "GET", path: "experiments/search", effect: "read", handler: search },
  {
    name: "experiments.delete",
    method: "POST",
    path: "experiments/delete",
    effect: "write",
    handler: setDeleted(true),
  },
  {
    name: "experiments.restore",
    method: "POST",
    path: "experiments/restore",
    effect: "write",
    handler: setDeleted(false),
  },
  {
    name: "experiments.update",
    method: "POST",
    path: "experiments/update",
    effect: "write",
    handler: change(rename),
  },
  {
    name: "experiments.set_tag",
    method: "POST",
    path: "experiments/set-experiment-tag",
    effect: "write",
    handler: change((experiment, { input }) =>
      experiment.tags.set(required(input, "key"), text(input.value))
    ),
  },
  {
    name: "experiments.delete_tag",
    method: "POST",
    path: "experiments/delete-experiment-tag",
    effect: "write",
    since: "3",
    handler: change((experiment, { input }) => {
      const key = required(input, "key");
      if (experiment.tags.delete(key)) return;
      throw missing(`No tag with name: ${key} in experiment with id ${experiment.id}`);
    }),
  },
];
