import { unitDigest } from "../records/digest.ts";
import type { UnitRecord } from "../records/unit.ts";
import type { Carried } from "./carry_unit.ts";
import type { Made, Making, MakingTeller } from "./made_units.ts";
import type { AssetTarget, FoundRun } from "./ports.ts";
import { decide } from "./submit_decision.ts";
import { nameTaken, needFailed, notRuns, targetIsSource } from "./submit_failures.ts";
import type { Settled, Submission } from "./submission.ts";

/** An object beside the jobs on its way. */
export interface AssetTrip {
  readonly submission: Submission;
  readonly unit: UnitRecord;
  readonly found: Promise<ReadonlyMap<string, FoundRun>>;
  readonly teller: MakingTeller;
  readonly carried: Carried;
}

/** First step of a receipt, by what was decided. */
const FIRST_STEP = { created: "create", updated: "update", adopted: "adopt" } as const;

/**
 * Brings one object beside the jobs into the target, once what it needs is done. `before`: a unit of the same name that
 * is under way. A kind that the target cannot hold is skipped and says so. Throws `Failure`.
 */
export async function submitAsset(trip: AssetTrip, before: Making | undefined): Promise<Settled> {
  const { submission, unit, teller } = trip;
  if (unit.as !== "runs") throw notRuns(unit);
  if (submission.comesFromTarget(unit)) throw targetIsSource(unit, submission.hasSent ? "record" : "usage");
  const { assets } = submission.target;
  if (assets === undefined || !assets.kinds.some((kind) => kind === unit.role)) {
    submission.noteUnsupported(unit);
    return skipped(teller, "kind_not_supported", null);
  }
  const missing = await needs(trip, assets);
  if (missing?.fate === "failed") throw needFailed(unit);
  if (missing !== null) return skipped(teller, "parent_skipped", null);
  return await decided(trip, assets, await foundNow(trip, before, assets));
}

async function decided(trip: AssetTrip, assets: AssetTarget, there: FoundRun | null): Promise<Settled> {
  const { submission: { settings }, unit, teller } = trip;
  const digest = unitDigest(unit, settings.copyArtifacts);
  const decision = decide(unit, there, digest, settings.onConflict);
  if (decision === "conflict_fail") throw nameTaken(unit);
  if (decision === "conflict_skip") return skipped(teller, "conflict", there?.target ?? null);
  if (decision === "unchanged" && there !== null) {
    trip.carried.loss.push(...assets.foresee?.(unit, there) ?? []);
    teller.open({ fate: "there", target: there.target });
    return { outcome: decision, target: there.target, digest };
  }
  const outcome = decision === "updated" || decision === "adopted" ? decision : "created";
  if (settings.dryRun) return rehearse(trip, outcome, there, digest);
  return await carryOut(trip, assets, { outcome, there, digest });
}

async function carryOut(
  { submission, unit, teller, carried }: AssetTrip,
  assets: AssetTarget,
  { outcome, there, digest }: {
    readonly outcome: "created" | "updated" | "adopted";
    readonly there: FoundRun | null;
    readonly digest: string;
  },
): Promise<Settled> {
  submission.hasSent = true;
  const done = await assets.carry(unit, there, digest);
  carried.steps.push(FIRST_STEP[outcome], ...done.steps);
  carried.loss.push(...done.loss);
  carried.artifacts = done.artifacts;
  teller.open({ fate: "there", target: done.target });
  const isWhole = done.artifacts.failed.length === 0;
  return { outcome, target: done.target, digest: isWhole ? digest : null };
}

/** What would be done, without doing it. */
function rehearse(
  { unit, teller, carried, submission }: AssetTrip,
  outcome: "created" | "updated" | "adopted",
  there: FoundRun | null,
  digest: string,
): Settled {
  teller.open({ fate: "there", target: there?.target ?? unit.target_name });
  const files = submission.settings.copyArtifacts ? unit.artifacts?.files ?? [] : [];
  const bytes = files.reduce((sum, file) => sum + (file.size ?? 0), 0);
  carried.artifacts = { files: files.length, bytes, failed: [] };
  return { outcome, target: there?.target ?? null, digest };
}

function skipped(teller: MakingTeller, reason: string, target: string | null): Settled {
  teller.open({ fate: "skipped" });
  return { outcome: "skipped", target, reason, digest: null };
}

/**
 * Waits for what the unit needs. Answers the first that failed, or a model that was left alone; null when all is well.
 * The version before it is only waited for: that one failed stops the next one only where it would take its number.
 */
async function needs(
  { unit, submission }: AssetTrip,
  { keepsNumbers }: AssetTarget,
): Promise<Exclude<Made, { fate: "there" }> | null> {
  const rests = new Set(Object.values(unit.refs ?? {}));
  let left: Exclude<Made, { fate: "there" }> | null = null;
  for (const name of unit.needs ?? []) {
    if (name === unit.target_name) continue;
    await submission.made.get(name)?.done;
    const made = await submission.made.fate(name);
    if (made === undefined || made.fate === "there") continue;
    if (made.fate === "failed" && (rests.has(name) || keepsNumbers === true)) return made;
    if (name === unit.refs?.["model"]) left ??= made;
  }
  return left;
}

/** What the target holds now: a unit of the same name that was under way may have changed it. */
async function foundNow(
  { unit, found }: AssetTrip,
  before: Making | undefined,
  assets: AssetTarget,
): Promise<FoundRun | null> {
  if (before === undefined) return (await found).get(unit.target_name) ?? null;
  await before.done;
  return (await assets.find([unit])).get(unit.target_name) ?? null;
}
