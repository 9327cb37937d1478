import type { Loss } from "../records/loss.ts";
import { Failure } from "../records/failure.ts";
import type { For, UnitRecord } from "../records/unit.ts";
import { carryOriginal } from "./carry_original.ts";
import { metricName } from "./plan_metrics.ts";
import type { UnitPoints } from "./points_aside.ts";
import { PointsDigest } from "../records/points_digest.ts";
import type { ArtifactOutcome, RunWriter } from "./ports.ts";
import { partlyLanded } from "./submit_decision.ts";

/** What was done for a unit; filled as it happens, so that it also tells of work that broke off. */
export interface Carried {
  readonly steps: string[];
  readonly loss: Loss[];
  artifacts: ArtifactOutcome;
}

/** What to bring into an open run. */
export interface Load {
  readonly unit: UnitRecord;
  readonly points: UnitPoints;
  readonly copyArtifacts: boolean;
  /** The world of the target, which decides the names of metrics. */
  readonly world: For;
  /** Left behind when everything has landed, with that of the points that follow the unit. */
  readonly digest: string;
  /** Whether azml was asked to stop: points that are missing then are not the stream's fault. */
  readonly isInterrupted: () => boolean;
}

/**
 * Brings points, tables, files and the end into a run that is open. Answers the digest that stands for all of it.
 * Throws `Failure` where it cannot go on.
 */
export async function carryUnit(run: RunWriter, load: Load, carried: Carried): Promise<string> {
  const { unit } = load;
  const digest = (await carryPoints(run, load, carried)).behind(load.digest);
  if (unit.tables?.length) {
    carried.loss.push(...await run.tables(unit.tables));
    carried.steps.push("tables");
  }
  await carryArtifacts(run, load, carried);
  if (await carryOriginal(run, unit, carried.loss)) carried.steps.push("original");
  const isWhole = carried.artifacts.failed.length === 0;
  carried.loss.push(...await run.finish(isWhole ? digest : partlyLanded(digest)));
  carried.steps.push("finish");
  return digest;
}

async function carryPoints(run: RunWriter, load: Load, carried: Carried): Promise<PointsDigest> {
  const { unit, points, world } = load;
  const digest = new PointsDigest();
  let sent = 0;
  for (const [metric, line] of Object.entries(unit.metrics ?? {})) {
    if (line.length === 0) continue;
    await run.points(metric, line);
    sent += line.length;
  }
  for await (const record of points.read()) {
    await run.points(metricName(world, record.metric), record.points);
    digest.add(record);
    sent += record.points.length;
  }
  if (sent > 0) {
    carried.loss.push(...await run.pointsDone());
    carried.steps.push("metrics");
  }
  if (points.missing > 0) throw pointsMissing(load);
  return digest;
}

/** Without its digest the run counts as cut short, and the next one that brings everything adopts it. */
export function pointsMissing(
  { unit, points, isInterrupted }: Pick<Load, "unit" | "points" | "isInterrupted">,
): Failure {
  if (isInterrupted()) {
    return new Failure(`stopped before ${points.missing} points of job ${unit.origin.id} had come`, {
      code: "interrupted",
      reach: "record",
      retryable: true,
      hint: "run it again to complete the run",
    });
  }
  return new Failure(`${points.missing} points of job ${unit.origin.id} did not come behind it`, {
    code: "points_missing",
    reach: "record",
    retryable: true,
    hint: "let points records pass the filter together with their job, and run it again to complete the run",
  });
}

async function carryArtifacts(run: RunWriter, load: Load, carried: Carried): Promise<void> {
  const { unit, copyArtifacts } = load;
  if (!unit.artifacts || unit.artifacts.files.length === 0) return;
  if (!copyArtifacts) {
    carried.loss.push({
      field: "artifacts",
      change: "dropped",
      reason: "copying artifacts was switched off",
    });
    return;
  }
  carried.artifacts = await run.artifacts(unit.artifacts);
  carried.steps.push("artifacts");
}
