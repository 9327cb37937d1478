import type { PointsRecord } from "../records/points.ts";

/** What is left of one metric. */
interface Due {
  /** Position of the point that has to come next. */
  next: number;
  /** How many were announced. */
  readonly all: number;
}

/**
 * Where a `points` record stands: the `next` one, one that came before or was never announced (`surplus`), or one that
 * leaves a gap, overlaps, or is more than was announced (`misplaced`).
 */
export type PointsPlace = "next" | "surplus" | "misplaced";

/** Keeps watch over the `points` records that a job or unit announced with `more_points`: each in its place, once. */
export class PointsDue {
  readonly #due = new Map<string, Due>();
  #total = 0;

  constructor(announced: Readonly<Record<string, number>> | undefined) {
    for (const [metric, count] of Object.entries(announced ?? {})) {
      if (!(count > 0)) continue;
      this.#due.set(metric, { next: 0, all: count });
      this.#total += count;
    }
  }

  /** Points that have not come in their place yet. */
  get missing(): number {
    return this.#total;
  }

  /** The metrics that points are missing of. */
  get metrics(): readonly string[] {
    return [...this.#due].filter(([, { next, all }]) => next < all).map(([metric]) => metric);
  }

  /** The position that has to come next of a metric. */
  nextOf(metric: string): number {
    return this.#due.get(metric)?.next ?? 0;
  }

  /** Notes what came. Only what is `next` counts: what follows a gap would take the place of what is missing. */
  came({ metric, seq, points }: Pick<PointsRecord, "metric" | "seq" | "points">): PointsPlace {
    const due = this.#due.get(metric);
    const end = seq + points.length;
    if (due === undefined || due.next >= due.all || end <= due.next && seq < due.next) return "surplus";
    if (seq !== due.next || end > due.all) return "misplaced";
    due.next = end;
    this.#total -= points.length;
    return "next";
  }
}
