import type { ExperimentRecord } from "../records/experiment.ts";
import { isReservedAssetTag, sourceTag } from "../records/lineage_tags.ts";
import type { Loss } from "../records/loss.ts";
import { shortHash } from "../records/short_hash.ts";
import type { UnitRecord } from "../records/unit.ts";
import type { AssetOutcome } from "../stages/ports.ts";
import { askFor, type AssetScope, isCode, NO_FILES, outcomeOf, tryToSet } from "./asset_scope.ts";
import { asPairs, assetText } from "./asset_tags.ts";
import { experimentDigestTag, type ExperimentIndex, experimentOriginTag } from "./experiment_index.ts";
import { textAt } from "./json_fields.ts";
import { MLFLOW_ROUTES } from "./routes.ts";

/** MLflow's pages show this tag as an experiment's description. */
const NOTE_TAG = "mlflow.note.content";

/** Longest tag of an experiment that every MLflow server takes (5,000 characters before 3.x). */
const TAG_MAX = 5000;

/**
 * Makes an experiment, or adds to one of that name what it lacks. A tag that is there with another value stays, unless
 * the same source brought that value before. Throws `Failure` `experiment_deleted` for one that is deleted and shall
 * not be restored.
 */
export async function carryExperiment(
  scope: AssetScope,
  index: ExperimentIndex,
  unit: UnitRecord,
  digest: string,
): Promise<AssetOutcome> {
  const name = unit.name ?? unit.origin.id;
  const loss = [...lossOf(unit)];
  const wanted = wantedOf(unit, loss);
  let held = (await index.all()).get(name) ?? null;
  if (held === null && await create(scope, name, wanted, unit, digest)) {
    const made = await index.learn(name);
    if (made !== null) return { target: made.id, loss, steps: [], artifacts: outcomeOf(NO_FILES) };
  }
  held ??= await index.learn(name);
  // Restores a deleted one, or throws.
  const id = held === null || held.archived === true ? await scope.experiments.idOf(name) : held.id;
  const steps = await merge(scope, { id, held, unit, wanted, digest }, loss);
  await index.learn(name);
  return { target: id, loss, steps, artifacts: outcomeOf(NO_FILES) };
}

/** The tags that the source brings, azml's own apart. */
function wantedOf(unit: UnitRecord, loss: Loss[]): Record<string, string> {
  const wanted: Record<string, string> = {};
  for (const [key, value] of Object.entries(unit.tags ?? {})) {
    // What an earlier migration wrote there speaks of another source.
    if (!isReservedAssetTag(key)) wanted[key] = value;
    else {loss.push({
        field: `tags.${key}`,
        change: "dropped",
        reason: "azml keeps this tag for its own lineage",
      });}
  }
  if (unit.description) wanted[NOTE_TAG] ??= unit.description;
  return wanted;
}

function lossOf(unit: UnitRecord): readonly Loss[] {
  const loss: Loss[] = [];
  if (unit.asset?.["creation_time"] !== undefined) {
    loss.push({
      field: "creation_time",
      change: "moved",
      reason: "set by the target; kept in its tag azml_origin.*",
    });
  }
  if (unit.archived === true) {
    const reason = "it stays active in the target: a deleted experiment takes no runs";
    loss.push({ field: "archived", change: "dropped", reason });
  }
  return loss;
}

/** Makes it whole in one call; false when somebody made it first, or a tag was refused. */
async function create(
  scope: AssetScope,
  name: string,
  wanted: Readonly<Record<string, string>>,
  unit: UnitRecord,
  digest: string,
): Promise<boolean> {
  const tags = asPairs({ ...wanted, ...originOf(unit, wanted), [experimentDigestTag(unit)]: digest });
  try {
    const made = await askFor(scope, MLFLOW_ROUTES.experiments.create, { body: { name, tags } });
    return textAt(made, "experiment_id") !== null;
  } catch (error) {
    if (isCode(error, "RESOURCE_ALREADY_EXISTS") || isCode(error, "INVALID_PARAMETER_VALUE")) return false;
    throw error;
  }
}

function originOf(unit: UnitRecord, wanted: Readonly<Record<string, string>>): Record<string, string> {
  const brought = Object.fromEntries(Object.entries(wanted).map(([key, value]) => [key, shortHash(value)]));
  const facts = {
    source: sourceTag(unit.origin.source),
    id: unit.origin.id,
    created: unit.asset?.["creation_time"] ?? null,
    artifact_location: assetText(unit, "artifact_location"),
  };
  const text = JSON.stringify({ ...facts, tags: brought });
  return { [experimentOriginTag(unit)]: text.length <= TAG_MAX ? text : JSON.stringify(facts) };
}

/** What is merged into which experiment. */
interface Merge {
  readonly id: string;
  readonly held: ExperimentRecord | null;
  readonly unit: UnitRecord;
  readonly wanted: Readonly<Record<string, string>>;
  readonly digest: string;
}

async function merge(
  scope: AssetScope,
  { id, held, unit, wanted, digest }: Merge,
  loss: Loss[],
): Promise<string[]> {
  const there = held?.tags ?? {};
  const brought = broughtBefore(there[experimentOriginTag(unit)]);
  const steps: string[] = [];
  const set = async (key: string, value: string) => {
    if (there[key] === value) return null;
    return await tryToSet(scope, MLFLOW_ROUTES.experiments.setTag, { experiment_id: id, key, value });
  };
  for (const [key, value] of Object.entries(wanted)) {
    const old = there[key];
    if (old !== undefined && old !== value && brought[key] !== shortHash(old)) {
      const reason = "the experiment is there and has another value, which stays";
      loss.push({ field: `tags.${key}`, change: "dropped", reason, original: value });
      continue;
    }
    const refused = await set(key, value);
    if (refused !== null) {
      loss.push({ field: `tags.${key}`, change: "dropped", reason: refused, original: value });
    } else if (old !== value && !steps.includes("tags")) steps.push("tags");
  }
  for (const [key, value] of Object.entries(originOf(unit, wanted))) await set(key, value);
  await set(experimentDigestTag(unit), digest);
  return steps;
}

function broughtBefore(text: string | undefined): Readonly<Record<string, unknown>> {
  try {
    const { tags } = JSON.parse(text ?? "{}");
    return typeof tags === "object" && tags !== null ? tags : {};
  } catch {
    // Somebody else wrote it: then nothing is known to be azml's.
    return {};
  }
}
