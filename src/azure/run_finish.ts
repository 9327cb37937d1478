import type { JsonObject } from "../records/json.ts";
import { DIGEST_TAG } from "../records/lineage_tags.ts";
import type { Loss } from "../records/loss.ts";
import type { UnitRecord } from "../records/unit.ts";
import { ROUTES } from "../wire/routes.ts";
import { readRun } from "./find_runs.ts";
import type { OpenRun } from "./run_create.ts";
import { statusOf, type StatusWord } from "./run_status.ts";
import { callService, type TargetScope } from "./target_scope.ts";
import { type RunPlace, sameTime, settleTime, stateByEvent, type TimeWanted } from "./time_route.ts";
import { requireAlone } from "./writer_claim.ts";
import { type WrittenRun, writtenRun } from "./written_run.ts";

/**
 * Ends a run as its unit says (status and end time by the learned route; a run that was not over gets no end), hides
 * it when it was archived, and writes the digest last. Safe to repeat. Throws `Failure`, with code `two_writers` and
 * without a digest when another process has claimed the run meanwhile.
 */
export async function finishRun(
  scope: TargetScope,
  open: OpenRun,
  unit: UnitRecord,
  digest: string,
): Promise<readonly Loss[]> {
  const { status, loss } = statusOf(unit);
  const ended = status.over ? await endRun(scope, open, unit, status) : NOTHING_SENT;
  // A run that was there is looked at in any case: whoever else found it may have adopted it too.
  const now = ended.run ?? (open.wasThere ? await readRun(scope, open.run.id) : null);
  requireAlone(open.run.id, now, open.claim);
  return [...loss, ...ended.loss, ...await seal(scope, open, unit, digest)];
}

/** What ending a run did; `run` is as the answer told it, null when there was none. */
interface Ended {
  readonly run: WrittenRun | null;
  readonly loss: readonly Loss[];
}

const NOTHING_SENT: Ended = { run: null, loss: [] };

async function endRun(
  scope: TargetScope,
  open: OpenRun,
  unit: UnitRecord,
  status: StatusWord,
): Promise<Ended> {
  const place = { experiment: open.experiment, runId: open.run.id };
  const time = unit.times?.ended;
  const wanted: TimeWanted | null = time ? { side: "end", time, status } : null;
  const held = open.run;
  if (held.status === status.word && wanted !== null && sameTime(held.ended, wanted.time)) {
    return NOTHING_SENT;
  }
  if (wanted !== null && scope.times.end === "events" && await stateByEvent(scope, place, wanted)) {
    return NOTHING_SENT;
  }
  const answer = await callService(scope, ROUTES.history.patchRun, {
    vars: { runId: held.id },
    body: {
      runId: held.id,
      status: status.word,
      ...(unit.times?.started ? { startTimeUtc: unit.times.started } : {}),
      ...(time ? { endTimeUtc: time } : {}),
    },
    accept: [400],
  });
  const run = answer.status === 400 ? null : writtenRun(answer.body);
  const loss = wanted === null ? [] : await settleTime(scope, place, run, wanted);
  const others = [...await statusLoss(scope, place, run, status, wanted), ...unaskedTimes(unit, run)];
  return { run, loss: [...loss, ...others] };
}

/** A status that the service took neither from a field nor from an event: it stands in the tags. */
async function statusLoss(
  scope: TargetScope,
  place: RunPlace,
  answer: WrittenRun | null,
  status: StatusWord,
  wanted: TimeWanted | null,
): Promise<readonly Loss[]> {
  if (answer?.status === status.word) return [];
  let run = await readRun(scope, place.runId);
  if (run?.status !== status.word && wanted !== null && await stateByEvent(scope, place, wanted)) {
    run = await readRun(scope, place.runId);
  }
  if (run?.status === status.word) return [];
  return [{
    field: "status",
    change: "moved",
    reason: `the service says ${run?.status ?? "nothing"}; kept in tag original_status`,
    original: status.word,
  }];
}

/** Times that the service gave to a run whose original had none. */
function unaskedTimes(unit: UnitRecord, run: WrittenRun | null): readonly Loss[] {
  const loss: Loss[] = [];
  const reason = "the original has none, and the service gives one to every finished run";
  if (!unit.times?.started && run?.started) {
    loss.push({ field: "times.started", change: "rewritten", reason, original: null });
  }
  if (!unit.times?.ended && run?.ended) {
    loss.push({ field: "times.ended", change: "rewritten", reason, original: null });
  }
  return loss;
}

async function seal(
  scope: TargetScope,
  open: OpenRun,
  unit: UnitRecord,
  digest: string,
): Promise<readonly Loss[]> {
  const hidden = unit.archived ?? null;
  const body: JsonObject = {
    ...(hidden !== null && hidden !== open.run.hidden ? { hidden } : {}),
    tags: { [DIGEST_TAG]: digest },
  };
  const answer = await callService(scope, ROUTES.history.modifyRun, { vars: { runId: open.run.id }, body });
  const run = writtenRun(answer.body);
  await requireStillAlone(scope, open, run);
  if (hidden === null || run === null || run.hidden === hidden) return [];
  return [{ field: "archived", change: "dropped", reason: "the service did not take it", original: hidden }];
}

/** Takes the digest away again when the answer to it shows that somebody else has claimed the run. */
async function requireStillAlone(scope: TargetScope, open: OpenRun, run: WrittenRun | null): Promise<void> {
  const { id } = open.run;
  try {
    requireAlone(id, run, open.claim);
  } catch (thrown) {
    const body = { tags: { [DIGEST_TAG]: "" } };
    await callService(scope, ROUTES.history.modifyRun, { vars: { runId: id }, body });
    throw thrown;
  }
}
