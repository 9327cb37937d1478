import { Failure } from "../records/failure.ts";
import type { JsonObject } from "../records/json.ts";
import type { Answer } from "../wire/wire.ts";
import { readRun } from "./find_runs.ts";
import { WRITER_PREFIX, writersOf } from "./run_writers.ts";
import type { TargetScope } from "./target_scope.ts";
import { type WrittenRun, writtenRun } from "./written_run.ts";

/** A run takes 50 properties (Azure ML run history), and some are left to others. */
const MOST = 40;

/** Statuses by which the service may refuse a property that is there with another value. */
const REFUSED: readonly number[] = [400, 409, 412];

/**
 * The word of one process that it writes a run: property `azml.writer.<number>`. Properties are append-only (Azure ML
 * run history: immutable per key), so of two processes that write the same number one finds the other's word there.
 */
export interface WriterClaim {
  readonly number: number;
  /** UUID of the process. */
  readonly writer: string;
}

/** The claim that comes after so many others; null when the run has no room for one. */
export function nextClaim(scope: TargetScope, runId: string, writers: number): WriterClaim | null {
  if (writers < MOST) return { number: writers + 1, writer: scope.writer };
  scope.log.warn(
    `run ${runId} was written ${writers} times: whether another azml writes it now cannot be told any more`,
  );
  return null;
}

/** The part of a request's body that claims a run. */
export function claimBody(claim: WriterClaim | null): JsonObject {
  return claim === null ? {} : { properties: { [keyOf(claim)]: claim.writer } };
}

/**
 * Sends the request that claims a run and answers the run as its answer tells it. Throws `Failure` `two_writers` when
 * somebody else claimed the run at the same time, whether the service refuses the second word or passes over it.
 */
export async function claimRun(
  scope: TargetScope,
  runId: string,
  claim: WriterClaim | null,
  send: () => Promise<Answer>,
): Promise<WrittenRun | null> {
  try {
    const run = writtenRun((await send()).body);
    requireClaim(runId, run, claim);
    return run;
  } catch (thrown) {
    if (thrown instanceof Failure && REFUSED.includes(thrown.facts.status ?? 0)) {
      requireClaim(runId, await readRun(scope, runId), claim);
    }
    throw thrown;
  }
}

/** Throws `Failure` `two_writers` when a run holds another process's word where ours should stand. */
export function requireClaim(runId: string, run: WrittenRun | null, claim: WriterClaim | null): void {
  if (run === null || claim === null) return;
  const held = run.properties[keyOf(claim)];
  if (held !== undefined && held !== claim.writer) throw twoWriters(runId);
}

/** Throws `Failure` `two_writers` when another process claimed a run after this one did. */
export function requireAlone(runId: string, run: WrittenRun | null, claim: WriterClaim | null): void {
  requireClaim(runId, run, claim);
  if (run !== null && claim !== null && writersOf(run) > claim.number) throw twoWriters(runId);
}

function keyOf({ number }: WriterClaim): string {
  return `${WRITER_PREFIX}${number}`;
}

function twoWriters(runId: string): Failure {
  return new Failure(`Writing run "${runId}": another azml submit is writing this run.`, {
    code: "two_writers",
    reach: "record",
    retryable: true,
    hint: "another azml submit is writing this run: let it end, then run this one again",
  });
}
