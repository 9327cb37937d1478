import { endIsClean } from "../records/end_is_clean.ts";
import type { Stream } from "../records/item.ts";
import { Tally } from "../records/tally.ts";
import type { UnitRecord } from "../records/unit.ts";
import { intake } from "./intake.ts";
import { planArrivals } from "./plan_arrivals.ts";
import { planSettings } from "./plan_settings.ts";
import { PLANNED_KINDS } from "./planner.ts";
import type { StageContext, Target } from "./ports.ts";
import { requireComplete } from "./require_complete.ts";
import { isAssetUnit } from "./asset_unit.ts";
import { Submission } from "./submission.ts";
import { type SubmitOptions, submitSettings } from "./submit_options.ts";
import { type FoundRuns, submitUnit } from "./submit_unit.ts";
import { unitFeed } from "./unit_feed.ts";

/** Units asked for in one look-up. */
const BULK = 100;

/**
 * Carries units into a target, and job records, which it plans on the way, and answers a receipt for each in the
 * order of the input, a parent before its child. What exists is found by asking the target in bulk, so that running
 * it twice leaves the target as once. A unit that fails is told and the others go on; when the target refuses or
 * cannot be reached, or the signal aborts, nothing new starts and what is under way settles. The last record is an
 * `end`. Throws the `Failure` that ended it, after the `end`, or before the first record for wrong options.
 */
export async function* submit(
  input: Stream,
  target: Target,
  options: SubmitOptions,
  ctx: StageContext,
): Stream {
  const plan = planSettings({ for: target.suits.for, ...options.plan });
  const settings = submitSettings(options);
  const tally = new Tally("submit");
  const submission = new Submission(target, settings, tally, ctx);
  const whole = options.requireComplete ? requireComplete(input, ctx) : input;
  const arrivals = intake(whole, PLANNED_KINDS, tally, ctx);
  const work = {
    concurrency: settings.concurrency,
    bulk: BULK,
    signal: submission.signal,
    lookUp: (units: readonly UnitRecord[]) => lookUp(units, submission),
    carry: (unit: UnitRecord, found: Promise<FoundRuns>, points: Parameters<typeof submitUnit>[2]) =>
      submitUnit(unit, found, points, submission),
  };
  let stopped: { readonly by: unknown } | null = null;
  try {
    const planned = planArrivals(arrivals, plan, tally, { ...ctx, signal: submission.signal }, true);
    yield* unitFeed(planned, work, (records) => tally.dropped(records));
    const isWhole = !submission.signal.aborted && tally.upstreamComplete && endIsClean(tally.end(true));
    if (!settings.dryRun) await target.assets?.settle?.(isWhole);
  } catch (by) {
    stopped = { by };
  }
  submission.summarize();
  const complete = stopped === null && !submission.signal.aborted;
  yield [{ record: tally.end(complete, target.usage()) }];
  if (stopped !== null) throw stopped.by;
  if (submission.fatal !== null) throw submission.fatal;
}

/** Asks for units, and for parents that did not pass in this stream. */
async function lookUp(units: readonly UnitRecord[], { made, target }: Submission): Promise<FoundRuns> {
  const [runs, assets] = [units.filter((unit) => !isAssetUnit(unit)), units.filter(isAssetUnit)];
  const names = new Set(runs.map((unit) => unit.target_name));
  for (const { parent_target: parent } of runs) {
    if (parent && made.fate(parent) === undefined) names.add(parent);
  }
  const found = new Map(names.size === 0 ? [] : await target.find([...names]));
  if (assets.length === 0 || target.assets === undefined) return found;
  for (const [name, one] of await target.assets.find(assets)) found.set(name, one);
  return found;
}
