import { Failure } from "../records/failure.ts";
import { isJsonObject } from "../records/json.ts";
import type { Loss } from "../records/loss.ts";
import { targetName } from "../records/target_name.ts";
import type { UnitRecord } from "../records/unit.ts";
import type { AssetOutcome } from "../stages/ports.ts";
import { referredRun } from "./asset_run.ts";
import type { Renaming } from "./mlmodel.ts";
import { askFor, type AssetScope, NO_FILES, outcomeOf, type PutOutcome, tryToSet } from "./asset_scope.ts";
import { asPairs, assetText, DIGEST_TAG, goneTags, wantedTags } from "./asset_tags.ts";
import { objectAt, textAt } from "./json_fields.ts";
import { type HeldLoggedModel, heldLoggedModel, type LoggedModelIndex } from "./logged_model_index.ts";
import { carryLoggedModelMetrics } from "./logged_model_metrics.ts";
import { MLFLOW_ROUTES } from "./routes.ts";
import type { MlflowRun } from "./run_parse.ts";

const { loggedModels: ROUTES } = MLFLOW_ROUTES;

/** Params in one request. */
const PARAMS = 100;

/** States that end the work on a logged model; in any other the server leaves it as it was made. */
const FINAL: ReadonlySet<string> = new Set(["LOGGED_MODEL_READY", "LOGGED_MODEL_UPLOAD_FAILED"]);

/** Where those go whose experiment a filter took away. */
const DEFAULT_EXPERIMENT = "Default";

/**
 * Makes a logged model with its params, tags, files and metrics, as an output of its run, or completes the one that is
 * there. Throws `Failure`.
 */
export async function carryLoggedModel(
  scope: AssetScope,
  index: LoggedModelIndex,
  unit: UnitRecord,
  digest: string,
): Promise<AssetOutcome> {
  const { tags, loss: lost } = wantedTags(unit);
  const loss = [...lost];
  const run = await referredRun(scope, unit);
  if (run === null && unit.refs?.["run"] !== undefined) loss.push(runNotThere(unit));
  const before = await index.held(unit);
  const held = before ?? await make(scope, index, { unit, run, tags });
  const steps = before === null ? [] : await update(scope, held, tags);
  await logParams(scope, unit, held, loss);
  const put = await putFiles(scope, unit, { held, run, isNew: before === null });
  const artifacts = outcomeOf(put);
  loss.push(...put.loss);
  if (artifacts.files > 0) steps.push("artifacts");
  if (!scope.copyArtifacts && unit.artifacts?.files.length) loss.push(notCopied());
  const homeless = await carryLoggedModelMetrics(scope, unit, held, loss);
  if (run !== null) await linkToRun(scope, unit, { run, held, isNew: before === null });
  await finalize(scope, unit, held, artifacts.failed.length === 0);
  const isWhole = artifacts.failed.length === 0 && homeless === 0 &&
    (run !== null || unit.refs?.["run"] === undefined);
  if (isWhole && held.tags[DIGEST_TAG] !== digest) {
    await setTags(scope, held, { [DIGEST_TAG]: digest });
  }
  return { target: held.id, loss, steps, artifacts };
}

async function make(
  scope: AssetScope,
  index: LoggedModelIndex,
  { unit, run, tags }: {
    readonly unit: UnitRecord;
    readonly run: MlflowRun | null;
    readonly tags: Readonly<Record<string, string>>;
  },
): Promise<HeldLoggedModel> {
  const type = assetText(unit, "model_type");
  // A logged model lies beside its run, wherever that went.
  const experiment = run?.experimentId || await scope.experiments.idOf(unit.experiment ?? DEFAULT_EXPERIMENT);
  const answer = await askFor(scope, ROUTES.create, {
    body: {
      experiment_id: experiment,
      ...(unit.name ? { name: unit.name } : {}),
      ...(type ? { model_type: type } : {}),
      ...(run === null ? {} : { source_run_id: run.id }),
      tags: asPairs(tags),
    },
  });
  const held = heldLoggedModel(objectAt(answer, "model"));
  if (held === null) {
    throw new Failure(`Making logged model ${unit.origin.id}: the server answered no model`, {
      code: "no_logged_model",
      reach: "record",
      retryable: true,
    });
  }
  const whole = { ...held, tags: { ...tags } };
  await index.add(unit, whole);
  return whole;
}

async function putFiles(
  scope: AssetScope,
  unit: UnitRecord,
  { held, run, isNew }: {
    readonly held: HeldLoggedModel;
    readonly run: MlflowRun | null;
    readonly isNew: boolean;
  },
): Promise<PutOutcome> {
  if (!scope.copyArtifacts || !unit.artifacts?.files.length) return NO_FILES;
  const from = assetText(unit, "source_run_id");
  const renamings: Renaming[] = [{ key: "model_id", from: unit.origin.id, to: held.id }];
  if (from && run !== null) renamings.push({ key: "run_id", from, to: run.id });
  const uri = assetText(unit, "artifact_uri");
  if (uri && held.artifactUri !== "") {
    renamings.push({ key: "artifact_path", from: uri, to: held.artifactUri });
  }
  const runOf = async (id: string): Promise<string | null> => {
    const name = targetName("runs", unit.origin.source, id);
    return (await scope.runs.find([name])).get(name)?.target ?? null;
  };
  const root = { uri: held.artifactUri, run: null, model: held.id, folder: "", isNew, renamings, runOf };
  return await scope.files.put(root, unit.artifacts);
}

async function update(
  scope: AssetScope,
  held: HeldLoggedModel,
  tags: Readonly<Record<string, string>>,
): Promise<string[]> {
  const gone = goneTags(held.tags, tags);
  const changed = Object.entries(tags).filter(([key, value]) => held.tags[key] !== value);
  for (const key of gone) {
    await scope.server.send(ROUTES.deleteTag, { vars: { model_id: held.id, key }, accept: [400, 404] });
    delete held.tags[key];
  }
  if (changed.length > 0) await setTags(scope, held, Object.fromEntries(changed));
  return changed.length + gone.length > 0 ? ["tags"] : [];
}

async function setTags(
  scope: AssetScope,
  held: HeldLoggedModel,
  tags: Record<string, string>,
): Promise<void> {
  const body = { model_id: held.id, tags: asPairs(tags) };
  await scope.server.send(ROUTES.setTags, { vars: { model_id: held.id }, body });
  Object.assign(held.tags, tags);
}

/** A param cannot be changed once it is there. */
async function logParams(
  scope: AssetScope,
  unit: UnitRecord,
  held: HeldLoggedModel,
  loss: Loss[],
): Promise<void> {
  const params = unit.asset?.["params"];
  const wanted = Object.entries(isJsonObject(params) ? params : {});
  for (const [key, value] of wanted) {
    const there = held.params[key];
    if (there === undefined || there === value) continue;
    const reason = "the target has another value, and a param cannot be changed";
    loss.push({ field: `params.${key}`, change: "dropped", reason, original: value });
  }
  const fresh = wanted.filter(([key]) => held.params[key] === undefined);
  for (let start = 0; start < fresh.length; start += PARAMS) {
    const some = fresh.slice(start, start + PARAMS).map(([key, value]) => ({ key, value }));
    const body = { model_id: held.id, params: some };
    await scope.server.send(ROUTES.logParams, { vars: { model_id: held.id }, body });
    for (const { key, value } of some) held.params[key] = String(value);
  }
}

/** Makes it an output of its run. A second link breaks a key of the store, so what is there is looked at first. */
async function linkToRun(
  scope: AssetScope,
  unit: UnitRecord,
  { run, held, isNew }: { readonly run: MlflowRun; readonly held: HeldLoggedModel; readonly isNew: boolean },
): Promise<void> {
  const outputs = Array.isArray(run.modelOutputs) ? run.modelOutputs.filter(isJsonObject) : [];
  if (!isNew && outputs.some((output) => textAt(output, "model_id") === held.id)) return;
  const step = unit.asset?.["step"];
  const body = { run_id: run.id, models: [{ model_id: held.id, step: typeof step === "number" ? step : 0 }] };
  await tryToSet(scope, MLFLOW_ROUTES.runs.outputs, body);
}

async function finalize(
  scope: AssetScope,
  unit: UnitRecord,
  held: HeldLoggedModel,
  isWhole: boolean,
): Promise<void> {
  const status = assetText(unit, "status");
  if (!isWhole || status === null || status === held.status || !FINAL.has(status)) return;
  await scope.server.send(ROUTES.finalize, {
    vars: { model_id: held.id },
    body: { model_id: held.id, status },
  });
  held.status = status;
}

function runNotThere(unit: UnitRecord): Loss {
  const original = assetText(unit, "source_run_id");
  return { field: "source_run_id", change: "dropped", reason: "its run is not in the target", original };
}

function notCopied(): Loss {
  return { field: "artifacts", change: "dropped", reason: "copying artifacts was switched off" };
}
