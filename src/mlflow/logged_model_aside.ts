import type { Loss } from "../records/loss.ts";
import type { UnitRecord } from "../records/unit.ts";
import type { AssetOutcome } from "../stages/ports.ts";
import { finishHolder, holderRun } from "./asset_holder.ts";
import { referredRun } from "./asset_run.ts";
import type { Renaming } from "./mlmodel.ts";
import { assetText } from "./asset_tags.ts";
import { type AssetScope, NO_FILES, outcomeOf } from "./asset_scope.ts";
import { asideFolder, asideTag } from "./logged_model_index.ts";
import { MLFLOW_ROUTES } from "./routes.ts";

/**
 * Keeps a logged model on a target that has none (MLflow 2): its files and, as JSON, its facts go into its run's
 * artifacts, or into a run made for them. Throws `Failure`.
 */
export async function carryLoggedModelAside(
  scope: AssetScope,
  unit: UnitRecord,
  digest: string,
): Promise<AssetOutcome> {
  const own = await referredRun(scope, unit);
  const { run, isNew } = own === null ? await holderRun(scope, unit) : { run: own, isNew: false };
  const folder = asideFolder(unit.target_name);
  const from = assetText(unit, "source_run_id");
  const renamings: Renaming[] = from ? [{ key: "run_id", from, to: run.id }] : [];
  const root = { uri: run.artifactUri ?? "", run: run.id, model: null, isNew, renamings };
  const tag = asideTag(unit.target_name);
  // Says where it is from the first file on, and with the digest that all of it is.
  if (run.tags[tag] === undefined) await setTag(scope, run.id, tag, "");
  const facts = {
    origin: unit.origin,
    name: unit.name,
    tags: unit.tags ?? null,
    description: unit.description ?? null,
    ...unit.asset,
  };
  const text = `${JSON.stringify(facts, null, 2)}\n`;
  await scope.files.putFile({ ...root, folder }, "logged_model.json", new TextEncoder().encode(text));
  const files = unit.artifacts?.files ?? [];
  const put = scope.copyArtifacts && unit.artifacts && files.length > 0
    ? await scope.files.put({ ...root, folder: `${folder}/files` }, unit.artifacts)
    : NO_FILES;
  const artifacts = outcomeOf(put);
  if (own === null) await finishHolder(scope, run);
  if (artifacts.failed.length === 0) await setTag(scope, run.id, tag, digest);
  const reason =
    `the target has no logged models (MLflow 2); its facts and files are in run ${run.id}, at ${folder}`;
  const loss: Loss[] = [{ field: "logged_model", change: "moved", reason }, ...put.loss];
  if (!scope.copyArtifacts && files.length > 0) {
    loss.push({ field: "artifacts", change: "dropped", reason: "copying artifacts was switched off" });
  }
  return { target: `${run.id}/${folder}`, loss, steps: artifacts.files > 0 ? ["artifacts"] : [], artifacts };
}

async function setTag({ server }: AssetScope, run: string, key: string, value: string): Promise<void> {
  await server.send(MLFLOW_ROUTES.runs.setTag, { body: { run_id: run, key, value } });
}
