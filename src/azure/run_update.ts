import type { JsonObject } from "../records/json.ts";
import { DIGEST_TAG } from "../records/lineage_tags.ts";
import type { Loss } from "../records/loss.ts";
import type { UnitRecord } from "../records/unit.ts";
import { ROUTES } from "../wire/routes.ts";
import type { Answer } from "../wire/wire.ts";
import { DEFAULT_EXPERIMENT, ensureExperiment } from "./ensure_experiment.ts";
import { readRun } from "./find_runs.ts";
import { fieldLoss, type OpenRun } from "./run_create.ts";
import { statusOf } from "./run_status.ts";
import { callService, type TargetScope } from "./target_scope.ts";
import { sameTime, settleTime } from "./time_route.ts";
import { writersOf } from "./run_writers.ts";
import { claimBody, claimRun, nextClaim, requireAlone } from "./writer_claim.ts";
import type { WrittenRun } from "./written_run.ts";

/**
 * Brings a run that is there to what its unit says, in one upsert: names, tags, missing parameters, start and parent,
 * and the claim of this process (`writers`: how many had claimed it when it was found; null looks now). Tags and
 * parameters that the unit does not name stay: they are the platform's or somebody's in the target. The digest is
 * cleared in the same request, so that a run that is cut short here does not pass for the finished one that it was.
 * Answers null when the run is gone. Throws `Failure`, with code `two_writers` when another process claimed it.
 */
export async function updateRun(
  scope: TargetScope,
  unit: UnitRecord,
  parent: string | null,
  writers: number | null = null,
): Promise<OpenRun | null> {
  const held = await readRun(scope, unit.target_name);
  if (held === null) return null;
  const claim = nextClaim(scope, held.id, writers ?? writersOf(held));
  requireAlone(held.id, held, claim);
  const experiment = unit.experiment || DEFAULT_EXPERIMENT;
  const experimentId = await ensureExperiment(scope, experiment);
  const loss: Loss[] = [...parameterLoss(unit, held), ...experimentLoss(unit, held, experimentId)];
  const body = { ...claimBody(claim), ...changes(unit, parent, held) };
  const run = await claimRun(scope, held.id, claim, () => sendUpsert(scope, held.id, body)) ?? held;
  if (typeof body.startTimeUtc === "string") {
    const place = { experiment, runId: held.id };
    loss.push(...await settleTime(scope, place, run, { side: "start", time: body.startTimeUtc }));
  }
  return { run, experiment, wasThere: true, claim, loss: [...loss, ...fieldLoss(unit, parent, run)] };
}

function changes(unit: UnitRecord, parent: string | null, held: WrittenRun): JsonObject {
  return { ...wordChanges(unit, held), ...factChanges(unit, parent, held) };
}

function wordChanges(unit: UnitRecord, held: WrittenRun): JsonObject {
  const tags: Record<string, string> = {};
  if (held.tags[DIGEST_TAG]) tags[DIGEST_TAG] = "";
  for (const [name, value] of Object.entries(unit.tags ?? {})) {
    if (held.tags[name] !== value) tags[name] = value;
  }
  const { display_name, description } = unit;
  return {
    ...(display_name && display_name !== held.displayName ? { displayName: display_name } : {}),
    ...(description && description !== held.description ? { description } : {}),
    ...(Object.keys(tags).length === 0 ? {} : { tags }),
  };
}

function factChanges(unit: UnitRecord, parent: string | null, held: WrittenRun): JsonObject {
  const missing = Object.entries(unit.params ?? {}).filter(([name]) => !Object.hasOwn(held.params, name));
  const started = unit.times?.started;
  const { status } = statusOf(unit);
  return {
    ...(missing.length === 0 ? {} : { parameters: Object.fromEntries(missing) }),
    ...(started && !sameTime(held.started, started) ? { startTimeUtc: started } : {}),
    ...(parent !== null && held.parent !== parent ? { parentRunId: parent } : {}),
    ...(!status.over && status.word !== held.status ? { status: status.word } : {}),
  };
}

function sendUpsert(scope: TargetScope, runId: string, body: JsonObject): Promise<Answer> {
  return callService(scope, ROUTES.history.patchRun, { vars: { runId }, body: { runId, ...body } });
}

/** Parameters never change once they are set (Azure ML run history: immutable per key). */
function parameterLoss(unit: UnitRecord, held: WrittenRun): readonly Loss[] {
  return Object.entries(unit.params ?? {})
    .filter(([name, value]) => Object.hasOwn(held.params, name) && held.params[name] !== value)
    .map(([name, value]) => ({
      field: `params.${name}`,
      change: "moved" as const,
      reason: "the run holds another value, and the service never changes a parameter",
      original: value,
    }));
}

function experimentLoss(unit: UnitRecord, held: WrittenRun, wanted: string | null): readonly Loss[] {
  if (wanted === null || held.experimentId === null || wanted === held.experimentId) return [];
  return [{
    field: "experiment",
    change: "moved",
    reason: "the run is in another experiment, and the service never moves a run",
    original: unit.experiment ?? null,
  }];
}
