import type { JsonObject } from "../records/json.ts";
import type { Point } from "../records/point.ts";
import { readBulk } from "./history_bulk.ts";
import type { HistoryPace } from "./history_pace.ts";
import { readHistory } from "./history_read.ts";
import { inTurns } from "./in_turns.ts";
import { textAt } from "./json_fields.ts";
import { contextOf, pointOf } from "./metric_points.ts";
import type { MlflowRun } from "./run_parse.ts";
import type { RunReads } from "./run_reads.ts";

/** A metric of a run, by what the search told of its latest point. */
interface Head {
  readonly key: string;
  /** Of the latest point. */
  readonly step: number;
  /** The bulk history tells no context, so such a metric is read by itself. */
  readonly hasContext: boolean;
}

interface Member {
  readonly run: string;
  readonly heads: readonly Head[];
  group: Group | null;
}

/** Runs whose histories are read together. */
interface Group {
  readonly members: readonly Member[];
  /** By run, then metric; a history that is not here is read when its turn has come. */
  readonly held: Map<string, Map<string, readonly Point[]>>;
  points: number;
  read: Promise<void> | null;
}

/** Points that a group is made for, and at which it stops reading more. */
const GROUP_AIM = 60_000;
const GROUP_MOST = 100_000;

/** Runs of a group: as many as one request can name for certain, in the 4,000 bytes of its line. */
const GROUP_RUNS = 90;

/** A history with more points than this, as far as one can guess, is not held but passed through. */
const HELD_MOST = 5_000;

/** Requests for histories under way at a time. */
const WIDTH = 4;

/** Some points of a history. */
export interface HistoryPiece {
  readonly points: readonly Point[];
  /** What points carry beyond their numbers, by their place among these points. */
  readonly contexts: readonly (readonly [number, JsonObject])[];
}

/**
 * The histories of runs that were found together. The first run that is asked for brings those behind it along, as
 * many as can be held at a time: so small runs cost a fraction of a request each, and a long history is a stream.
 */
export class Histories {
  readonly #reads: RunReads;
  readonly #pace: HistoryPace;
  readonly #members: readonly Member[];

  constructor(reads: RunReads, pace: HistoryPace, runs: readonly MlflowRun[]) {
    this.#reads = reads;
    this.#pace = pace;
    this.#members = runs.map(({ id, latest }) => ({ run: id, heads: headsOf(latest), group: null }));
  }

  /** Brings along what can be read in bulk. To be called before `read`. Throws only what hits every request. */
  async prepare(run: string): Promise<void> {
    const at = this.#members.findIndex((member) => member.run === run);
    const member = this.#members[at];
    if (member === undefined) return;
    member.group ??= this.#form(at);
    member.group.read ??= this.#load(member.group);
    await member.group.read;
  }

  /** The history of one metric, once. Throws `Failure`. */
  async *read(run: string, key: string): AsyncGenerator<HistoryPiece> {
    const member = this.#members.find((one) => one.run === run);
    const held = member?.group?.held.get(run);
    const points = held?.get(key);
    if (points !== undefined) {
      held?.delete(key);
      yield { points, contexts: [] };
      return;
    }
    const step = member?.heads.find((head) => head.key === key)?.step ?? 0;
    let count = 0;
    for await (const metrics of readHistory(this.#reads, run, key)) {
      count += metrics.length;
      yield { points: metrics.map(pointOf), contexts: metrics.flatMap(contextAt) };
    }
    this.#pace.note(key, step, count);
  }

  /** The runs from a place on that are read together. */
  #form(from: number): Group {
    const members: Member[] = [];
    let points = 0;
    for (const member of this.#members.slice(from)) {
      if (member.group !== null || members.length === GROUP_RUNS) break;
      points += this.#guess(member);
      if (members.length > 0 && points > GROUP_AIM) break;
      members.push(member);
    }
    const group: Group = { members, held: new Map(), points: 0, read: null };
    for (const member of members) {
      member.group = group;
      group.held.set(member.run, new Map());
    }
    return group;
  }

  #guess({ heads }: Member): number {
    return heads.reduce((sum, { key, step }) => sum + this.#pace.guess(key, step), 0);
  }

  async #load(group: Group): Promise<void> {
    const width = Math.min(WIDTH, this.#reads.concurrency);
    const [only, ...more] = group.members;
    if (only !== undefined && (more.length === 0 || !this.#reads.bulkHistory)) {
      const heads = group.members.flatMap(({ run, heads }) => heads.map((head) => ({ run, ...head })));
      await inTurns(heads, width, (head) => this.#loadOne(group, head));
    } else await inTurns([...keysOf(group)], width, ([key, steps]) => this.#loadMany(group, key, steps));
  }

  async #loadMany(group: Group, key: string, steps: ReadonlyMap<string, number>): Promise<void> {
    const room = () => GROUP_MOST - group.points;
    const taken = await readBulk(this.#reads, key, [...steps.keys()], room);
    for (const [run, points] of taken) {
      this.#pace.note(key, steps.get(run) ?? 0, points.length);
      this.#hold(group, run, key, points);
    }
  }

  /** Reads a history that is short, as far as one can guess; one that is not after all is left to be passed through. */
  async #loadOne(
    group: Group,
    { run, key, step, hasContext }: Head & { readonly run: string },
  ): Promise<void> {
    if (hasContext || group.points >= GROUP_MOST || this.#pace.guess(key, step) > HELD_MOST) return;
    const points: Point[] = [];
    try {
      for await (const metrics of readHistory(this.#reads, run, key)) {
        for (const metric of metrics) points.push(pointOf(metric));
        if (points.length > HELD_MOST) {
          this.#pace.note(key, step, points.length);
          return;
        }
      }
    } catch (error) {
      this.#reads.trouble(error);
      return;
    }
    if (!this.#reads.signal.aborted) this.#hold(group, run, key, points);
  }

  #hold(group: Group, run: string, key: string, points: readonly Point[]): void {
    group.points += points.length;
    group.held.get(run)?.set(key, points);
  }
}

function headsOf(latest: readonly JsonObject[]): Head[] {
  return latest.flatMap((metric): Head[] => {
    const key = textAt(metric, "key");
    if (key === null) return [];
    const step = Number(metric["step"] ?? 0);
    return [{ key, step: Number.isFinite(step) ? step : 0, hasContext: contextOf(metric) !== null }];
  });
}

/** The metrics of a group, each with the runs that have it and their last steps. */
function keysOf({ members }: Group): Map<string, Map<string, number>> {
  const keys = new Map<string, Map<string, number>>();
  for (const { run, heads } of members) {
    for (const { key, step, hasContext } of heads) {
      if (hasContext) continue;
      const runs = keys.get(key) ?? new Map<string, number>();
      runs.set(run, step);
      keys.set(key, runs);
    }
  }
  return keys;
}

function contextAt(metric: JsonObject, at: number): (readonly [number, JsonObject])[] {
  const context = contextOf(metric);
  return context === null ? [] : [[at, context]];
}
