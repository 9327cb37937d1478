import type { JsonObject } from "../records/json.ts";
import { DIGEST_TAG } from "../records/lineage_tags.ts";
import type { Loss } from "../records/loss.ts";
import type { UnitRecord } from "../records/unit.ts";
import { ROUTES } from "../wire/routes.ts";
import { DEFAULT_EXPERIMENT, ensureExperiment } from "./ensure_experiment.ts";
import { readRun } from "./find_runs.ts";
import { fieldLoss, type OpenRun } from "./run_create.ts";
import { statusOf } from "./run_status.ts";
import { callService, type TargetScope } from "./target_scope.ts";
import { sameTime, settleTime } from "./time_route.ts";
import { type WrittenRun, writtenRun } from "./written_run.ts";

/**
 * Brings a run that is there to what its unit says: names and tags by `modify`, missing parameters, start and parent
 * by an upsert; nothing is sent that is so already. Tags and parameters that the unit does not name stay: they are
 * the platform's or somebody's in the target. The digest is cleared first, so that a run that is cut short here does
 * not pass for the finished one that it was. Answers null when the run is gone. Throws `Failure`.
 */
export async function updateRun(
  scope: TargetScope,
  unit: UnitRecord,
  parent: string | null,
): Promise<OpenRun | null> {
  const held = await readRun(scope, unit.target_name);
  if (held === null) return null;
  const experiment = unit.experiment || DEFAULT_EXPERIMENT;
  const experimentId = await ensureExperiment(scope, experiment);
  let run = await sendModify(scope, held, modifyBody(unit, held)) ?? held;
  const loss: Loss[] = [...parameterLoss(unit, held), ...experimentLoss(unit, held, experimentId)];
  const body = upsertBody(unit, parent, held);
  if (Object.keys(body).length > 0) {
    run = await sendUpsert(scope, held.id, body) ?? run;
    if (typeof body.startTimeUtc === "string") {
      const place = { experiment, runId: held.id };
      loss.push(...await settleTime(scope, place, run, { side: "start", time: body.startTimeUtc }));
    }
  }
  return { run, experiment, wasThere: true, loss: [...loss, ...fieldLoss(unit, parent, run)] };
}

function modifyBody(unit: UnitRecord, held: WrittenRun): JsonObject {
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

function upsertBody(unit: UnitRecord, parent: string | null, held: WrittenRun): JsonObject {
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

async function sendModify(
  scope: TargetScope,
  held: WrittenRun,
  body: JsonObject,
): Promise<WrittenRun | null> {
  if (Object.keys(body).length === 0) return null;
  const answer = await callService(scope, ROUTES.history.modifyRun, { vars: { runId: held.id }, body });
  return writtenRun(answer.body);
}

async function sendUpsert(scope: TargetScope, runId: string, body: JsonObject): Promise<WrittenRun | null> {
  const answer = await callService(scope, ROUTES.history.patchRun, {
    vars: { runId },
    body: { runId, ...body },
  });
  return writtenRun(answer.body);
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
