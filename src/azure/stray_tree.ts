import type { Listing } from "./listing.ts";
import type { Run } from "./run.ts";
import { growTree, type RunNode } from "./run_tree.ts";
import type { Seed, Tree } from "./trees.ts";

/** A tree of strays, and which of its nodes are wanted. */
export interface StrayTree {
  readonly tree: Tree;
  readonly nodes: readonly RunNode[];
}

/**
 * The strays of one root as a tree; null when none of them is wanted. `above` holds the runs above them as far as
 * they could be looked up. A root that exists and was not listed (its experiment could not be read, or it is new) is
 * judged now, and comes with them. Where there is no root, depths are not known.
 */
export async function strayTree(
  listing: Listing,
  rootId: string,
  strays: readonly Run[],
  above: ReadonlyMap<string, Run>,
): Promise<StrayTree | null> {
  const run = above.get(rootId) ?? null;
  const root: Seed = { id: rootId, run, arm: null, faults: [] };
  const kin = strays.flatMap(({ parent }) => above.get(parent ?? "") ?? []);
  const isRoot = run !== null && run.parent === null;
  const tree: Tree = { root, nodes: growTree(isRoot ? root : null, [...strays, ...kin]), troubles: [] };
  const ids = new Set(strays.map(({ id }) => id));
  const fate = listing.seen.fate(rootId);
  if (fate === "kept" || fate === "given") {
    return part(tree, (node) => ids.has(node.id) && isNear(listing, node));
  }
  if (!isRoot) return part(tree, await orphans(listing, tree, ids));
  if (!listing.suits(run) || (await listing.kept([root])).length === 0) return null;
  return part(tree, (node) => (node.id === rootId || ids.has(node.id)) && isNear(listing, node));
}

function part(tree: Tree, test: (node: RunNode) => boolean): StrayTree | null {
  const nodes = tree.nodes.filter(test);
  return nodes.length === 0 ? null : { tree, nodes };
}

function isNear({ deepest }: Listing, { depth }: RunNode): boolean {
  return (depth ?? 0) <= deepest;
}

/** The topmost strays that selection wants by their own facts, and what is below them. */
async function orphans(
  listing: Listing,
  tree: Tree,
  ids: ReadonlySet<string>,
): Promise<(node: RunNode) => boolean> {
  /** Wanted nodes, with their depth below the topmost one; -1 for a topmost one that is not wanted, and all below it. */
  const below = new Map<string, number>();
  for (const node of tree.nodes) {
    if (!ids.has(node.id)) continue;
    const over = below.get(node.run?.parent ?? "");
    if (over !== undefined) below.set(node.id, over < 0 ? over : over + 1);
    else {
      const isWanted = node.run !== null && listing.suits(node.run) && await listing.wants(tree, node);
      below.set(node.id, isWanted ? 0 : -1);
    }
  }
  if ([...below.values()].some((depth) => depth >= 0)) listing.take();
  return ({ id }) => {
    const depth = below.get(id) ?? -1;
    return depth >= 0 && depth <= listing.deepest;
  };
}
