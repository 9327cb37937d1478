import type { Loss } from "../records/loss.ts";
import { ROUTES } from "../wire/routes.ts";
import { readRun } from "./find_runs.ts";
import { START_EVENT, type StatusWord } from "./run_status.ts";
import { serviceMilliseconds } from "./service_time.ts";
import { callService, type TargetScope } from "./target_scope.ts";
import type { WrittenRun } from "./written_run.ts";

/**
 * How past times get into a run: as fields of its create or change request, by events that state them, or not at
 * all. No public source says which of them the service honours for a user's token, so the first run that needs it is
 * read back, and what was seen holds for the process.
 */
export type TimeRoute = "fields" | "events" | "none";

/** What was learned; null until a run was read back. */
export interface TimeRoutes {
  start: TimeRoute | null;
  end: TimeRoute | null;
}

/** One time of a run that shall be so. */
export interface TimeWanted {
  readonly side: "start" | "end";
  /** RFC 3339. */
  readonly time: string;
  /** The status that comes with an end. */
  readonly status?: StatusWord;
}

/** A run by its name, in its experiment. */
export interface RunPlace {
  readonly experiment: string;
  readonly runId: string;
}

/** Answers that say that the service does not take such an event. */
const REFUSED: readonly number[] = [400, 404, 405, 409];

const FIELD = { start: "times.started", end: "times.ended" } as const;
const TAG = { start: "original_started_at", end: "original_ended_at" } as const;

/** Whether two times are the same to the millisecond. */
export function sameTime(a: string | null, b: string | null | undefined): boolean {
  if (a === null || b === null || b === undefined) return false;
  return Math.abs((serviceMilliseconds(a) ?? 0) - (serviceMilliseconds(b) ?? 0)) < 1;
}

function holds(run: WrittenRun | null, wanted: TimeWanted): boolean {
  return sameTime(wanted.side === "start" ? run?.started ?? null : run?.ended ?? null, wanted.time);
}

/**
 * Sees to it that a run has a time, after a request that carried it in its fields. `answer` is what that request
 * answered. Answers a loss when the service does not honour it by any route. Throws `Failure` when it cannot be asked.
 */
export async function settleTime(
  scope: TargetScope,
  place: RunPlace,
  answer: WrittenRun | null,
  wanted: TimeWanted,
): Promise<readonly Loss[]> {
  const { times } = scope;
  if (times[wanted.side] === null) {
    const learned = await learn(scope, place, wanted);
    if (learned !== null) {
      times[wanted.side] = learned;
      scope.log.debug(`the target takes ${FIELD[wanted.side]} by: ${learned}`);
    }
    return learned === null || learned === "none" ? [moved(wanted)] : [];
  }
  if (times[wanted.side] === "fields") return holds(answer, wanted) ? [] : [moved(wanted)];
  if (times[wanted.side] === "none") return [moved(wanted)];
  return await stateByEvent(scope, place, wanted) ? [] : [moved(wanted)];
}

/** Looks which route brought the time; null when this run cannot tell, because its status has no event. */
async function learn(scope: TargetScope, place: RunPlace, wanted: TimeWanted): Promise<TimeRoute | null> {
  if (holds(await readRun(scope, place.runId), wanted)) return "fields";
  if (eventOf(wanted) === null) return null;
  if (!await stateByEvent(scope, place, wanted)) return "none";
  return holds(await readRun(scope, place.runId), wanted) ? "events" : "none";
}

function eventOf(wanted: TimeWanted): string | null {
  return wanted.side === "start" ? START_EVENT : wanted.status?.event ?? null;
}

/**
 * Sends the event that states a time, as the v1 SDK does (`Run.Start` with `StartTime`, `Run.Completed` with
 * `EndTime`). False when there is none for this status or the service refuses it.
 */
export async function stateByEvent(
  scope: TargetScope,
  place: RunPlace,
  wanted: TimeWanted,
): Promise<boolean> {
  const name = eventOf(wanted);
  if (name === null) return false;
  const key = wanted.side === "start" ? "StartTime" : "EndTime";
  const data = { RunId: place.runId, [key]: wanted.time };
  const vars = { experiment: place.experiment, runId: place.runId };
  const answer = await callService(scope, ROUTES.history.runEvent, {
    vars,
    body: { timestamp: wanted.time, name, data },
    accept: REFUSED,
  });
  return !REFUSED.includes(answer.status);
}

function moved(wanted: TimeWanted): Loss {
  return {
    field: FIELD[wanted.side],
    change: "moved",
    reason: `the service does not take past times by any route; kept in tag ${TAG[wanted.side]}`,
    original: wanted.time,
  };
}
