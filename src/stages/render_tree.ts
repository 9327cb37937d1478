import type { TreeNode } from "./tree_node.ts";

/** A node with the text that stands before its own line, and before those of what hangs below it. */
interface Placed {
  readonly node: TreeNode;
  readonly before: string;
  readonly below: string;
}

/**
 * Draws nodes as trees, a line each: `├─` and `└─` before what hangs below another node, in the order given. Nodes
 * whose parent is not among them, or whose parents go round in a circle, stand at the left and say so.
 */
export function renderTree(nodes: readonly TreeNode[]): string[] {
  const ids = new Set(nodes.map(({ id }) => id));
  const children = new Map<string, TreeNode[]>();
  const tops: TreeNode[] = [];
  for (const node of nodes) {
    if (node.parent === null || !ids.has(node.parent)) tops.push(node);
    else if (children.has(node.parent)) children.get(node.parent)?.push(node);
    else children.set(node.parent, [node]);
  }
  const drawn = new Set<TreeNode>();
  const lines = tops.flatMap((top) => drawFrom(top, children, drawn));
  // Whatever no top leads to hangs in a circle: it is opened at its first node.
  for (const node of nodes) if (!drawn.has(node)) lines.push(...drawFrom(node, children, drawn));
  return lines;
}

/** The lines of a top and all below it. Without recursion, as a chain may be deeper than the stack. */
function drawFrom(
  top: TreeNode,
  children: ReadonlyMap<string, readonly TreeNode[]>,
  drawn: Set<TreeNode>,
): string[] {
  const lines: string[] = [];
  const left: Placed[] = [{ node: top, before: "", below: "" }];
  for (let next = left.pop(); next !== undefined; next = left.pop()) {
    const { node, before, below } = next;
    if (drawn.has(node)) continue;
    drawn.add(node);
    const lost = node === top && node.parent !== null
      ? `  (below ${node.parent}, which is not above it here)`
      : "";
    lines.push(`${before}${node.text}${lost}`);
    const under = children.get(node.id) ?? [];
    // The last of them goes on the pile first, so that the first is taken next.
    under.toReversed().forEach((child, at) => {
      const [branch, trunk] = at === 0 ? ["└─ ", "   "] : ["├─ ", "│  "];
      left.push({ node: child, before: below + branch, below: below + trunk });
    });
  }
  return lines;
}
