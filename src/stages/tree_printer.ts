import { renderTree } from "./render_tree.ts";
import { type TreeNode, treeNode, type TreeRecord } from "./tree_node.ts";

/**
 * Draws the trees of a stream as they pass: it holds the lines of one tree and gives them out when the next one
 * begins, so memory is that of the largest tree. What comes apart from its tree is drawn apart, and says below what
 * it belongs.
 */
export class TreePrinter {
  #nodes: TreeNode[] = [];
  readonly #ids = new Set<string>();
  #root: string | null = null;
  #trees = 0;

  /** How many trees were begun. */
  get trees(): number {
    return this.#trees;
  }

  /** Takes the next record; answers the lines of the tree that it ends, without newlines. */
  add(record: TreeRecord): readonly string[] {
    const node = treeNode(record);
    const lines = this.#belongs(node) ? [] : this.finish();
    if (this.#nodes.length === 0) {
      this.#root = node.root ?? node.id;
      this.#trees++;
    }
    this.#nodes.push(node);
    this.#ids.add(node.id);
    return lines;
  }

  /** The lines of the tree that is held. */
  finish(): readonly string[] {
    const lines = renderTree(this.#nodes);
    this.#nodes = [];
    this.#ids.clear();
    return lines;
  }

  #belongs(node: TreeNode): boolean {
    if (node.root !== null && node.root === this.#root) return true;
    return node.parent !== null && this.#ids.has(node.parent);
  }
}
