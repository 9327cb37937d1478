import type { Found, Want } from "../stages/ports.ts";
import { FarRuns } from "./far_runs.ts";
import type { Run } from "./run.ts";
import { growTree, type RunNode } from "./run_tree.ts";
import { SeenRuns } from "./seen_runs.ts";
import { factsOf, foundJob, type Readers, readTrees, type Seed, type Tree } from "./trees.ts";

/** Roots whose trees are read together, parts of a tree that is known already, or a word about what could not be listed. */
export type Group =
  | { readonly experimentId: string | null; readonly seeds: readonly Seed[] }
  | { readonly tree: Tree; readonly nodes: readonly RunNode[] }
  | { readonly missing: Found };

/** What the passes of one listing share: what was seen of the workspace, and how many trees are still wanted. */
export class Listing {
  readonly readers: Readers;
  readonly want: Want;
  readonly seen = new SeenRuns();
  /** A limit that is reached leaves no pass to come upon what lies in other experiments. */
  readonly #far: FarRuns | null;
  #left: number;

  constructor(readers: Readers, want: Want) {
    this.readers = readers;
    this.want = want;
    this.#far = want.limit === null ? null : new FarRuns(readers);
    this.#left = want.limit ?? Infinity;
  }

  /** How many trees are still wanted. */
  get left(): number {
    return this.#left;
  }

  get isFull(): boolean {
    return this.#left === 0;
  }

  /** The deepest depth that is wanted. */
  get deepest(): number {
    return this.want.maxDepth ?? Infinity;
  }

  /** Counts a tree that was kept. */
  take(): void {
    this.#left--;
  }

  /** Whether a run is of the kind that `archived` asks for. Run history calls `hidden` what ARM calls archived. */
  suits({ hidden }: Run): boolean {
    const { archived } = this.want;
    return archived === "include" || (hidden ?? false) === (archived === "only");
  }

  /** Whether selection wants a node, by its own facts. */
  async wants(tree: Tree, node: RunNode): Promise<boolean> {
    return this.want.keep(await factsOf(this.readers, tree, node));
  }

  /** The roots that are kept, in order, as many as are still wanted; notes what became of each. */
  async kept(seeds: readonly Seed[]): Promise<readonly Seed[]> {
    const kept: Seed[] = [];
    for (const seed of seeds) {
      if (this.isFull) break;
      const tree: Tree = { root: seed, nodes: growTree(seed, []), troubles: [] };
      const [node] = tree.nodes;
      const isKept = node !== undefined && await this.wants(tree, node);
      this.seen.note(seed.id, isKept ? "kept" : "skipped");
      if (!isKept) continue;
      kept.push(seed);
      this.take();
    }
    return kept;
  }

  /** Roots of one experiment are read together, as many at a time as their size allows. */
  *grouped(seeds: readonly Seed[]): Generator<Group> {
    const groups = Map.groupBy(seeds, ({ run }) => run?.experimentId ?? null);
    const most = this.readers.descendants.rootsAtATime();
    for (const [experimentId, members] of groups) {
      for (let i = 0; i < members.length; i += most) {
        yield { experimentId, seeds: members.slice(i, i + most) };
      }
    }
  }

  /** The found jobs of a group, each tree in pre-order. */
  async read(group: Group): Promise<readonly Found[]> {
    if ("missing" in group) return [group.missing];
    if ("tree" in group) return await this.#found(group.tree, group.nodes);
    const trees = await readTrees(this.readers, group.experimentId, group.seeds, {
      deep: this.deepest > 0,
      far: this.#far,
    });
    const found: Found[] = [];
    for (const tree of trees) {
      for (const { id } of tree.nodes) {
        if (id !== tree.root.id) this.seen.note(id, "given");
      }
      found.push(...await this.#found(tree, tree.nodes.filter(({ depth }) => (depth ?? 0) <= this.deepest)));
    }
    return found;
  }

  async #found(tree: Tree, nodes: readonly RunNode[]): Promise<readonly Found[]> {
    const found: Found[] = [];
    for (const node of nodes) {
      found.push(await foundJob(this.readers, tree, node, node.id === tree.root.id));
    }
    return found;
  }
}
