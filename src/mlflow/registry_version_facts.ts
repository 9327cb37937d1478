import type { Loss } from "../records/loss.ts";
import type { UnitRecord } from "../records/unit.ts";
import { type AssetScope, tryToSet } from "./asset_scope.ts";
import { assetText, textsOf } from "./asset_tags.ts";
import type { HeldModel, HeldVersion } from "./registry_index.ts";
import { MLFLOW_ROUTES } from "./routes.ts";

const { models, modelVersions } = MLFLOW_ROUTES;

/** Words that MLflow keeps for itself (`mlflow/utils/validation.py`). */
const RESERVED = /^(?:latest|v\d+)$/i;

/** Brings the description; answers whether anything was sent. Throws `Failure`. */
export async function setDescription(
  scope: AssetScope,
  held: HeldVersion,
  unit: UnitRecord,
): Promise<boolean> {
  const description = unit.description ?? "";
  if (held.description === description) return false;
  const { name, version } = held;
  await scope.server.send(modelVersions.update, { body: { name, version, description } });
  held.description = description;
  return true;
}

/** Brings the stage, without touching other versions; a stage that the server refuses is a loss. Throws `Failure`. */
export async function setStage(
  scope: AssetScope,
  held: HeldVersion,
  unit: UnitRecord,
  loss: Loss[],
): Promise<boolean> {
  const stage = assetText(unit, "current_stage") || "None";
  if (held.stage === stage) return false;
  const { name, version } = held;
  const body = { name, version, stage, archive_existing_versions: false };
  const refused = await tryToSet(scope, modelVersions.transitionStage, body);
  if (refused === null) held.stage = stage;
  else loss.push({ field: "current_stage", change: "dropped", reason: refused, original: stage });
  return true;
}

/** Points the version's aliases at it, wherever they point now; reserved ones are a loss. Throws `Failure`. */
export async function setAliases(
  scope: AssetScope,
  model: HeldModel,
  held: HeldVersion,
  unit: UnitRecord,
  loss: Loss[],
): Promise<boolean> {
  let isChanged = false;
  for (const alias of textsOf(unit, "aliases")) {
    if (model.aliases[alias] === held.version) continue;
    const refused = RESERVED.test(alias)
      ? "MLflow keeps this word for itself"
      : await tryToSet(scope, models.setAlias, { name: held.name, alias, version: held.version });
    if (refused === null) model.aliases[alias] = held.version;
    else loss.push({ field: `aliases.${alias}`, change: "dropped", reason: refused, original: alias });
    isChanged = true;
  }
  return isChanged;
}
