import type { JsonObject } from "../records/json.ts";
import type { Found } from "../stages/ports.ts";
import { ROUTES } from "../wire/routes.ts";
import type { DataPlane, Trouble } from "./data_plane.ts";
import type { ExperimentNames } from "./experiment_names.ts";
import { textAt } from "./json_fields.ts";
import { readListsAhead } from "./read_ahead.ts";
import { parseRun, type Run } from "./run.ts";

/** An experiment of the run history. */
export interface Experiment {
  readonly id: string;
  readonly name: string;
}

/** A page of the runs of an experiment, or a word about what could not be read. */
export type RunPage = { readonly experiment: Experiment; readonly runs: readonly Run[] } | {
  readonly missing: Found;
};

/** Experiments are small: as many as the run history gave the clients of Microsoft's v1 SDK. */
const EXPERIMENTS_A_PAGE = 500;
/** Runs are not: a page of 500 took 35 MB to read,. */
const RUNS_A_PAGE = 100;

/**
 * Every run of the workspace, roots and children, experiment by experiment: one request for 100 runs (Azure ML run
 * history; a list of all runs of a workspace is not documented). An experiment that cannot be read is said and the
 * others go on. Throws `Failure` only for what hits every request.
 */
export async function* allRuns(plane: DataPlane, names: ExperimentNames): AsyncGenerator<RunPage> {
  const open = (experiment: Experiment) => runsOf(plane, experiment);
  try {
    yield* readListsAhead(experimentsOf(plane, names), plane.concurrency, plane.signal, open);
  } catch (error) {
    yield { missing: missing("the experiments of the workspace", plane.trouble(error)) };
  }
}

/** The experiments of a workspace, archived ones too; their names are noted. Throws `Failure`. */
export async function* experimentsOf(plane: DataPlane, names: ExperimentNames): AsyncGenerator<Experiment> {
  const body = { viewType: "All", top: EXPERIMENTS_A_PAGE };
  for await (const page of plane.pages(ROUTES.history.queryExperiments, {}, { body })) {
    for (const json of page) {
      const experiment = readExperiment(json);
      if (experiment === null) continue;
      names.note(experiment.id, textAt(json, "name"));
      yield experiment;
    }
  }
}

/** An experiment without an id cannot be asked about: it is no experiment of the contract. */
function readExperiment(json: JsonObject): Experiment | null {
  const id = textAt(json, "experimentId");
  return id === null ? null : { id, name: textAt(json, "name") ?? id };
}

/** Pages of all runs of an experiment. */
export async function* runsOf(plane: DataPlane, experiment: Experiment): AsyncGenerator<RunPage> {
  const vars = { experimentId: experiment.id };
  try {
    for await (
      const page of plane.pages(ROUTES.history.queryRunsById, vars, { body: { top: RUNS_A_PAGE } })
    ) {
      yield { experiment, runs: page.map(parseRun).filter((run) => run !== null) };
    }
  } catch (error) {
    yield { missing: missing(`experiment ${experiment.name}`, plane.trouble(error)) };
  }
}

function missing(what: string, trouble: Trouble): Found {
  const message = `Runs could not be listed in ${what}: ${trouble.message}`;
  return { kind: "missing", ...trouble, message };
}
