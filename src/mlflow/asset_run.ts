import type { JsonObject } from "../records/json.ts";
import type { UnitRecord } from "../records/unit.ts";
import { askFor, type AssetScope } from "./asset_scope.ts";
import { objectAt } from "./json_fields.ts";
import { MLFLOW_ROUTES } from "./routes.ts";
import { type MlflowRun, parseRun } from "./run_parse.ts";

/** The target's run that a unit refers to; null when it is not there, or deleted. Throws `Failure`. */
export async function referredRun(scope: AssetScope, { refs }: UnitRecord): Promise<MlflowRun | null> {
  const name = refs?.["run"];
  return name === undefined ? null : await runNamed(scope, name);
}

/** As {@linkcode referredRun}, deleted or not. */
export async function anyReferredRun(scope: AssetScope, { refs }: UnitRecord): Promise<MlflowRun | null> {
  const name = refs?.["run"];
  return name === undefined ? null : await anyRunNamed(scope, name);
}

/** The target's run of a target name, as it is now; null when it is not there, or deleted. Throws `Failure`. */
export async function runNamed(scope: AssetScope, name: string): Promise<MlflowRun | null> {
  const run = await anyRunNamed(scope, name);
  return run === null || run.isDeleted ? null : run;
}

/** As {@linkcode runNamed}, deleted or not. */
async function anyRunNamed(scope: AssetScope, name: string): Promise<MlflowRun | null> {
  const found = (await scope.runs.find([name])).get(name);
  if (found === undefined) return null;
  const answer: JsonObject = await askFor(scope, MLFLOW_ROUTES.runs.get, {
    query: { run_id: found.target },
    accept: [404],
  });
  const object = objectAt(answer, "run");
  return object === null ? null : parseRun(object);
}
