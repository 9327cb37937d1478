import { type TextHash, TextMarks } from "../records/text_marks.ts";
import { placeWaiting } from "./parents.ts";
import type { Spool, SpoolMaker } from "./ports.ts";

/** A line that waited, with what is known of its job now. */
export interface Released {
  /** The text of a `job`, `unit` or `points` line as it was held. */
  readonly text: string;
  readonly isJob: boolean;
  /** Whether its parent never came (or had to be let go to open a cycle), so that it becomes a root. */
  readonly isRoot: boolean;
  readonly isCycleHead: boolean;
}

/**
 * Jobs (or units) whose parent has not been seen yet, with their `points`: their lines wait in a spool (memory, then a
 * temporary file) until the input has ended, and are then given parent first.
 */
export class HeldJobs {
  readonly #makeSpool: SpoolMaker;
  #spool: Spool | null = null;
  readonly #index = new TextMarks();
  /** Hashes of the parents' keys, two int32 words a job. */
  readonly #parents: number[] = [];
  readonly #marks: number[] = [];
  /** For each line in the spool, the index of its job. */
  readonly #jobOfLine: number[] = [];

  constructor(makeSpool: SpoolMaker) {
    this.#makeSpool = makeSpool;
  }

  /** How many jobs wait. */
  get jobs(): number {
    return this.#parents.length / 2;
  }

  /** How many lines wait. */
  get lines(): number {
    return this.#jobOfLine.length;
  }

  /** The mark of the waiting job of this key; undefined when none waits. */
  markOf(key: TextHash): number | undefined {
    const job = this.#index.get(key);
    return job === undefined ? undefined : this.#marks[job];
  }

  /** Sets a job aside, by what it and its parent are known. */
  hold(key: TextHash, parent: TextHash, mark: number, text: string): Promise<void> {
    this.#marks.push(mark);
    this.#index.set(key, this.jobs);
    this.#parents.push(parent.high, parent.low);
    return this.more(text);
  }

  /** Sets a further line of the job that was held last aside. */
  more(text: string): Promise<void> {
    this.#spool ??= this.#makeSpool();
    this.#jobOfLine.push(this.jobs - 1);
    return this.#spool.append(text);
  }

  /** All lines, each job behind its parent. `came` tells of jobs that never had to wait. */
  async *release(came: (key: TextHash) => boolean): AsyncGenerator<Released, void, undefined> {
    const spool = this.#spool;
    if (spool === null) return;
    const parents = Int32Array.from(
      { length: this.jobs },
      (_, job) => this.#index.get(this.#parentOf(job)) ?? -1,
    );
    const { place, cycleHeads } = placeWaiting(parents);
    const last = place.reduce((a, b) => Math.max(a, b), 0);
    // One pass over the spool for each generation: trees are flat, and nothing but the indexes is held.
    for (let generation = 0; generation <= last; generation++) {
      let line = 0;
      let previous = -1;
      for await (const text of spool.read()) {
        const job = this.#jobOfLine[line++] ?? -1;
        const isJob = job !== previous;
        previous = job;
        if (place[job] !== generation) continue;
        const isCycleHead = cycleHeads.has(job);
        const isOrphan = parents[job] === -1 && !came(this.#parentOf(job));
        yield { text, isJob, isRoot: isOrphan || isCycleHead, isCycleHead };
      }
    }
  }

  #parentOf(job: number): TextHash {
    return { high: this.#parents[2 * job] ?? 0, low: this.#parents[2 * job + 1] ?? 0 };
  }

  /** Frees memory and file. */
  async close(): Promise<void> {
    await this.#spool?.close();
    this.#spool = null;
  }
}
