/** A held job that `--include` names. */
interface NamedJob {
  readonly rank: number;
  readonly place: number;
  readonly root: string;
}

/** The held jobs whose ids were named, to be judged in the order of the names where trees are limited. */
export class NamedJobs {
  readonly #ranks: ReadonlyMap<string, number>;
  readonly #jobs: NamedJob[] = [];
  readonly #keys = new Map<number, string>();
  readonly #taken = new Set<string>();

  /** `ids` in the order in which they were named. */
  constructor(ids: readonly string[]) {
    this.#ranks = new Map(ids.toReversed().map((id, fromEnd) => [id, ids.length - fromEnd]));
  }

  /** Notes a held job if its id is named. `key` tells it, and `root` its tree, in a stream of several sources. */
  note(id: string, place: number, key: string, root: string): void {
    const rank = this.#ranks.get(id);
    if (rank === undefined) return;
    this.#jobs.push({ rank, place, root });
    this.#keys.set(place, key);
  }

  /** The places of the named jobs: trees in the order of the first name of each, those of one tree as they came. */
  places(): number[] {
    const trees = new Map<string, number>();
    for (const { root, rank } of this.#jobs) trees.set(root, Math.min(rank, trees.get(root) ?? rank));
    const rankOf = ({ root }: NamedJob) => trees.get(root) ?? 0;
    return this.#jobs.toSorted((a, b) => rankOf(a) - rankOf(b) || a.place - b.place).map(({ place }) =>
      place
    );
  }

  /** Notes that a job is kept, so that it counts once in archives joined twice. */
  take(place: number): void {
    const key = this.#keys.get(place);
    if (key !== undefined) this.#taken.add(key);
  }

  /** Whether the job at a place was kept before. */
  isTaken(place: number): boolean {
    const key = this.#keys.get(place);
    return key !== undefined && this.#taken.has(key);
  }
}
