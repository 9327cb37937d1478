import type { JsonObject } from "../records/json.ts";
import type { Loss } from "../records/loss.ts";
import type { UnitRecord } from "../records/unit.ts";
import { Failure } from "../records/failure.ts";
import { ROUTES } from "../wire/routes.ts";
import { DEFAULT_EXPERIMENT, ensureExperiment } from "./ensure_experiment.ts";
import { readRun } from "./find_runs.ts";
import { statusOf, statusWhileWriting } from "./run_status.ts";
import { callService, type TargetScope } from "./target_scope.ts";
import { settleTime } from "./time_route.ts";
import { claimBody, claimRun, nextClaim, requireClaim, type WriterClaim } from "./writer_claim.ts";
import type { WrittenRun } from "./written_run.ts";

/** A run that is open for writing. */
export interface OpenRun {
  readonly run: WrittenRun;
  /** Name of its experiment. */
  readonly experiment: string;
  /** Whether it was there before this unit was opened. */
  readonly wasThere: boolean;
  /** This process's word that it writes the run; null when there was no room for one. */
  readonly claim: WriterClaim | null;
  readonly loss: readonly Loss[];
}

/** The body that creates a run: CreateRun of run history, with what the v1 SDK sends for runs from outside. */
function createBody(unit: UnitRecord, parent: string | null, claim: WriterClaim | null): JsonObject {
  return {
    runId: unit.target_name,
    ...(parent === null ? {} : { parentRunId: parent }),
    ...(unit.display_name ? { name: unit.display_name, displayName: unit.display_name } : {}),
    ...(unit.description ? { description: unit.description } : {}),
    runTypeV2: { orchestrator: "External", traits: ["unspecified"] },
    status: statusWhileWriting(unit, statusOf(unit).status),
    ...(unit.times?.started ? { startTimeUtc: unit.times.started } : {}),
    tags: { ...unit.tags },
    parameters: { ...unit.params },
    ...claimBody(claim),
  };
}

/**
 * Creates the run of a unit under its chosen id (an upsert, so saying it twice makes one run), and looks at what the
 * service made of it. The first run is read back, because an answer alone may be an echo. Throws `Failure`, with code
 * `two_writers` when another process makes it at the same time.
 */
export async function createRun(
  scope: TargetScope,
  unit: UnitRecord,
  parent: string | null,
): Promise<OpenRun> {
  const experiment = unit.experiment || DEFAULT_EXPERIMENT;
  await ensureExperiment(scope, experiment);
  const place = { experiment, runId: unit.target_name };
  const claim = nextClaim(scope, unit.target_name, 0);
  const answer = await claimRun(
    scope,
    unit.target_name,
    claim,
    () =>
      callService(scope, ROUTES.history.patchRunByName, {
        vars: place,
        body: createBody(unit, parent, claim),
      }),
  );
  const started = unit.times?.started;
  const loss: Loss[] = [];
  if (started) {
    loss.push(...await settleTime(scope, place, answer, { side: "start", time: started }));
  }
  const run = await believed(scope, answer, unit.target_name, parent);
  requireClaim(unit.target_name, run, claim);
  return { run, experiment, wasThere: false, claim, loss: [...loss, ...fieldLoss(unit, parent, run)] };
}

/** The run as the answer tells it, or as it is read back: an answer alone may be an echo of the request. */
async function believed(
  scope: TargetScope,
  answer: WrittenRun | null,
  name: string,
  parent: string | null,
): Promise<WrittenRun> {
  const aspect = parent === null ? "name" : "parent";
  if (answer !== null && scope.confirmed.has(aspect)) return answer;
  const run = await readRun(scope, name);
  if (run === null) throw notThere(name);
  scope.confirmed.add(aspect);
  return run;
}

/** What the service did not take as it was asked for. */
export function fieldLoss(unit: UnitRecord, parent: string | null, run: WrittenRun): readonly Loss[] {
  const loss: Loss[] = [];
  if (run.parent !== parent) {
    loss.push({
      field: "parent",
      change: "moved",
      reason: "the service keeps another parent; the original's id is kept in tag original_parent_job_id",
      original: unit.origin.parent,
    });
  }
  if (unit.display_name && run.displayName !== unit.display_name) {
    loss.push({
      field: "display_name",
      change: "rewritten",
      reason: `the service made ${JSON.stringify(run.displayName)} of it`,
      original: unit.display_name,
    });
  }
  return loss;
}

function notThere(name: string): Failure {
  return new Failure(`Creating run "${name}": run history took the request, and the run is not there.`, {
    code: "run_not_created",
    reach: "record",
    retryable: true,
    hint: "Run it again.",
  });
}
