import { Failure } from "../records/failure.ts";
import type { Stream } from "../records/item.ts";
import { Tally } from "../records/tally.ts";
import type { UnitRecord } from "../records/unit.ts";
import { intake } from "./intake.ts";
import { planArrivals } from "./plan_arrivals.ts";
import { planSettings } from "./plan_settings.ts";
import { PLANNED_KINDS } from "./planner.ts";
import type { FoundJob, Source, StageContext } from "./ports.ts";
import { isAssetUnit } from "./asset_unit.ts";
import { unitFeed } from "./unit_feed.ts";
import { type Looked, Verification } from "./verification.ts";
import { verifyExtras } from "./verify_extras.ts";
import type { VerifyOptions } from "./verify_options.ts";
import { verifyUnit } from "./verify_unit.ts";

/** Names asked for in one look-up. */
const BULK = 100;
const CONCURRENCY = 8;

/**
 * Holds a target against a stream: each job is planned as `submit` would, looked up in bulk, read through the code
 * that extract uses, and compared field by field, point by point and file by file; a `diff` for each, in the order of
 * the input, then one for each object that is in the target alone. `end` counts `differences` and `unreadable`.
 * Throws the `Failure` that ended it, after the `end`, or before the first record for wrong options.
 */
export async function* verify(
  input: Stream,
  target: Source,
  options: VerifyOptions,
  ctx: StageContext,
): Stream {
  const plan = planSettings({
    ...(target.world === undefined ? {} : { for: target.world }),
    ...options.plan,
  });
  const tally = new Tally("verify");
  const verification = new Verification(target, options, tally, ctx);
  const stage = { ...ctx, signal: verification.signal };
  const planned = planArrivals(intake(input, PLANNED_KINDS, tally, ctx), plan, tally, stage);
  const work = {
    concurrency: Math.max(1, options.concurrency ?? CONCURRENCY),
    bulk: BULK,
    signal: verification.signal,
    lookUp: (units: readonly UnitRecord[]) => lookUp(units, target),
    carry: (unit: UnitRecord, looked: Promise<Looked>, points: Parameters<typeof verifyUnit>[2]) =>
      verifyUnit(unit, looked, points, verification),
  };
  let stopped: { readonly by: unknown } | null = null;
  try {
    yield* unitFeed(planned, work, (records) => tally.dropped(records));
    if (options.extras !== false && !verification.signal.aborted && verification.sources.size > 0) {
      yield* verifyExtras(verification);
    }
  } catch (by) {
    stopped = { by };
  }
  ctx.log.info(verification.sentence());
  yield [{ record: ending(tally, verification, stopped === null) }];
  if (stopped !== null) throw stopped.by;
  if (verification.fatal !== null) throw verification.fatal;
}

function ending(tally: Tally, { symbols, signal, target }: Verification, went: boolean) {
  const end = tally.end(went && !signal.aborted, { calls: target.usage().calls });
  const differences = symbols["+"] + symbols["-"] + symbols["*"];
  const counts = {
    ...end.counts,
    differences,
    unreadable: symbols["!"],
    same: symbols["="],
    extra: symbols["-"],
  };
  return { ...end, counts };
}

/** What the target holds under the names of some units, without what hangs below them. */
async function lookUp(units: readonly UnitRecord[], target: Source): Promise<Looked> {
  const names = [...new Set(units.filter((unit) => !isAssetUnit(unit)).map((unit) => unit.target_name))];
  const looked = new Map<string, FoundJob | { readonly kind: "unreadable"; readonly message: string }>();
  if (names.length === 0) return looked;
  for await (const batch of target.lookUp(names)) {
    for (const found of batch) {
      if (found.kind === "job") looked.set(found.job.record.id, found.job);
      else if (found.id === undefined) throw wholeLookUp(found);
      else if (found.code !== "not_found") {
        looked.set(found.id, { kind: "unreadable", message: found.message });
      }
    }
  }
  return looked;
}

function wholeLookUp(
  { code, message, retryable }: { code: string; message: string; retryable: boolean },
): Failure {
  return new Failure(`looking jobs up in the target: ${message}`, { code, reach: "record", retryable });
}
