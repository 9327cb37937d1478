import type { Found, Want } from "../stages/ports.ts";
import { ROUTES } from "../wire/routes.ts";
import { type DataPlane, isRefusal, type Trouble } from "./data_plane.ts";
import type { ExperimentNames } from "./experiment_names.ts";
import type { IdSet } from "./id_set.ts";
import { textAt } from "./json_fields.ts";
import { readListsAhead } from "./read_ahead.ts";
import { readRun, type Run } from "./run.ts";
import type { JsonObject } from "../records/json.ts";

/** Some roots that only run history knows, or a word about an experiment that could not be read. */
export type BareRuns = { readonly runs: readonly Run[] } | { readonly missing: Found };

/** What the run history took from the clients of Microsoft's v1 SDK. */
const PAGE = 500;
const ROOTS_ALONE = "ParentRunId eq null";

/**
 * The roots that ARM does not list (runs made through MLflow or the v1 SDK), experiment by experiment, without those
 * in `seen`, which they are added to. Run history calls `hidden` what ARM calls archived. An experiment that cannot
 * be read is said and the others go on. Throws `Failure` only for what hits every request.
 */
export async function* bareRuns(
  plane: DataPlane,
  names: ExperimentNames,
  seen: IdSet,
  archived: Want["archived"],
): AsyncGenerator<BareRuns> {
  const isNew = (run: Run) => run.parent === null && suits(run, archived) && seen.add(run.id);
  const open = (experiment: JsonObject) => rootsOf(plane, experiment, isNew);
  try {
    yield* readListsAhead(experiments(plane, names), plane.concurrency, plane.signal, open);
  } catch (error) {
    yield { missing: missing("the experiments of the workspace", plane.trouble(error)) };
  }
}

async function* experiments(plane: DataPlane, names: ExperimentNames): AsyncGenerator<JsonObject> {
  const body = { viewType: "All", top: PAGE };
  for await (const page of plane.pages(ROUTES.history.queryExperiments, {}, { body })) {
    for (const experiment of page) {
      names.note(textAt(experiment, "experimentId"), textAt(experiment, "name"));
      yield experiment;
    }
  }
}

async function* rootsOf(
  plane: DataPlane,
  experiment: JsonObject,
  isNew: (run: Run) => boolean,
): AsyncGenerator<BareRuns> {
  const experimentId = textAt(experiment, "experimentId") ?? "";
  const name = textAt(experiment, "name") ?? experimentId;
  try {
    yield* queried(plane, experimentId, ROOTS_ALONE, isNew);
  } catch (error) {
    if (!isRefusal(error)) yield { missing: missing(`experiment ${name}`, plane.trouble(error)) };
    else yield* everything(plane, experimentId, name, isNew);
  }
}

/** For a service that does not know the filter: all runs of the experiment, children too, of which none is new. */
async function* everything(
  plane: DataPlane,
  experimentId: string,
  name: string,
  isNew: (run: Run) => boolean,
): AsyncGenerator<BareRuns> {
  try {
    yield* queried(plane, experimentId, null, isNew);
  } catch (error) {
    yield { missing: missing(`experiment ${name}`, plane.trouble(error)) };
  }
}

async function* queried(
  plane: DataPlane,
  experimentId: string,
  filter: string | null,
  isNew: (run: Run) => boolean,
): AsyncGenerator<BareRuns> {
  const body = { ...(filter === null ? {} : { filter }), top: PAGE };
  for await (const page of plane.pages(ROUTES.history.queryRunsById, { experimentId }, { body })) {
    yield { runs: page.map(readRun).filter((run) => run !== null).filter(isNew) };
  }
}

function suits(run: Run, archived: Want["archived"]): boolean {
  return archived === "include" || (run.hidden ?? false) === (archived === "only");
}

function missing(what: string, trouble: Trouble): Found {
  const message = `Runs without a job could not be listed in ${what}: ${trouble.message}`;
  return { kind: "missing", ...trouble, message };
}
