import { ASSET_KINDS, type AssetRecord } from "../records/asset.ts";
import { errorRecord } from "../records/error_record.ts";
import type { Item } from "../records/item.ts";
import type { JobRecord } from "../records/job.ts";
import type { PointsRecord } from "../records/points.ts";
import type { Tally } from "../records/tally.ts";
import { TextMarks } from "../records/text_marks.ts";
import type { UnitRecord } from "../records/unit.ts";
import { AssetPlanner } from "./asset_planner.ts";
import { HeldJobs, type Released } from "./held_jobs.ts";
import type { Arrival } from "./intake.ts";
import { JobKeys } from "./job_keys.ts";
import { jobMark } from "./job_mark.ts";
import { NamedOrphans } from "./named_orphans.ts";
import { ParentNames } from "./parent_names.ts";
import type { PlanSettings } from "./plan_options.ts";
import { planPoints } from "./plan_points.ts";
import { PointsDue } from "./points_due.ts";
import { heldRecord } from "./held_record.ts";
import type { StageContext } from "./ports.ts";
import { runsUnit } from "./runs_unit.ts";

/** The kinds that planning consumes. */
export const PLANNED_KINDS = ["job", "points", "unit", ...ASSET_KINDS] as const;

/** What comes into planning. */
export type ToPlan = Arrival<typeof PLANNED_KINDS[number]>;

/** What comes out of it: units with their points, and what passes by. */
export type Planned = Arrival<"points" | "unit">;

/** The job whose `points` may come next. */
type Current =
  | { readonly fate: "planned"; readonly job: string; readonly unit: UnitRecord; readonly due: PointsDue }
  | { readonly fate: "held" | "dropped" | "failed"; readonly job: string };

/** Turns job records into units, one after the other; remembers 20 bytes a job. */
export class Planner {
  readonly #settings: PlanSettings;
  readonly #tally: Tally;
  readonly #ctx: Pick<StageContext, "log" | "spool">;
  readonly #forTarget: boolean;
  readonly #seen = new TextMarks();
  readonly #held: HeldJobs;
  readonly #assets: AssetPlanner;
  readonly #orphans = new NamedOrphans();
  readonly #keys = new JobKeys();
  readonly #parents = new ParentNames();
  #current: Current | null = null;
  #toldMisplaced: UnitRecord | null = null;

  /**
   * `forTarget`: the units go straight to a target. Then units wait for their parents as jobs do, a unit whose parent
   * does not come names it all the same (the target may hold it), and points that do not come are for the target's
   * stage to tell.
   */
  constructor(
    settings: PlanSettings,
    tally: Tally,
    ctx: Pick<StageContext, "log" | "spool">,
    forTarget: boolean,
  ) {
    this.#forTarget = forTarget;
    this.#settings = settings;
    this.#tally = tally;
    this.#ctx = ctx;
    this.#held = new HeldJobs(ctx.spool);
    this.#assets = new AssetPlanner(ctx.spool);
  }

  /** Takes one arrival; what comes of it is pushed to `out`. Answers a promise when a line goes to the spool. */
  take(arrival: ToPlan, out: Planned[]): Promise<void> | void {
    if (arrival.type !== "record") return void out.push(arrival);
    const { item, record } = arrival;
    if (record.kind === "job") return this.#job(record, item, out);
    if (record.kind === "points") return this.#points(record, item, out);
    if (record.kind === "unit") return this.#unit(record, item, out);
    return this.#asset(record, item, out);
  }

  /** After the last arrival: the jobs that waited for their parent, in small batches. */
  async *finish(): AsyncGenerator<readonly Planned[], void, undefined> {
    let out: Planned[] = [];
    this.#closeCurrent(out);
    for await (const released of this.#held.release((parent) => this.#seen.has(parent))) {
      this.#release(released, out);
      if (out.length < 64) continue;
      yield out;
      out = [];
    }
    this.#closeCurrent(out);
    if (out.length > 0) yield out;
    for await (const record of this.#assets.release()) {
      const last: Planned[] = [];
      this.#planAsset(record, { record }, last);
      yield last;
    }
    this.#orphans.tell(this.#ctx.log);
  }

  /** Lets go of what still waits, which then counts as dropped, when the input could not be read to its end. */
  giveUp(): void {
    this.#tally.dropped(this.#held.lines + this.#assets.held);
  }

  /** Frees memory and file. */
  async close(): Promise<void> {
    await this.#assets.close();
    await this.#held.close();
  }

  #job(job: JobRecord, item: Item, out: Planned[]): Promise<void> | void {
    this.#closeCurrent(out);
    const key = this.#keys.of(job.source, job.id);
    const mark = jobMark(job);
    const before = this.#seen.get(key) ?? (this.#held.jobs === 0 ? undefined : this.#held.markOf(key));
    if (before !== undefined) return this.#again(job, item, before === mark, out);
    const parent = job.parent ?? null;
    if (parent !== null && !this.#seen.has(this.#keys.of(job.source, parent))) {
      this.#current = { fate: "held", job: job.id };
      return this.#held.hold(key, this.#keys.of(job.source, parent), mark, item.raw ?? JSON.stringify(job));
    }
    this.#seen.set(key, mark);
    this.#plan(job, false, out);
  }

  /** Objects that jobs made come behind them: while a job waits for its parent, so do they. */
  #asset(record: AssetRecord, item: Item, out: Planned[]): Promise<void> | void {
    this.#closeCurrent(out);
    if (this.#held.jobs > 0 && record.kind !== "experiment") return this.#assets.hold(record, item);
    this.#planAsset(record, item, out);
  }

  #planAsset(record: AssetRecord, item: Item, out: Planned[]): void {
    const key = this.#keys.of(record.source, `${record.kind}\n${record.id}`);
    const mark = jobMark(record);
    const before = this.#seen.get(key);
    if (before !== undefined) return this.#again(record, item, before === mark, out);
    this.#seen.set(key, mark);
    const unit = this.#assets.unit(record, this.#settings);
    out.push({ type: "record", item: { record: unit }, record: unit });
  }

  #unit(given: UnitRecord, item: Item, out: Planned[]): Promise<void> | void {
    this.#closeCurrent(out);
    const unit = this.#forTarget ? this.#parents.restored(given) : given;
    const { source, id, parent } = unit.origin;
    const parentKey = parent !== null && unit.parent_target && this.#forTarget
      ? this.#keys.of(source, parent)
      : null;
    if (parentKey !== null && !this.#seen.has(parentKey)) {
      this.#current = { fate: "held", job: unit.id };
      return this.#held.hold(this.#keys.of(source, id), parentKey, 0, item.raw ?? JSON.stringify(given));
    }
    this.#passUnit(unit, unit === given ? item : { record: unit }, out);
  }

  #passUnit(unit: UnitRecord, item: Item, out: Planned[]): void {
    this.#seen.set(this.#keys.of(unit.origin.source, unit.origin.id), 0);
    this.#current = { fate: "planned", job: unit.id, unit, due: new PointsDue(unit.more_points) };
    out.push({ type: "record", item, record: unit });
  }

  /** A job that came before. The first one won; a later one that says something else is told of. */
  #again(job: JobRecord | AssetRecord, item: Item, isSame: boolean, out: Planned[]): void {
    this.#current = { fate: isSame ? "dropped" : "failed", job: job.id };
    if (isSame) return this.#tally.dropped();
    this.#tally.failed();
    const message = `${job.kind} ${job.id} came a second time with other content; the first one is kept`;
    const hint = "join archives newest first, or extract it again alone";
    this.#error({ id: job.id, line: item.line, code: "duplicate_differs", message, hint }, out);
  }

  #plan(job: JobRecord, isRoot: boolean, out: Planned[]): void {
    const parent = isRoot || !job.parent ? null : this.#parents.of(job.source ?? null, job.parent);
    const unit = runsUnit(job, this.#settings, parent);
    this.#current = { fate: "planned", job: job.id, unit, due: new PointsDue(unit.more_points) };
    out.push({ type: "record", item: { record: unit }, record: unit });
  }

  #points(record: PointsRecord, item: Item, out: Planned[]): Promise<void> | void {
    const current = this.#current;
    if (current === null || current.job !== record.job) return this.#tally.dropped();
    if (current.fate === "held") return this.#held.more(item.raw ?? JSON.stringify(record));
    if (current.fate !== "planned") return this.#tally[current.fate]();
    const planned = current.job === current.unit.id
      ? { item, record }
      : planPoints(record, item, current.unit);
    const place = current.due.came(planned.record);
    if (place === "next") return void out.push({ type: "record", ...planned });
    if (place === "surplus") return this.#tally.dropped();
    this.#tally.failed();
    this.#tellMisplaced(current.unit, record, current.due.nextOf(planned.record.metric), out);
  }

  /** Told once a job: behind a gap every further record is out of its place. */
  #tellMisplaced(unit: UnitRecord, { job, metric, seq }: PointsRecord, next: number, out: Planned[]): void {
    if (this.#toldMisplaced === unit) return;
    this.#toldMisplaced = unit;
    const message = `points of job ${unit.origin.id}, metric ${metric.slice(0, 255)}: ` +
      `those from position ${seq} came where position ${next} was due; they are left out`;
    const hint = "keep points records in the order in which extract wrote them, and run it again";
    this.#error({ id: job, code: "points_out_of_order", message, hint, retryable: true }, out);
  }

  /** Looks back at the job before: did all of its points come? */
  #closeCurrent(out: Planned[]): void {
    const current = this.#current;
    this.#current = null;
    if (this.#forTarget || current?.fate !== "planned" || current.due.missing === 0) return;
    const { missing, metrics } = current.due;
    this.#tally.incomplete();
    const message = `${missing} points of job ${current.unit.origin.id} did not come (metrics: ${
      metrics.join(", ")
    })`;
    const hint = "let points records pass the filter together with their job";
    this.#error({ id: current.job, code: "points_missing", message, hint, retryable: true }, out);
  }

  #release(released: Released, out: Planned[]): void {
    const record = heldRecord(released.text);
    const item: Item = { record, raw: released.text };
    if (record.kind === "points") return void this.#points(record, item, out);
    this.#closeCurrent(out);
    if (record.kind === "unit") return this.#releaseUnit(record, released.isCycleHead, out);
    this.#plan(record, released.isCycleHead || (released.isRoot && !this.#forTarget), out);
    if (released.isCycleHead) this.#tellCycle(record.id, record.parent, out);
    else if (released.isRoot && !this.#forTarget) this.#orphans.note(record.id);
  }

  #releaseUnit(given: UnitRecord, isCycleHead: boolean, out: Planned[]): void {
    const unit = isCycleHead ? { ...given, parent_target: null } : this.#parents.restored(given);
    this.#passUnit(unit, { record: unit }, out);
    // A cycle that plan has opened, it has told of.
    if (isCycleHead && given.parent_target) this.#tellCycle(given.origin.id, given.origin.parent, out);
  }

  #tellCycle(id: string, parent: string | null | undefined, out: Planned[]): void {
    this.#tally.incomplete();
    const message = `job ${id} is its own ancestor (parent ${parent}): it becomes a root`;
    this.#error({ id, code: "parent_cycle", message, hint: "mend the parent fields and run it again" }, out);
  }

  #error(facts: Omit<Parameters<typeof errorRecord>[0], "stage">, out: Planned[]): void {
    out.push({ type: "refused", error: { record: errorRecord({ stage: this.#tally.stage, ...facts }) } });
  }
}
