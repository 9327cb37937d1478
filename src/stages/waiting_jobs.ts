import type { TextHash } from "../records/text_marks.ts";
import type { TopFacts } from "./tree_verdict.ts";

/** A job whose ancestors have not come yet. */
export interface WaitingJob {
  readonly parent: TextHash | null;
  readonly root: TextHash | null;
  /** Levels below its root, as the job itself says. */
  readonly depth: number;
  readonly facts: TopFacts;
  /** Whether its tree was let pass before. */
  readonly counted: boolean;
}

/** Numbers a job: two words of each hash, the depth, the flags. */
const STRIDE = 6;
const FLAGS = { parent: 1, root: 2, named: 4, fits: 8, counted: 16 } as const;

/** What is known of jobs that wait, 48 bytes each: all children of a large stream may wait when it was shuffled. */
export class WaitingJobs {
  readonly #numbers: number[] = [];

  /** How many jobs wait. */
  get size(): number {
    return this.#numbers.length / STRIDE;
  }

  /** Adds a job; its place is the size before. */
  add({ parent, root, depth, facts, counted }: WaitingJob): void {
    const flags = (parent === null ? 0 : FLAGS.parent) | (root === null ? 0 : FLAGS.root) |
      (facts.named ? FLAGS.named : 0) | (facts.fits ? FLAGS.fits : 0) | (counted ? FLAGS.counted : 0);
    this.#numbers.push(parent?.high ?? 0, parent?.low ?? 0, root?.high ?? 0, root?.low ?? 0, depth, flags);
  }

  /** The job at a place below {@linkcode size}. */
  at(place: number): WaitingJob {
    const [parentHigh = 0, parentLow = 0, rootHigh = 0, rootLow = 0, depth = 1, flags = 0] = this.#numbers
      .slice(
        place * STRIDE,
        (place + 1) * STRIDE,
      );
    return {
      parent: flags & FLAGS.parent ? { high: parentHigh, low: parentLow } : null,
      root: flags & FLAGS.root ? { high: rootHigh, low: rootLow } : null,
      depth,
      facts: { named: (flags & FLAGS.named) !== 0, fits: (flags & FLAGS.fits) !== 0 },
      counted: (flags & FLAGS.counted) !== 0,
    };
  }
}
