import type { ArmJob } from "./arm_job.ts";
import type { Run } from "./run.ts";
import { serviceMilliseconds } from "./service_time.ts";

/** One run of a tree. */
export interface RunNode {
  readonly id: string;
  /** Null when only ARM knows the job. */
  readonly run: Run | null;
  readonly arm: ArmJob | null;
  readonly parent: RunNode | null;
  /** 0 for the root; null when the way up to the root is not known. */
  readonly depth: number | null;
  readonly children: readonly RunNode[];
}

/** The root of a tree, before its descendants are known. */
export interface TreeRoot {
  readonly id: string;
  readonly run: Run | null;
  readonly arm: ArmJob | null;
}

/** A node while its tree grows. */
interface Growing extends RunNode {
  parent: RunNode | null;
  depth: number | null;
  children: Growing[];
}

/**
 * Puts the runs of one root into pre-order: a parent before its children, siblings by creation time and then id.
 * `runs` come in any order and may hold the root's own run. Runs whose parent is not among them, or whose parents
 * lead in a circle, come last, with what hangs below them, and without a depth. Without a root (null: it is gone)
 * that is all of them.
 */
export function growTree(root: TreeRoot | null, runs: readonly Run[]): readonly RunNode[] {
  const nodes = new Map<string, Growing>();
  if (root !== null) nodes.set(root.id, { ...root, parent: null, depth: 0, children: [] });
  for (const run of runs) {
    if (!nodes.has(run.id)) {
      nodes.set(run.id, { id: run.id, run, arm: null, parent: null, depth: null, children: [] });
    }
  }
  const strays: Growing[] = [];
  for (const node of nodes.values()) {
    if (node.id === root?.id) continue;
    const parent = nodes.get(node.run?.parent ?? "");
    if (parent === undefined) strays.push(node);
    else {
      node.parent = parent;
      parent.children.push(node);
    }
  }
  const ordered: Growing[] = [];
  const seen = new Set<string>();
  // Who is still unseen after the root and the strays hangs in a circle of parents.
  const all = [...nodes.values()];
  for (const top of [...all.slice(0, root === null ? 0 : 1), ...strays.sort(byCreation), ...all]) {
    descend(top, ordered, seen);
  }
  return ordered;
}

/** The id of the tree that a run with a parent belongs to; the parent's where the service does not tell. */
export function rootIdOf({ id, root, parent }: Run): string {
  return (root === id ? null : root) ?? parent ?? id;
}

function descend(top: Growing, ordered: Growing[], seen: Set<string>): void {
  const stack = [top];
  for (let node = stack.pop(); node !== undefined; node = stack.pop()) {
    if (seen.has(node.id)) continue;
    seen.add(node.id);
    const above = node === top ? null : node.parent?.depth ?? null;
    if (above !== null) node.depth = above + 1;
    ordered.push(node);
    stack.push(...node.children.sort(byCreation).reverse());
  }
}

function byCreation(a: RunNode, b: RunNode): number {
  const byTime = (serviceMilliseconds(a.run?.createdAt ?? null) ?? 0) -
    (serviceMilliseconds(b.run?.createdAt ?? null) ?? 0);
  return byTime || (a.id < b.id ? -1 : a.id > b.id ? 1 : 0);
}
