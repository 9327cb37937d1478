import { canonicalJson } from "../records/digest.ts";
import type { FieldDiff } from "../records/diff.ts";
import type { Point } from "../records/point.ts";
import type { MetricTable } from "../records/table.ts";
import type { UnitRecord } from "../records/unit.ts";
import { PointBag } from "./point_bag.ts";
import type { PointsChannel } from "./points_channel.ts";
import type { FoundJob } from "./ports.ts";
import { differs } from "./verify_fields.ts";

/** What comparing one part found. */
export interface PartDiffs {
  readonly diffs: FieldDiff[];
  /** Fields of the target that could not be read, with the reason as `message`. */
  readonly unreadable: FieldDiff[];
}

/** Metrics of a job whose first differing point is named: each costs another read of the target. */
const DETAILED = 3;

/** One side's metrics: a bag of points for each, and the tables. */
interface Logged {
  readonly bags: Map<string, PointBag>;
  readonly tables: Map<string, MetricTable>;
}

/**
 * Compares every metric point (step, timestamp, value) and every table. Both sides stream through, in any order;
 * points that were to follow and did not come are not held against the target.
 */
export async function verifyMetrics(
  unit: UnitRecord,
  there: FoundJob,
  points: PointsChannel,
): Promise<PartDiffs> {
  if (!unit.metrics && !unit.more_points && !unit.tables?.length) return { diffs: [], unreadable: [] };
  const unreadable: FieldDiff[] = [];
  const [expected, actual] = await Promise.all([logged(unit, points), read(there, unreadable)]);
  const isWhole = points.missing === 0 && !unit.incomplete?.length;
  const diffs = unit.metrics || unit.more_points ? pointDiffs(expected, actual, isWhole) : [];
  for (const diff of diffs.slice(0, DETAILED)) {
    const first = await firstDifference(diff.field.slice("metrics.".length), unit, there);
    if (first !== null) Object.assign(diff, first);
  }
  if (unit.tables) diffs.push(...tableDiffs(expected, actual, isWhole));
  // What the target could not tell is no difference.
  const isTold = ({ field }: FieldDiff) => !unreadable.some((one) => covers(one.field, field));
  return { diffs: diffs.filter(isTold), unreadable };
}

/** Whether a word about `whole` (e.g. `metrics`) speaks of `field` (e.g. `metrics.loss`) too. */
export function covers(whole: string, field: string): boolean {
  return field === whole || field.startsWith(`${whole}.`);
}

async function logged(unit: UnitRecord, points: PointsChannel): Promise<Logged> {
  const bags = new Map<string, PointBag>();
  for (const [metric, line] of Object.entries(unit.metrics ?? {})) bagOf(bags, metric).add(line);
  for await (const record of points.read()) bagOf(bags, record.metric).add(record.points);
  return { bags, tables: new Map((unit.tables ?? []).map((table) => [table.name, table])) };
}

async function read(there: FoundJob, unreadable: FieldDiff[]): Promise<Logged> {
  const side: Logged = { bags: new Map(), tables: new Map() };
  for await (const part of there.metrics("full")) {
    if (part.kind === "points") bagOf(side.bags, part.metric).add(part.points);
    else if (part.kind === "table") side.tables.set(part.table.name, part.table);
    else unreadable.push({ field: part.fault.part.replace("/", "."), message: part.fault.message });
  }
  return side;
}

function bagOf(bags: Map<string, PointBag>, metric: string): PointBag {
  const bag = bags.get(metric) ?? new PointBag();
  bags.set(metric, bag);
  return bag;
}

function pointDiffs(expected: Logged, actual: Logged, isWhole: boolean): FieldDiff[] {
  const none = new PointBag();
  const diffs: FieldDiff[] = [];
  const names = new Set([...expected.bags.keys(), ...(isWhole ? actual.bags.keys() : [])]);
  for (const name of names) {
    const [ours, theirs] = [expected.bags.get(name) ?? none, actual.bags.get(name) ?? none];
    if (ours.equals(theirs) || (!isWhole && theirs.count > ours.count)) continue;
    const message = `${ours.count} points in the source, ${theirs.count} in the target`;
    diffs.push({ field: `metrics.${name}`, message });
  }
  return diffs;
}

/** Names the first point that differs, where all points of the source stand in one line; reads the target again. */
async function firstDifference(
  metric: string,
  unit: UnitRecord,
  there: FoundJob,
): Promise<{ readonly source: Point | null; readonly target: Point | null } | null> {
  if (unit.more_points?.[metric]) return null;
  const ours = unit.metrics?.[metric] ?? [];
  let at = 0;
  for await (const part of there.metrics("full")) {
    if (part.kind !== "points" || part.metric !== metric) continue;
    for (const point of part.points) {
      const mine = ours[at++];
      if (mine === undefined || !isSamePoint(mine, point)) return { source: mine ?? null, target: point };
    }
  }
  return at < ours.length ? { source: ours[at] ?? null, target: null } : null;
}

function isSamePoint(a: Point, b: Point): boolean {
  return a.every((value, i) => Object.is(Number(value) + 0, Number(b[i]) + 0));
}

function tableDiffs(expected: Logged, actual: Logged, isWhole: boolean): FieldDiff[] {
  const diffs: FieldDiff[] = [];
  for (const [name, table] of expected.tables) {
    const theirs = actual.tables.get(name);
    if (
      theirs !== undefined && tableText(table) === tableText({ ...theirs, type: table.type && theirs.type })
    ) continue;
    const message = theirs === undefined ? "not in the target" : "its rows or its file differ";
    diffs.push({ field: `tables.${name}`, message });
  }
  if (!isWhole) return diffs;
  for (const name of actual.tables.keys()) {
    if (!expected.tables.has(name)) diffs.push(differs(`tables.${name}`, null, "only in the target"));
  }
  return diffs;
}

function tableText({ rows, artifact, type }: MetricTable): string {
  return canonicalJson({ type, rows: rows ?? null, artifact: artifact ?? null });
}
