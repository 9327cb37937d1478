import type { JobRecord } from "../records/job.ts";
import { type TextHash, textHash, TextMarks } from "../records/text_marks.ts";
import type { Selection } from "./selection.ts";
import { NamedJobs } from "./named_jobs.ts";
import { DROPPED, type Mark, TreeVerdict } from "./tree_verdict.ts";
import { type WaitingJob, WaitingJobs } from "./waiting_jobs.ts";

/** What becomes of a job, as far as it is known when it comes. */
export type Judgement = "kept" | "dropped" | "held";

/** What became of the jobs that were held. */
export interface Release {
  /** Whether each is kept, in the order in which they came. */
  readonly kept: readonly boolean[];
  /** How many were judged as roots, because nothing above them came or their parents go round in a circle. */
  readonly orphans: number;
}

/** Stands for no mark yet among those of held jobs. */
const OPEN = -1;

/** A depth beyond this is nonsense, and marks are 32-bit numbers. */
const DEEPEST = 1_000_000;

/**
 * Judges the jobs of a stream, in whatever order they come, with the memory of an ancestor chain: a job follows its
 * parent, or else its root; one of which neither has come is held until {@linkcode release}. It remembers a hash and
 * a mark for each job (12 to 36 bytes), and a few numbers of those that are held. Where ids are named and trees are
 * limited, all are held: the first trees are then those of the ids named first, as a source gives them, and not those
 * that come first.
 */
export class TreeJudge {
  readonly #verdict: TreeVerdict;
  /** Mark of each job; one that is held has -1 - its place among those. */
  readonly #marks = new TextMarks();
  readonly #waiting = new WaitingJobs();
  readonly #named: NamedJobs | null;
  #source: string | null | undefined = null;
  #prefix = "";

  constructor(selection: Selection) {
    this.#verdict = new TreeVerdict(selection);
    const { include, limit } = selection;
    this.#named = include === null || limit === null ? null : new NamedJobs(include);
  }

  /** Judges the next job. */
  judge(job: JobRecord): Judgement {
    const key = this.#key(job.source, job.id);
    const before = this.#marks.get(key);
    const counted = before !== undefined && before > DROPPED;
    const mark = this.#named === null ? this.#mark(job, counted) : null;
    if (mark === null) {
      this.#named?.note(
        job.id,
        this.#waiting.size,
        key,
        this.#key(job.source, job.root ?? job.parent ?? job.id),
      );
      this.#marks.set(key, -1 - this.#waiting.size);
      this.#waiting.add(this.#wait(job, counted));
      return "held";
    }
    if (mark !== before) this.#marks.set(key, mark);
    return mark === DROPPED ? "dropped" : "kept";
  }

  /** Judges the held jobs, when the input has ended. */
  release(): Release {
    const marks = new Int32Array(this.#waiting.size).fill(OPEN);
    let orphans = 0;
    for (const start of [...this.#named?.places() ?? [], ...marks.keys()]) {
      const path = this.#climb(start, marks);
      for (let place = path.pop(); place !== undefined; place = path.pop()) {
        const { facts, counted: before, ...job } = this.#waiting.at(place);
        const counted = before || (this.#named?.isTaken(place) ?? false);
        const above = this.#above(job, marks);
        if (above === null && (job.parent !== null || job.root !== null)) orphans++;
        const mark = above === null
          ? this.#verdict.top(facts, counted)
          : this.#verdict.below(above.mark, above.levels, () => facts, counted);
        if (mark !== DROPPED) this.#named?.take(place);
        marks[place] = mark;
      }
    }
    return { kept: Array.from(marks, (mark) => mark > DROPPED), orphans };
  }

  /** The mark of a job as far as its ancestors came; null when they did not. */
  #mark(job: JobRecord, counted: boolean): Mark | null {
    const facts = () => this.#verdict.facts(job);
    if (isRoot(job)) return this.#verdict.top(facts(), counted);
    const parent = this.#seen(job.source, job.parent);
    if (parent !== null) return this.#verdict.below(parent, 1, facts, counted);
    const root = this.#seen(job.source, job.root);
    // Where ids name jobs, one between this job and its root may be named that has not come yet.
    if (root === null || (root === DROPPED && this.#verdict.namesJobs)) return null;
    return this.#verdict.below(root, levelsBelowRoot(job), facts, counted);
  }

  #seen(source: string | undefined, id: string | null | undefined): Mark | null {
    if (typeof id !== "string") return null;
    const mark = this.#marks.get(this.#key(source, id));
    return mark === undefined || mark < 0 ? null : mark;
  }

  #wait(job: JobRecord, counted: boolean): WaitingJob {
    const hash = (id: string | null | undefined) =>
      typeof id === "string" ? textHash(this.#key(job.source, id)) : null;
    const facts = this.#verdict.facts(job);
    const root = isRoot(job) ? null : hash(job.root);
    return { parent: hash(job.parent), root, depth: levelsBelowRoot(job), facts, counted };
  }

  /** By what a job is known in a stream that joins several sources, whose names ignore case. */
  #key(source: string | undefined, id: string): string {
    if (source !== this.#source) {
      this.#source = source;
      const { high, low } = textHash((source ?? "").toLowerCase());
      // Short, because it is hashed again with every id.
      this.#prefix = `${high.toString(36)} ${low.toString(36)}\n`;
    }
    return this.#prefix + id;
  }

  /** The held jobs from a place up that have no mark yet, the lowest first; ends where a circle closes. */
  #climb(start: number, marks: Int32Array): number[] {
    const path: number[] = [];
    const seen = new Set<number>();
    for (let place: number | null = start; place !== null && marks[place] === OPEN && !seen.has(place);) {
      path.push(place);
      seen.add(place);
      const job = this.#waiting.at(place);
      const mark: number | undefined = this.#markOf(job.parent) ?? this.#markOf(job.root);
      place = mark === undefined || mark >= 0 ? null : -1 - mark;
    }
    return path;
  }

  /** What became of the job above a held one; null when nothing above it came or has a mark yet. */
  #above(job: Pick<WaitingJob, "parent" | "root" | "depth">, marks: Int32Array) {
    const parent = this.#settled(job.parent, marks);
    if (parent !== null) return { mark: parent, levels: 1 };
    const root = this.#settled(job.root, marks);
    return root === null ? null : { mark: root, levels: job.depth };
  }

  #settled(hash: TextHash | null, marks: Int32Array): Mark | null {
    const mark = this.#markOf(hash);
    if (mark === undefined) return null;
    const settled = mark >= 0 ? mark : marks[-1 - mark] ?? OPEN;
    return settled === OPEN ? null : settled;
  }

  #markOf(hash: TextHash | null): number | undefined {
    return hash === null ? undefined : this.#marks.get(hash);
  }
}

function isRoot(job: JobRecord): boolean {
  if (typeof job.parent === "string") return false;
  return typeof job.root !== "string" || job.root === job.id;
}

/** At least one: only jobs that are no roots are asked. */
function levelsBelowRoot(job: JobRecord): number {
  return Math.min(Math.max(1, job.depth ?? 1), DEEPEST);
}
