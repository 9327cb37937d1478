import { cleanName, freeName } from "../records/clean_keys.ts";
import { type Point, POINTS_IN_JOB } from "../records/point.ts";
import type { MetricTable } from "../records/table.ts";
import { jsonSize } from "./json_size.ts";
import { OverflowPoints } from "./overflow_points.ts";
import { pointSize } from "./point_size.ts";
import type { Fault, MetricPart, SpoolMaker } from "./ports.ts";

/** What a job logged, as its line will carry it. */
export interface CollectedMetrics {
  readonly metrics: Record<string, Point[]>;
  /** Points beyond those in `metrics`, a count for each metric. */
  readonly more: Record<string, number> | null;
  readonly overflow: OverflowPoints | null;
  readonly tables: readonly MetricTable[];
  readonly faults: readonly Fault[];
  /** Paths of metrics whose names held a secret. */
  readonly redacted: readonly string[];
}

/** How much of a job's metrics is held in memory, and so in its line. */
export interface CollectorLimits {
  readonly points: number;
  /** Characters of points and metric names. */
  readonly pointsSize: number;
  /** Characters of tables, all together. */
  readonly tablesSize: number;
}

const LIMITS: CollectorLimits = {
  points: POINTS_IN_JOB,
  pointsSize: 8 * 1024 * 1024,
  tablesSize: 15 * 1024 * 1024,
};

/**
 * Gathers what a source says of a job's metrics: points up to the limits of a line, further ones set aside, tables,
 * and what could not be read. Memory stays bounded however much a job logged.
 */
export class MetricCollector {
  readonly #job: string;
  readonly #makeSpool: SpoolMaker;
  readonly #limits: CollectorLimits;
  readonly #metrics = new Map<string, Point[]>();
  readonly #tables: MetricTable[] = [];
  readonly #faults: Fault[] = [];
  /** Each metric's name as the source has it, to that without its secrets. */
  readonly #names = new Map<string, string>();
  readonly #taken = new Set<string>();
  readonly #redacted: string[] = [];
  #points = 0;
  #pointsSize = 0;
  #tablesSize = 0;
  #overflow: OverflowPoints | null = null;

  constructor(job: string, makeSpool: SpoolMaker, limits: CollectorLimits = LIMITS) {
    this.#job = job;
    this.#makeSpool = makeSpool;
    this.#limits = limits;
  }

  /** Adds the next piece. Throws the `Failure` of the spool. */
  async add(part: MetricPart): Promise<void> {
    if (part.kind === "fault") this.#faults.push(part.fault);
    else if (part.kind === "table") this.#addTable(part.table);
    else await this.#addPoints(this.#nameOf(part.metric), part.points);
  }

  /** What was gathered. Throws the `Failure` of the spool. */
  async finish(): Promise<CollectedMetrics> {
    const more = await this.#overflow?.finish() ?? null;
    return {
      metrics: Object.fromEntries(this.#metrics),
      more,
      overflow: this.#overflow,
      tables: this.#tables,
      faults: this.#faults,
      redacted: this.#redacted,
    };
  }

  #nameOf(metric: string): string {
    const known = this.#names.get(metric);
    if (known !== undefined) return known;
    const name = freeName(cleanName(metric), this.#taken);
    this.#names.set(metric, name);
    if (name !== metric) this.#redacted.push(`metrics.${name}`);
    return name;
  }

  async #addPoints(metric: string, points: readonly Point[]): Promise<void> {
    const line = this.#lineOf(metric);
    let at = 0;
    // Once one point was set aside all further ones are: those of a metric have to stay in order.
    for (; at < points.length && this.#hasRoom(); at++) {
      const point = points[at];
      if (point === undefined) continue;
      line.push(point);
      this.#points++;
      this.#pointsSize += pointSize(point);
    }
    if (at === points.length) return;
    this.#overflow ??= new OverflowPoints(this.#job, this.#makeSpool);
    await this.#overflow.add(metric, at === 0 ? points : points.slice(at));
  }

  #hasRoom(): boolean {
    return this.#overflow === null && this.#points < this.#limits.points &&
      this.#pointsSize < this.#limits.pointsSize;
  }

  #lineOf(metric: string): Point[] {
    const known = this.#metrics.get(metric);
    if (known !== undefined) return known;
    const line: Point[] = [];
    this.#metrics.set(metric, line);
    this.#pointsSize += metric.length + 8;
    return line;
  }

  #addTable(table: MetricTable): void {
    const size = jsonSize(table);
    if (this.#tablesSize + size <= this.#limits.tablesSize) {
      this.#tablesSize += size;
      this.#tables.push(table);
      return;
    }
    this.#faults.push({
      part: `tables/${table.name}`,
      code: "too_large",
      message: `job "${this.#job}": its tables together are larger than a record can be; ` +
        `"${table.name}" (about ${Math.ceil(size / 1024)} KiB) is left out`,
      retryable: false,
    });
  }
}
