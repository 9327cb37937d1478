import { unitDigest } from "../records/digest.ts";
import { Failure } from "../records/failure.ts";
import type { Item } from "../records/item.ts";
import { sourceTag } from "../records/lineage_tags.ts";
import type { UnitRecord } from "../records/unit.ts";
import { type Carried, carryUnit, pointsMissing } from "./carry_unit.ts";
import { fitUnit } from "./fit_unit.ts";
import type { Made, Making, MakingTeller } from "./made_units.ts";
import { PointsAside, type UnitPoints } from "./points_aside.ts";
import type { PointsChannel } from "./points_channel.ts";
import { isOfLine } from "../records/points_digest.ts";
import type { FoundRun } from "./ports.ts";
import { type Place, placeOf } from "./submit_place.ts";
import type { Settled, Submission } from "./submission.ts";
import { isAssetUnit } from "./asset_unit.ts";
import { submitAsset } from "./submit_asset.ts";
import { nameTaken, notRuns, parentFailed, targetIsSource } from "./submit_failures.ts";
import { decide, type Decision } from "./submit_decision.ts";

/** What the target holds under names that were looked up. */
export type FoundRuns = ReadonlyMap<string, FoundRun>;

/** One unit on its way. */
interface Trip {
  readonly submission: Submission;
  readonly unit: UnitRecord;
  readonly found: Promise<FoundRuns>;
  readonly points: PointsChannel;
  readonly teller: MakingTeller;
  readonly carried: Carried;
}

/**
 * Brings one unit into the target and answers its receipt, and an `error` behind it when it failed. It waits for its
 * parent to exist (not to be done), and for an earlier unit of the same name. Throws only what is a bug.
 */
export async function submitUnit(
  given: UnitRecord,
  found: Promise<FoundRuns>,
  points: PointsChannel,
  submission: Submission,
): Promise<readonly Item[]> {
  // A registry has limits of its own, which only its target knows.
  const unit = isAssetUnit(given) ? given : fitUnit(given, submission.target.suits.for);
  const nothing = { files: 0, bytes: 0, failed: [] };
  const carried: Carried = { steps: [], loss: [...unit.loss ?? []], artifacts: nothing };
  if (!isAssetUnit(unit) && submission.isBeyondLimit(unit)) {
    return settle({ outcome: "skipped", target: null, reason: "limit", digest: null });
  }
  const before = submission.made.get(unit.target_name);
  const teller = submission.made.begin(unit.target_name);
  const trip: Trip = { submission, unit, found, points, teller, carried };
  let settled: Settled | null = null;
  try {
    settled = isAssetUnit(unit) ? await submitAsset(trip, before) : await attempt(trip, before);
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    const opened = await openedTarget(submission.made.get(unit.target_name), carried);
    settled = { outcome: "failed", target: opened, reason: error.facts.code, digest: null, failure: error };
  } finally {
    teller.finish(settled?.digest ?? null);
  }
  return settle(settled);

  async function settle(how: Settled): Promise<readonly Item[]> {
    await points.discard();
    return submission.settle(unit, points.records, how, carried);
  }
}

/** A unit that failed after its run was there still names the run. */
async function openedTarget(making: Making | undefined, { steps }: Carried): Promise<string | null> {
  if (steps.length === 0 || making === undefined) return null;
  const made = await making.opened;
  return made.fate === "there" ? made.target : null;
}

async function attempt(trip: Trip, before: Making | undefined): Promise<Settled> {
  const { submission, unit } = trip;
  if (unit.as !== "runs") throw notRuns(unit);
  if (submission.comesFromTarget(unit)) {
    throw targetIsSource(unit, submission.hasSent ? "record" : "usage");
  }
  const place = await placeOf(unit, submission.made, trip.found);
  // The digest is that of what is carried out: a root for want of a parent is brought below it when it is there.
  const effective = place.kind === "root" && place.isOrphan ? { ...unit, parent_target: null } : unit;
  const line = unitDigest(effective, submission.settings.copyArtifacts);
  const there = before === undefined
    ? (await trip.found).get(unit.target_name) ?? null
    : await foundAgain(trip, before);
  const aside = await setPointsAside(trip, there, line);
  try {
    return await decided(trip, { place, unit: effective, there, line, aside });
  } finally {
    await aside?.close();
  }
}

/** The points behind a unit whose line the target has: they alone tell whether there is something to do. */
async function setPointsAside(trip: Trip, there: FoundRun | null, line: string): Promise<PointsAside | null> {
  const { submission, unit, points } = trip;
  if (there === null || points.missing + points.records === 0 || !isOfLine(there.digest, line)) return null;
  const aside = new PointsAside(submission.spool());
  try {
    await aside.take(points);
    const isInterrupted = () => submission.signal.aborted;
    if (aside.missing > 0) throw pointsMissing({ unit, points: aside, isInterrupted });
    return aside;
  } catch (error) {
    await aside.close();
    throw error;
  }
}

/** What is known of a unit when it is decided what becomes of it. */
interface Facts {
  readonly place: Place;
  readonly unit: UnitRecord;
  readonly there: FoundRun | null;
  /** Digest of the unit without the points that follow it. */
  readonly line: string;
  readonly aside: PointsAside | null;
}

async function decided(trip: Trip, { place, unit, there, line, aside }: Facts): Promise<Settled> {
  const { submission, teller } = trip;
  const digest = aside?.behind(line) ?? line;
  const decision = decide(unit, there, digest, submission.settings.onConflict);
  if (decision === "unchanged" && there !== null) {
    trip.carried.loss.push(...submission.target.foresee?.(unit) ?? []);
    teller.open({ fate: "there", target: there.target });
    return { outcome: decision, target: there.target, digest };
  }
  if (decision === "conflict_skip" || decision === "conflict_fail") return conflict(trip, there, decision);
  if (place.kind === "unplaced") return unplaced(trip, place.fate);
  if (place.kind === "root" && place.isOrphan) submission.noteOrphan(trip.unit);
  const parent = place.kind === "child" ? place.parent : null;
  const plan = { unit, parent, there, digest: line, points: aside ?? trip.points, decision };
  return submission.settings.dryRun ? rehearse(trip, plan) : await carryOut(trip, plan);
}

/** A unit to be written, and what was found out about it. */
interface WritePlan {
  readonly unit: UnitRecord;
  readonly parent: string | null;
  readonly there: FoundRun | null;
  /** Of the line alone. */
  readonly digest: string;
  readonly points: UnitPoints;
  readonly decision: Decision;
}

const FIRST_STEP: Readonly<Record<string, string>> = {
  created: "create",
  updated: "update",
  adopted: "adopt",
};

async function carryOut(trip: Trip, plan: WritePlan): Promise<Settled> {
  const { submission, carried, teller } = trip;
  const { unit, parent, there, points, decision } = plan;
  submission.hasSent = true;
  const { run, loss } = await submission.target.open(unit, parent, there);
  carried.steps.push(FIRST_STEP[decision] ?? decision);
  carried.loss.push(...loss);
  teller.open({ fate: "there", target: run.target });
  const { copyArtifacts } = submission.settings;
  const isInterrupted = () => submission.signal.aborted;
  const world = submission.target.suits.for;
  const load = { unit, points, world, copyArtifacts, digest: plan.digest, isInterrupted };
  const digest = await carryUnit(run, load, carried);
  const isWhole = carried.artifacts.failed.length === 0;
  return { outcome: outcomeOf(decision), target: run.target, digest: isWhole ? digest : null };
}

/** What would be done, without doing it. */
function rehearse(trip: Trip, { unit, there, digest, decision }: WritePlan): Settled {
  trip.teller.open({ fate: "there", target: there?.target ?? unit.target_name });
  const files = trip.submission.settings.copyArtifacts ? unit.artifacts?.files ?? [] : [];
  const bytes = files.reduce((sum, file) => sum + (file.size ?? 0), 0);
  trip.carried.artifacts = { files: files.length, bytes, failed: [] };
  return { outcome: outcomeOf(decision), target: there?.target ?? null, digest };
}

function outcomeOf(decision: Decision): "created" | "updated" | "adopted" {
  return decision === "updated" || decision === "adopted" ? decision : "created";
}

function conflict(trip: Trip, there: FoundRun | null, decision: "conflict_skip" | "conflict_fail"): Settled {
  const { unit, teller } = trip;
  if (decision === "conflict_skip") {
    teller.open({ fate: "skipped" });
    return { outcome: "skipped", target: there?.target ?? null, reason: "conflict", digest: null };
  }
  throw nameTaken(unit);
}

function unplaced({ unit, teller }: Trip, fate: Exclude<Made["fate"], "there">): Settled {
  if (fate !== "failed") {
    teller.open({ fate });
    const reason = fate === "limited" ? "limit" : "parent_skipped";
    return { outcome: "skipped", target: null, reason, digest: null };
  }
  throw parentFailed(unit);
}

/** A second unit of a name: waits for the first, whose landing was not there yet when the target was asked. */
async function foundAgain({ unit, submission }: Trip, before: Making): Promise<FoundRun | null> {
  const name = unit.target_name;
  const digest = await before.done;
  const made = await before.opened;
  if (digest === null || made.fate !== "there") {
    return (await submission.target.find([name])).get(name) ?? null;
  }
  const { source, id } = unit.origin;
  return { name, target: made.target, origin: { source: sourceTag(source), id }, digest };
}
