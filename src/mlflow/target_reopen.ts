import type { JsonObject } from "../records/json.ts";
import { DIGEST_TAG } from "../records/lineage_tags.ts";
import type { Loss } from "../records/loss.ts";
import type { UnitRecord } from "../records/unit.ts";
import type { OpenRun } from "./open_run.ts";
import { readRun } from "./read_run.ts";
import { MLFLOW_ROUTES } from "./routes.ts";
import { type MlflowRun, PARENT_TAG } from "./run_parse.ts";
import { DEFAULT_EXPERIMENT } from "./target_experiments.ts";
import type { TargetScope } from "./target_scope.ts";
import { endOf } from "./target_status.ts";
import { faceOf } from "./target_tags.ts";
import { timesOf } from "./target_times.ts";

/**
 * Opens a run that is there and finds out what of the unit it does not hold yet. A finished one loses its digest first,
 * so that it counts as cut short until it has the new one; a deleted one is brought back, because MLflow writes to no
 * deleted run. Null when it is not there any more. Throws `Failure`.
 */
export async function reopenRun(
  scope: TargetScope,
  unit: UnitRecord,
  parent: string | null,
  id: string,
): Promise<OpenRun | null> {
  const run = await readRun(scope, id);
  if (run === null) return null;
  const { server } = scope;
  if (run.isDeleted) {
    await server.send(MLFLOW_ROUTES.runs.restore, { body: { run_id: id } });
    if (unit.archived !== true) {
      scope.log.info(`run ${id} was deleted in the target: brought back to be written`);
    }
  }
  if (run.tags[DIGEST_TAG]) {
    const body: JsonObject = { run_id: id, key: DIGEST_TAG, value: "" };
    await server.send(MLFLOW_ROUTES.runs.setTag, { body });
  }
  if (parent === null && run.tags[PARENT_TAG] !== undefined) {
    await server.send(MLFLOW_ROUTES.runs.deleteTag, { body: { run_id: id, key: PARENT_TAG }, accept: [404] });
  }
  const face = faceOf(scope, unit, parent);
  const tags = unlike({ ...face.tags, ...face.late(id) }, run.tags);
  const params = paramsOf(unit, run);
  const loss = [
    ...face.loss,
    ...params.loss,
    ...await fixedLosses(scope, unit, run),
    ...heldBeyond(unit, run),
  ];
  return { run, wasThere: true, wasDeleted: run.isDeleted, tags, params: params.missing, loss };
}

function unlike(
  wanted: Readonly<Record<string, string>>,
  held: Readonly<Record<string, string>>,
): Record<string, string> {
  return Object.fromEntries(Object.entries(wanted).filter(([key, value]) => held[key] !== value));
}

/** MLflow refuses to change a param (`INVALID_PARAMETER_VALUE`), and a whole request with it. */
function paramsOf({ params }: UnitRecord, run: MlflowRun) {
  const missing: Record<string, string> = {};
  const loss: Loss[] = [];
  for (const [key, value] of Object.entries(params ?? {})) {
    if (!Object.hasOwn(run.params, key)) missing[key] = value;
    else if (run.params[key] !== value) {
      const reason = "the run holds another value, and MLflow changes no param";
      loss.push({ field: `params.${key}`, change: "dropped", reason, original: value });
    }
  }
  return { missing, loss };
}

/** What MLflow sets when a run is made and never again. */
async function fixedLosses(scope: TargetScope, unit: UnitRecord, run: MlflowRun): Promise<readonly Loss[]> {
  const loss = [...timesOf(unit, endOf(unit).over).loss];
  const { started } = timesOf(unit, false);
  if (started !== null && started !== run.startedAt) {
    const reason = "MLflow sets the start when it makes a run, and not again";
    loss.push({ field: "times.started", change: "dropped", reason, original: unit.times?.started ?? null });
  }
  const experiment = unit.experiment || DEFAULT_EXPERIMENT;
  if (await scope.experiments.idOf(experiment) !== run.experimentId) {
    const reason = "MLflow moves no run to another experiment";
    loss.push({ field: "experiment", change: "dropped", reason, original: experiment });
  }
  return loss;
}

const STAYS = "the unit does not say it, and azml takes nothing away from a run that is there";

function heldBeyond(unit: UnitRecord, run: MlflowRun): readonly Loss[] {
  const beyond = Object.keys(run.params).filter((name) => !Object.hasOwn(unit.params ?? {}, name));
  return beyond.map((name) => ({ field: `params.${name}`, change: "rewritten", reason: STAYS }));
}
