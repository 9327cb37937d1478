/** A whole number of 64 bits: a `number` where it is exact, else a `bigint`. */
export type Int64 = number | bigint;

/** One point of a metric. Infinite values are clamped on the way in; NaN stays NaN. */
export interface Point {
  readonly value: number;
  /** Milliseconds. */
  readonly timestamp: Int64;
  readonly step: Int64;
  readonly model_id?: string;
  readonly dataset_name?: string;
  readonly dataset_digest?: string;
}

/** All points of one metric of one run, by timestamp, step and value. */
export interface Series {
  readonly length: number;
  at(index: number): Point;
  /** The point that a run shows: the largest step, then timestamp, then value. */
  latest(): Point;
}

/** Points that were sent; the same point is held once. */
export class StoredSeries implements Series {
  #points: Point[] = [];
  readonly #seen = new Set<string>();
  #sorted = true;
  #latest: Point | null = null;

  /** A stored copy of a series that was generated. */
  static from(series: Series): StoredSeries {
    const stored = new StoredSeries();
    for (let index = 0; index < series.length; index++) stored.add(series.at(index));
    return stored;
  }

  get length(): number {
    return this.#points.length;
  }

  at(index: number): Point {
    if (!this.#sorted) this.#points.sort(byTime);
    this.#sorted = true;
    const point = this.#points[index];
    if (point === undefined) throw new Error(`no point ${index}`);
    return point;
  }

  latest(): Point {
    if (this.#latest === null) throw new Error("a series without points");
    return this.#latest;
  }

  has(point: Point): boolean {
    return this.#seen.has(pointKey(point));
  }

  add(point: Point): void {
    const key = pointKey(point);
    if (this.#seen.has(key)) return;
    this.#seen.add(key);
    const last = this.#points.at(-1);
    if (last !== undefined && byTime(last, point) > 0) this.#sorted = false;
    this.#points.push(point);
    if (this.#latest === null || byStep(this.#latest, point) <= 0) this.#latest = point;
  }
}

/** What makes two points the same. */
export function pointKey({ timestamp, step, value }: Point): string {
  return `${timestamp} ${step} ${value}`;
}

/** Points that are worked out when they are asked for. */
export class GeneratedSeries implements Series {
  constructor(readonly length: number, readonly start: number, readonly seed: number) {}

  at(index: number): Point {
    return {
      value: 1 / (1 + ((index * 31 + this.seed) % 1009)),
      timestamp: this.start + index,
      step: index,
    };
  }

  latest(): Point {
    return this.at(this.length - 1);
  }
}

function byTime(left: Point, right: Point): number {
  return order(left.timestamp, right.timestamp) || order(left.step, right.step) ||
    order(left.value, right.value);
}

function byStep(left: Point, right: Point): number {
  return order(left.step, right.step) || order(left.timestamp, right.timestamp) ||
    order(left.value, right.value);
}

function order(left: Int64, right: Int64): number {
  return left < right ? -1 : left > right ? 1 : 0;
}
