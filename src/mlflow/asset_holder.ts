import type { UnitRecord } from "../records/unit.ts";
import { Failure } from "../records/failure.ts";
import { askFor, type AssetScope } from "./asset_scope.ts";
import { asPairs, HOLDS_TAG } from "./asset_tags.ts";
import { objectAt, objectsAt, textAt } from "./json_fields.ts";
import { MLFLOW_ROUTES } from "./routes.ts";
import { type MlflowRun, parseRun } from "./run_parse.ts";
import { sourceTag } from "../records/lineage_tags.ts";

const { runs: ROUTES } = MLFLOW_ROUTES;

/** Experiment of the runs that hold files of versions and logged models whose own run is not there. */
export const HOLDER_EXPERIMENT = "azml models";

/** A run that holds files, and whether it was made just now. */
export interface Holder {
  readonly run: MlflowRun;
  readonly isNew: boolean;
}

/**
 * The small run that holds the files of an object whose own run is not there: found by its tag, else made. It carries
 * no origin tags of a run, because no run of the source is meant. Throws `Failure`.
 */
export async function holderRun(scope: AssetScope, unit: UnitRecord): Promise<Holder> {
  const id = await scope.experiments.idOf(HOLDER_EXPERIMENT);
  const there = await searchHolder(scope, id, unit.target_name);
  const run = there ?? await make(scope, unit, id);
  if (run !== null) return { run, isNew: there === null };
  throw new Failure(`Making a run for the files of ${unit.origin.id}: the server answered no run`, {
    code: "no_run",
    reach: "record",
    retryable: true,
  });
}

/** The run that holds the files of an object of a target name; null when there is none. Makes nothing. Throws `Failure`. */
export async function findHolder(scope: AssetScope, name: string): Promise<MlflowRun | null> {
  const answer = await askFor(scope, MLFLOW_ROUTES.experiments.getByName, {
    query: { experiment_name: HOLDER_EXPERIMENT },
    accept: [404],
  });
  const id = textAt(objectAt(answer, "experiment"), "experiment_id");
  return id === null ? null : await searchHolder(scope, id, name);
}

async function searchHolder(scope: AssetScope, experiment: string, name: string): Promise<MlflowRun | null> {
  const found = await askFor(scope, ROUTES.search, {
    body: {
      experiment_ids: [experiment],
      // Target names are out of letters, digits, `_` and `-`.
      filter: `tags.\`${HOLDS_TAG}\` = '${name}'`,
      run_view_type: "ACTIVE_ONLY",
      max_results: 1,
    },
  });
  const [there] = objectsAt(found, "runs");
  return there === undefined ? null : parseRun(there);
}

/** Says that its files are there. */
export async function finishHolder({ server }: AssetScope, run: MlflowRun): Promise<void> {
  if (run.status === "FINISHED") return;
  await server.send(ROUTES.update, { body: { run_id: run.id, status: "FINISHED", end_time: Date.now() } });
}

async function make(scope: AssetScope, unit: UnitRecord, experiment: string): Promise<MlflowRun | null> {
  const { source, id } = unit.origin;
  const note =
    `Made by azml: holds the files of ${unit.role === "model_version" ? "model version" : "logged model"} ` +
    `${id} of ${sourceTag(source)}, whose run is not there.`;
  const name = `azml: ${id}`.slice(0, 250);
  const tags = { "mlflow.runName": name, "mlflow.note.content": note, [HOLDS_TAG]: unit.target_name };
  const made = await askFor(scope, ROUTES.create, {
    body: { experiment_id: experiment, start_time: Date.now(), run_name: name, tags: asPairs(tags) },
  });
  const run = objectAt(made, "run");
  return run === null ? null : parseRun(run);
}
