import type { Found, Want } from "../stages/ports.ts";
import { type ArmJob, listArmJobs } from "./arm_job.ts";
import { bareRuns } from "./bare_runs.ts";
import { IdSet } from "./id_set.ts";
import { textAt } from "./json_fields.ts";
import { readAhead } from "./read_ahead.ts";
import { growTree } from "./run_tree.ts";
import { factsOf, foundJob, historyFaults, type Readers, readTrees, type Seed, type Tree } from "./trees.ts";

/** Pages of the list, and groups of trees, that are read at a time; each holds definitions or whole trees. */
const AHEAD = 4;
/** Jobs that are looked up together at most. */
const JOBS_TOGETHER = 100;
/** Up to this many trees are wanted so soon that nothing is read ahead of them. */
const FEW = 25;

/** Roots whose trees are read together, or a word about roots that could not be listed. */
type Group = { readonly experimentId: string | null; readonly seeds: readonly Seed[] } | {
  readonly missing: Found;
};

/**
 * The trees of a workspace: first those of the jobs that ARM lists, then those of the runs that only run history
 * knows. Throws `Failure` when ARM's list breaks off, and for what hits every request.
 */
export async function* listedJobs(readers: Readers, want: Want): AsyncGenerator<readonly Found[]> {
  const listing = new Listing(readers, want);
  const { plane } = readers;
  const width = listing.width();
  for await (
    const found of readAhead(listing.groups(), width, plane.signal, (group) => listing.read(group))
  ) {
    if (found.length > 0) yield found;
  }
}

/** One listing: what was seen of it, and how many trees are still wanted. */
class Listing {
  readonly #readers: Readers;
  readonly #want: Want;
  readonly #seen = new IdSet();
  #left: number;

  constructor(readers: Readers, want: Want) {
    this.#readers = readers;
    this.#want = want;
    this.#left = want.limit ?? Infinity;
  }

  width(): number {
    return this.#left <= FEW ? 1 : Math.min(AHEAD, this.#readers.plane.concurrency);
  }

  /** Kept roots in groups, the limit applied. */
  async *groups(): AsyncGenerator<Group> {
    if (this.#left === 0) return;
    const { plane, names } = this.#readers;
    const look = (jobs: readonly ArmJob[]) => this.#lookUp(jobs);
    for await (const seeds of readAhead(this.#newJobs(), this.width(), plane.signal, look)) {
      yield* this.#grouped(await this.#kept(seeds));
      if (this.#left === 0) return;
    }
    for await (const bare of bareRuns(plane, names, this.#seen, this.#want.archived)) {
      if ("missing" in bare) yield bare;
      else yield* this.#grouped(await this.#kept(bare.runs.map(bareSeed)));
      if (this.#left === 0) return;
    }
  }

  /** The found jobs of a group, each tree in pre-order. */
  async read(group: Group): Promise<readonly Found[]> {
    if ("missing" in group) return [group.missing];
    const deepest = this.#want.maxDepth ?? Infinity;
    const trees = await readTrees(this.#readers, group.experimentId, group.seeds, deepest > 0);
    const found: Found[] = [];
    for (const tree of trees) {
      for (const node of tree.nodes) {
        if ((node.depth ?? 0) > deepest) continue;
        found.push(await foundJob(this.#readers, tree, node, node.id === tree.root.id));
      }
    }
    return found;
  }

  /**
   * Jobs not seen before (a list may move while it is paged through), at first page by page so that the first trees
   * leave at once, then ever more pages together, because the calls behind are bulk and pages may be small.
   */
  async *#newJobs(): AsyncGenerator<readonly ArmJob[]> {
    let together = 1;
    let jobs: ArmJob[] = [];
    for await (const page of listArmJobs(this.#readers.plane, this.#want.archived)) {
      jobs.push(...page.filter(({ id }) => this.#seen.add(id)));
      if (jobs.length < together) continue;
      yield jobs;
      jobs = [];
      if (this.#left > FEW) together = Math.min(together * 2, JOBS_TOGETHER);
    }
    if (jobs.length > 0) yield jobs;
  }

  /** Jobs with their runs. A job whose run has a parent comes with that parent's tree. */
  async #lookUp(jobs: readonly ArmJob[]): Promise<readonly Seed[]> {
    const { runs, troubles } = await this.#readers.runData.read(jobs.map(({ id }) => id));
    const seeds: Seed[] = [];
    for (const arm of jobs) {
      const run = runs.get(arm.id) ?? null;
      this.#readers.names.note(run?.experimentId ?? null, textAt(arm.properties, "experimentName"));
      if ((run?.parent ?? null) !== null) continue;
      const trouble = troubles.get(arm.id);
      seeds.push({ id: arm.id, arm, run, faults: trouble === undefined ? [] : historyFaults(trouble) });
    }
    return seeds;
  }

  async #kept(seeds: readonly Seed[]): Promise<readonly Seed[]> {
    const kept: Seed[] = [];
    for (const seed of seeds) {
      if (this.#left === 0) break;
      const tree: Tree = { root: seed, nodes: growTree(seed, []), troubles: [] };
      const [node] = tree.nodes;
      if (node === undefined || !this.#want.keep(await factsOf(this.#readers, tree, node))) continue;
      kept.push(seed);
      this.#left--;
    }
    return kept;
  }

  /** Roots of one experiment are read together, as many at a time as their size allows. */
  *#grouped(seeds: readonly Seed[]): Generator<Group> {
    const groups = Map.groupBy(seeds, ({ run }) => run?.experimentId ?? null);
    const most = this.#readers.descendants.rootsAtATime();
    for (const [experimentId, members] of groups) {
      for (let i = 0; i < members.length; i += most) {
        yield { experimentId, seeds: members.slice(i, i + most) };
      }
    }
  }
}

function bareSeed(run: NonNullable<Seed["run"]>): Seed {
  return { id: run.id, run, arm: null, faults: [] };
}
