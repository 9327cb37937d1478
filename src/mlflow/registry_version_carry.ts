import { Failure } from "../records/failure.ts";
import type { JsonObject } from "../records/json.ts";
import type { Loss } from "../records/loss.ts";
import type { UnitRecord } from "../records/unit.ts";
import type { AssetOutcome } from "../stages/ports.ts";
import { askFor, type AssetScope, NO_FILES, outcomeOf } from "./asset_scope.ts";
import { asPairs, assetText, DIGEST_TAG, HOLDER_TAG, wantedTags } from "./asset_tags.ts";
import { objectAt } from "./json_fields.ts";
import type { LoggedModelIndex } from "./logged_model_index.ts";
import { type HeldModel, type HeldVersion, heldVersion, type RegistryIndex } from "./registry_index.ts";
import { ensureModel, isOfSource } from "./registry_model_carry.ts";
import type { VersionNumbers } from "./registry_numbers.ts";
import { placeVersion, type VersionPlace } from "./registry_place.ts";
import { setAliases, setDescription, setStage } from "./registry_version_facts.ts";
import { leaveDigest, syncTags, type TagRoutes } from "./registry_tags.ts";
import { MLFLOW_ROUTES } from "./routes.ts";

const { modelVersions: ROUTES } = MLFLOW_ROUTES;

/** What carrying versions needs beside the scope. */
export interface VersionReaders {
  readonly index: RegistryIndex;
  readonly loggedModels: LoggedModelIndex;
  readonly numbers: VersionNumbers;
}

/**
 * Makes a version, or brings the one that azml made before to what the unit says: tags, description, stage, aliases.
 * Its source and number cannot change any more. Throws `Failure`.
 */
export async function carryVersion(
  scope: AssetScope,
  readers: VersionReaders,
  unit: UnitRecord,
  digest: string,
): Promise<AssetOutcome> {
  const model = await ensureModel(scope, readers.index, unit);
  if (!isOfSource(model, unit)) throw notOurs(model);
  const { tags, loss: lost } = wantedTags(unit);
  const loss = [...lost];
  const before = await readers.index.version(unit);
  const place = before === null || before.tags[HOLDER_TAG] !== undefined
    ? await placeVersion(scope, readers.loggedModels, unit)
    : null;
  loss.push(...place?.loss ?? []);
  const wanted = place?.holder ? { ...tags, [HOLDER_TAG]: place.holder } : tags;
  const isWhole = (place?.artifacts.failed.length ?? 0) === 0;
  const held = before ??
    await makeVersion(scope, readers, {
      unit,
      place,
      tags: wanted,
      ...(isWhole && isPlain(unit) ? { digest } : {}),
    });
  if (unit.version && held.version !== unit.version) loss.push(renumbered(unit.version, held.version));
  const steps = place !== null && place.artifacts.files > 0 ? ["artifacts"] : [];
  steps.push(...await settleFacts(scope, { model, held, unit, wanted }, loss));
  if (isWhole) await leaveDigest(scope, tagRoutes(held), held.tags, digest);
  return {
    target: `${held.name}/${held.version}`,
    loss,
    steps,
    artifacts: place?.artifacts ?? outcomeOf(NO_FILES),
  };
}

/** Whether nothing is to be done once it is made, so that it may be made with its digest. */
function isPlain(unit: UnitRecord): boolean {
  const aliases = unit.asset?.["aliases"];
  return (assetText(unit, "current_stage") ?? "None") === "None" &&
    (!Array.isArray(aliases) || aliases.length === 0);
}

async function makeVersion(
  scope: AssetScope,
  { index, numbers }: VersionReaders,
  { unit, place, tags, digest }: {
    readonly unit: UnitRecord;
    readonly place: VersionPlace | null;
    readonly tags: Readonly<Record<string, string>>;
    readonly digest?: string;
  },
): Promise<HeldVersion> {
  const name = unit.name ?? "";
  const madeOf: JsonObject = {
    source: place?.source ?? "",
    ...(place?.runId ? { run_id: place.runId } : {}),
    ...(place?.modelId ? { model_id: place.modelId } : {}),
  };
  const number = Number(unit.version ?? "");
  if (scope.keepVersionNumbers && Number.isSafeInteger(number)) await numbers.advance(unit, number, madeOf);
  const link = assetText(unit, "run_link");
  const all = { ...tags, ...(digest === undefined ? {} : { [DIGEST_TAG]: digest }) };
  const answer = await askFor(scope, ROUTES.create, {
    body: {
      ...madeOf,
      name,
      tags: asPairs(all),
      ...(unit.description ? { description: unit.description } : {}),
      ...(link ? { run_link: link } : {}),
    },
  });
  const held = heldVersion(objectAt(answer, "model_version"));
  if (held === null) throw noVersion(unit);
  // Not every server answers all that it was given.
  const whole = { ...held, description: unit.description ?? "", tags: { ...all } };
  numbers.note(name, held.version);
  await index.add(unit, whole);
  return whole;
}

/** A version that is there, and what it shall be. */
interface Facts {
  readonly model: HeldModel;
  readonly held: HeldVersion;
  readonly unit: UnitRecord;
  readonly wanted: Readonly<Record<string, string>>;
}

async function settleFacts(scope: AssetScope, facts: Facts, loss: Loss[]): Promise<string[]> {
  const { model, held, unit, wanted } = facts;
  const steps: string[] = [];
  if (await setDescription(scope, held, unit)) steps.push("description");
  if (await syncTags(scope, tagRoutes(held), held.tags, wanted, loss)) steps.push("tags");
  if (await setStage(scope, held, unit, loss)) steps.push("stage");
  if (await setAliases(scope, model, held, unit, loss)) steps.push("aliases");
  return steps;
}

function tagRoutes({ name, version }: HeldVersion): TagRoutes {
  return { set: ROUTES.setTag, remove: ROUTES.deleteTag, of: { name, version } };
}

/** The loss that says which number a version has in the target. */
export function renumbered(original: string, version: string): Loss {
  const reason = `version ${original} is ${version} in the target; kept in tag azml_version`;
  return { field: "version", change: "rewritten", reason, original };
}

function notOurs({ name }: HeldModel): Failure {
  return new Failure(
    `The target has a model "${name}" that does not come from this source; it was left as it is`,
    {
      code: "model_not_ours",
      reach: "record",
      retryable: false,
      hint:
        "rename it on the way (--rename-model, --model-prefix), or take the target's over with --on-conflict update",
    },
  );
}

function noVersion(unit: UnitRecord): Failure {
  return new Failure(`Making model version ${unit.origin.id}: the server answered no version`, {
    code: "no_version",
    reach: "record",
    retryable: true,
  });
}
