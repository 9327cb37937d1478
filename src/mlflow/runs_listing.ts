import { TextMarks } from "../records/text_marks.ts";
import type { Found, Want } from "../stages/ports.ts";
import { runView } from "./experiments_list.ts";
import type { RunReaders } from "./found_runs.ts";
import type { MlflowRun } from "./run_parse.ts";
import type { ChildNode, LeftOver } from "./run_children.ts";
import { isRefusal } from "./run_reads.ts";
import { selectionFacts } from "./run_record.ts";
import { RunFamily } from "./run_tree_family.ts";
import { type DueRun, RunChunks } from "./runs_chunks.ts";
import { lotsOf, type RunsQuery } from "./runs_search.ts";

/** Up to this many trees are wanted so soon that not all children of the server are listed before them. */
const FEW = 10;

/** Runs whose topmost ones are looked up together behind the trees. */
const LEFT_TOGETHER = 100;

type Pages = AsyncGenerator<readonly MlflowRun[] | Found>;

/**
 * The trees of a server: roots by start time, and so those of each experiment; each with all below it, wherever that
 * lies. Behind them what no tree brought: children of runs that are deleted, in a circle, or were never there.
 * A limit that is reached ends it there. Throws `Failure` when nothing can be listed.
 */
export async function* listedRuns(readers: RunReaders, want: Want): AsyncGenerator<readonly Found[]> {
  const view = runView(want.archived);
  const experiments = await readers.experiments.list(view);
  const listing = new RunsListing(readers, want, { experiments, view });
  yield* listing.trees();
  yield* listing.leftOver();
}

class RunsListing {
  readonly #readers: RunReaders;
  readonly #want: Want;
  readonly #where: Omit<RunsQuery, "filter">;
  readonly #family: RunFamily;
  readonly #chunks: RunChunks;
  /** Roots that were met: a list may move while it is paged through. */
  readonly #roots = new TextMarks();
  readonly #isFew: boolean;
  readonly #deepest: number;
  #left: number;

  constructor(readers: RunReaders, want: Want, where: Omit<RunsQuery, "filter">) {
    this.#readers = readers;
    this.#want = want;
    this.#where = where;
    this.#family = new RunFamily(readers.search, where);
    this.#chunks = new RunChunks(readers);
    this.#isFew = want.limit !== null && want.limit <= FEW;
    this.#deepest = want.maxDepth ?? Infinity;
    this.#left = want.limit ?? Infinity;
  }

  async *trees(): AsyncGenerator<readonly Found[]> {
    if (!this.#isFew) await this.#family.all();
    for (const experiments of lotsOf(this.#where.experiments)) {
      for await (const page of this.#pages(experiments)) {
        if ("kind" in page) yield [page];
        else yield* this.#page(page);
        if (this.#isDone()) break;
      }
      if (this.#isDone()) break;
    }
    yield* this.#chunks.flush();
  }

  /** The children that no tree brought, each parent's together. Selection looks at the topmost ones. */
  async *leftOver(): AsyncGenerator<readonly Found[]> {
    if (this.#isDone()) return;
    const children = await this.#family.all();
    const isKnown = this.#isFew
      ? (parent: Parameters<TextMarks["has"]>[0]) => this.#roots.has(parent)
      : undefined;
    let together: LeftOver[] = [];
    for (const left of children.leftOver(isKnown)) {
      together.push(left);
      if (together.reduce((sum, { tops }) => sum + tops.length, 0) < LEFT_TOGETHER) continue;
      yield* this.#strays(together);
      together = [];
      if (this.#isDone()) return;
    }
    yield* this.#strays(together);
  }

  #isDone(): boolean {
    return this.#left <= 0 || this.#readers.reads.signal.aborted;
  }

  /** All runs of some experiments; where the server refuses them together, of each by itself. */
  async *#pages(experiments: readonly string[]): Pages {
    const { reads, search } = this.#readers;
    let isBegun = false;
    try {
      for await (const page of search.pages({ experiments, view: this.#where.view })) {
        isBegun = true;
        yield page;
      }
    } catch (error) {
      if (!isBegun && isRefusal(error) && experiments.length > 1) {
        for (const experiment of experiments) yield* this.#pages([experiment]);
        return;
      }
      if (experiments.length === this.#where.experiments.length) throw error;
      const { message, ...trouble } = reads.trouble(error);
      const which = experiments.length === 1
        ? `experiment ${experiments[0]}`
        : `${experiments.length} experiments`;
      yield { kind: "missing", ...trouble, message: `The runs of ${which} could not be listed: ${message}` };
    }
  }

  async *#page(page: readonly MlflowRun[]): AsyncGenerator<readonly Found[]> {
    const atHand = new Map(page.map((run) => [run.id, run]));
    const children = this.#isFew ? null : await this.#family.all();
    for (const run of page) if (run.parent !== null) children?.add({ ...run, parent: run.parent });
    for (const root of page) {
      if (root.parent !== null || this.#roots.has(root.id)) continue;
      this.#roots.set(root.id);
      const isKept = await this.#wants(root);
      // Children of a root that is not wanted are taken all the same: they are not left over.
      const below = isKept || !this.#isFew ? await this.#below(root) : [];
      if (!isKept) continue;
      this.#left--;
      const top = { id: root.id, experimentId: root.experimentId, root: root.id, depth: 0, run: root };
      const near = this.#near(below).map((node) => ({ ...node, root: root.id, run: atHand.get(node.id) }));
      yield* this.#chunks.add([top, ...near]);
      if (this.#isDone()) break;
    }
  }

  async #below({ id }: MlflowRun): Promise<readonly ChildNode[]> {
    return (await this.#family.around([id], this.#deepest)).below(id);
  }

  #near<T extends { readonly depth: number }>(nodes: readonly T[]): readonly T[] {
    return nodes.filter(({ depth }) => depth <= this.#deepest);
  }

  async #wants(run: MlflowRun): Promise<boolean> {
    return this.#want.keep(selectionFacts(run, await this.#readers.experiments.nameOf(run.experimentId)));
  }

  async *#strays(groups: readonly LeftOver[]): AsyncGenerator<readonly Found[]> {
    const tops = groups.flatMap((group) => group.tops.flatMap(([top]) => top ?? []));
    if (tops.length === 0) return;
    const where = [...new Set(tops.map(({ experimentId }) => experimentId))];
    const { runs } = await this.#readers.lookUp.read(tops.map(({ id }) => id), where);
    for (const group of groups) {
      if (this.#isDone()) break;
      const due: DueRun[] = [];
      for (const nodes of group.tops) {
        const top = runs.get(nodes[0]?.id ?? "");
        // One that could not be looked up is told of when its turn comes.
        if (top !== undefined && !await this.#wants(top)) continue;
        const root = top?.parent ?? null;
        const near = this.#near(nodes.map((node) => ({ ...node, depth: node.depth - 1 })));
        due.push(...near.map((node) => ({ ...node, root, depth: null, run: runs.get(node.id) })));
      }
      if (due.length > 0) this.#left--;
      yield* this.#chunks.add(due);
    }
    yield* this.#chunks.flush();
  }
}
