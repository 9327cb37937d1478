import type { JobRecord } from "../records/job.ts";
import { keepRoot } from "./keep_root.ts";
import type { Selection } from "./selection.ts";

/** A verdict on a job as a number: 0 left out, n kept, n - 1 levels below the top of the tree that was wanted. */
export type Mark = number;

/** Left out. */
export const DROPPED: Mark = 0;

/** The top of a wanted tree. */
const TOP: Mark = 1;

/** What selection has to know of a job once its line is gone. */
export interface TopFacts {
  /** Whether `--include` names it, or names nothing at all. */
  readonly named: boolean;
  /** Whether it holds the words that are tested on roots. */
  readonly fits: boolean;
}

/** The rules by which the jobs of a tree are judged: tops by words and ids, others by what became of their parent. */
export class TreeVerdict {
  readonly #selection: Selection;
  readonly #include: ReadonlySet<string> | null;
  readonly #keep: (root: JobRecord) => boolean;
  #trees = 0;

  constructor(selection: Selection) {
    this.#selection = selection;
    this.#include = selection.include === null ? null : new Set(selection.include);
    this.#keep = keepRoot(selection);
  }

  /** Whether any job may be the top of a wanted tree, and not roots alone. */
  get namesJobs(): boolean {
    return this.#include !== null;
  }

  /** What has to be known of a job to judge it as a top. */
  facts(job: JobRecord): TopFacts {
    const named = this.#include === null || this.#include.has(job.id);
    return { named, fits: named && this.#keep(job) };
  }

  /** Judges a job without a parent. `counted` says that its tree was let pass before (an archive joined twice). */
  top(facts: TopFacts, counted: boolean): Mark {
    if (!facts.fits) return DROPPED;
    if (counted) return TOP;
    if (this.#selection.limit !== null && this.#trees >= this.#selection.limit) return DROPPED;
    this.#trees++;
    return TOP;
  }

  /** Judges a job `levels` below one that was judged. One that `--include` names may be a top of its own. */
  below(above: Mark, levels: number, facts: () => TopFacts, counted: boolean): Mark {
    const mark = above + levels;
    const { maxDepth } = this.#selection;
    if (above !== DROPPED && (maxDepth === null || mark - TOP <= maxDepth)) return mark;
    return this.#include === null ? DROPPED : this.top(facts(), counted);
  }
}
