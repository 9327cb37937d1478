import type { Loss } from "../records/loss.ts";
import { Failure } from "../records/failure.ts";
import type { JsonObject } from "../records/json.ts";
import { isJsonObject } from "../records/json.ts";
import type { UnitRecord } from "../records/unit.ts";
import type { AssetOutcome } from "../stages/ports.ts";
import { askFor, type AssetScope, isCode, NO_FILES, outcomeOf, tryToSet } from "./asset_scope.ts";
import { asPairs, DIGEST_TAG, originTags, SOURCE_TAG, wantedTags } from "./asset_tags.ts";
import { objectAt } from "./json_fields.ts";
import { type HeldModel, heldModel, type RegistryIndex } from "./registry_index.ts";
import { makeRoom } from "./registry_replace.ts";
import { leaveDigest, syncTags, type TagRoutes } from "./registry_tags.ts";
import { MLFLOW_ROUTES } from "./routes.ts";

const { models: ROUTES } = MLFLOW_ROUTES;

/**
 * Makes a registered model without its versions, or brings one to what the unit says. With `replaceModels` one of that
 * name that is not azml's makes room first. Throws `Failure`.
 */
export async function carryModel(
  scope: AssetScope,
  index: RegistryIndex,
  unit: UnitRecord,
  digest: string,
): Promise<AssetOutcome> {
  const name = unit.name ?? unit.origin.id;
  const { tags, loss: lost } = wantedTags(unit);
  const loss = [...lost];
  const steps: string[] = [];
  const models = await index.models();
  let held = models.get(name) ?? null;
  if (held !== null && scope.replaceModels && !isOfSource(held, unit)) {
    await makeRoom(scope, models, held);
    steps.push("make_room");
    held = null;
  }
  if (held === null) {
    const made = await create(scope, index, name, { tags: { ...tags, [DIGEST_TAG]: digest }, unit });
    if (made) return { target: name, loss, steps, artifacts: outcomeOf(NO_FILES) };
    held = models.get(name) ?? null;
  }
  if (held !== null) steps.push(...await update(scope, held, { unit, tags, digest }, loss));
  return { target: name, loss, steps, artifacts: outcomeOf(NO_FILES) };
}

/** The model of a version whose own unit did not come; made bare where it is missing. Throws `Failure`. */
export async function ensureModel(
  scope: AssetScope,
  index: RegistryIndex,
  unit: UnitRecord,
): Promise<HeldModel> {
  const name = unit.name ?? "";
  const models = await index.models();
  if (!models.has(name)) {
    // It is not what a unit of a model would be: without a name and a digest of its own it is completed by the first one.
    const { [SOURCE_TAG]: source } = originTags(unit);
    const id = unit.origin.id.slice(0, unit.origin.id.lastIndexOf("/"));
    await create(scope, index, name, { tags: { [SOURCE_TAG]: source ?? "", azml_id: id }, unit: null });
  }
  const held = models.get(name);
  if (held !== undefined) return held;
  const bare: HeldModel = { name, description: "", tags: {}, aliases: {} };
  models.set(name, bare);
  return bare;
}

/** Whether a model was made by azml of the unit's source. */
export function isOfSource(held: HeldModel, unit: UnitRecord): boolean {
  const source = originTags(unit)[SOURCE_TAG];
  return held.tags[SOURCE_TAG]?.toLowerCase() === source?.toLowerCase();
}

/** Makes it whole in one call; false when somebody made it first. */
async function create(
  scope: AssetScope,
  index: RegistryIndex,
  name: string,
  { tags, unit }: { readonly tags: Readonly<Record<string, string>>; readonly unit: UnitRecord | null },
): Promise<boolean> {
  const description = unit?.description ?? "";
  const body: JsonObject = { name, tags: asPairs(tags), ...(description === "" ? {} : { description }) };
  const models = await index.models();
  try {
    const answer = await askFor(scope, ROUTES.create, { body });
    const made = heldModel(objectAt(answer, "registered_model"));
    models.set(name, { name, description, tags: { ...tags }, aliases: made?.aliases ?? {} });
    return true;
  } catch (error) {
    if (!isCode(error, "RESOURCE_ALREADY_EXISTS") && !isCode(error, "ALREADY_EXISTS")) {
      throw refusedName(error, name);
    }
    const answer = await askFor(scope, ROUTES.get, { query: { name } });
    const there = heldModel(objectAt(answer, "registered_model"));
    if (there !== null) models.set(name, there);
    return false;
  }
}

/** What was thrown; with another name to be given, where the server takes no model of this one. */
function refusedName(error: unknown, name: string): unknown {
  if (!isCode(error, "INVALID_PARAMETER_VALUE") || !/[/:]/.test(name)) return error;
  return new Failure(`The target takes no model of the name "${name}": ${error.message}`, {
    ...error.facts,
    code: "model_name_refused",
    hint: `give it another name on the way: --rename-model '${name}=${name.replace(/[/:]+/g, "-")}'`,
    cause: error,
  });
}

async function update(
  scope: AssetScope,
  held: HeldModel,
  { unit, tags, digest }: {
    readonly unit: UnitRecord;
    readonly tags: Readonly<Record<string, string>>;
    readonly digest: string;
  },
  loss: Loss[],
): Promise<string[]> {
  const steps: string[] = [];
  const description = unit.description ?? "";
  if (held.description !== description && (description !== "" || isOfSource(held, unit))) {
    await scope.server.send(ROUTES.update, { body: { name: held.name, description } });
    held.description = description;
    steps.push("description");
  }
  const routes: TagRoutes = { set: ROUTES.setTag, remove: ROUTES.deleteTag, of: { name: held.name } };
  if (await syncTags(scope, routes, held.tags, tags, loss)) steps.push("tags");
  if (await dropAliases(scope, held, unit)) steps.push("aliases");
  await leaveDigest(scope, routes, held.tags, digest);
  return steps;
}

/** Aliases that the source has no more; one that moved is set by its new version, so that it never is missing. */
async function dropAliases(scope: AssetScope, held: HeldModel, unit: UnitRecord): Promise<boolean> {
  const wanted = unit.asset?.["aliases"];
  if (!isJsonObject(wanted) || !isOfSource(held, unit)) return false;
  const gone = Object.keys(held.aliases).filter((alias) => !(alias in wanted));
  for (const alias of gone) {
    await tryToSet(scope, ROUTES.deleteAlias, { name: held.name, alias });
    delete held.aliases[alias];
  }
  return gone.length > 0;
}
