import type { Found, Want } from "../stages/ports.ts";
import { type ArmJob, getArmJob } from "./arm_job.ts";
import type { Trouble } from "./data_plane.ts";
import type { Offspring } from "./descendants.ts";
import { FarRuns } from "./far_runs.ts";
import { textAt } from "./json_fields.ts";
import { each, readAhead } from "./read_ahead.ts";
import type { Run } from "./run.ts";
import { growTree, type RunNode } from "./run_tree.ts";
import { factsOf, foundJob, historyFaults, type Readers, type Seed, type Tree } from "./trees.ts";

/** Roots that are read at a time; their trees are whole, though only parts of them may be wanted. */
const ROOTS_AT_A_TIME = 20;

/** A root, and the ids that are wanted of its tree. */
interface Pick {
  readonly root: string;
  readonly ids: Set<string>;
  /** Runs of `ids`, for the case that the root's tree cannot be read. */
  readonly runs: Run[];
}

/**
 * The jobs of given ids, of any depth, with their descendants, each root's together. Their true depth and parents are
 * known because the tree of their root is read (in bulk). An id that neither run history nor ARM has is said as
 * missing. Throws `Failure` only for what hits every request.
 */
export async function* includedJobs(readers: Readers, want: Want): AsyncGenerator<readonly Found[]> {
  const inclusion = new Inclusion(readers, want);
  const picks = await inclusion.picks(want.include ?? []);
  yield* inclusion.unread();
  for (let i = 0; i < picks.length && !inclusion.isDone(); i += ROOTS_AT_A_TIME) {
    yield* inclusion.read(picks.slice(i, i + ROOTS_AT_A_TIME));
  }
}

class Inclusion {
  readonly #readers: Readers;
  readonly #want: Want;
  readonly #far: FarRuns;
  readonly #troubles = new Map<string, Trouble>();
  #left: number;

  constructor(readers: Readers, want: Want) {
    this.#readers = readers;
    this.#want = want;
    this.#far = new FarRuns(readers);
    this.#left = want.limit ?? Infinity;
  }

  isDone(): boolean {
    return this.#left === 0 || this.#readers.plane.signal.aborted;
  }

  /** The roots of the ids, in the order of the ids. An id that run history has not got stands for itself. */
  async picks(ids: readonly string[]): Promise<readonly Pick[]> {
    const { runs, troubles } = await this.#readers.runData.read([...new Set(ids)]);
    const picks = new Map<string, Pick>();
    for (const id of ids) {
      const trouble = troubles.get(id);
      if (trouble !== undefined) {
        this.#troubles.set(id, trouble);
        continue;
      }
      const run = runs.get(id);
      const root = run?.root ?? run?.parent ?? id;
      const pick = picks.get(root) ?? { root, ids: new Set(), runs: [] };
      // The service takes ids in any case; its own spelling is what its tree will hold.
      pick.ids.add(run?.id ?? id);
      if (run !== undefined) pick.runs.push(run);
      picks.set(root, pick);
    }
    return [...picks.values()];
  }

  /** A word about each id that the service could not answer for. */
  *unread(): Generator<readonly Found[]> {
    for (const [id, trouble] of this.#troubles) {
      yield [notThere(id, trouble)];
    }
  }

  async *read(picks: readonly Pick[]): AsyncGenerator<readonly Found[]> {
    const { runs, troubles } = await this.#readers.runData.read(picks.map(({ root }) => root));
    const { concurrency, signal } = this.#readers.plane;
    const near = picks.filter((pick) => !this.#isRootAlone(pick)).map((pick) => ({
      id: pick.root,
      experimentId: experimentOf(runs.get(pick.root) ?? null, pick),
    }));
    const far = await this.#far.read(near);
    const work = (pick: Pick) =>
      this.#readOne(pick, {
        run: runs.get(pick.root) ?? null,
        trouble: troubles.get(pick.root) ?? null,
        far: far.get(pick.root) ?? null,
      });
    for await (const kept of readAhead(each(picks), Math.min(4, concurrency), signal, work)) {
      for (const found of kept) {
        if (this.#left === 0) return;
        this.#left--;
        yield found;
      }
    }
  }

  /** The wanted parts of one tree, each in pre-order; a part that lies within another comes with that. */
  async #readOne(pick: Pick, { run, trouble, far }: RootRead): Promise<(readonly Found[])[]> {
    const arm = pick.ids.has(pick.root) ? await this.#definition(pick.root) : null;
    const job = arm !== null && "job" in arm ? arm.job : null;
    const unread = arm !== null && "trouble" in arm ? arm.trouble : null;
    this.#readers.names.note(run?.experimentId ?? null, textAt(job?.properties ?? null, "experimentName"));
    if (run === null && job === null && pick.runs.length === 0) {
      return [[notThere(pick.root, trouble ?? unread)]];
    }
    const faults = [
      ...(trouble === null ? [] : historyFaults(trouble)),
      ...(unread === null ? [] : [{ part: "definition", ...unread }]),
    ];
    return await this.#parts(await this.#tree({ id: pick.root, run, arm: job, faults }, pick, far), pick);
  }

  async #parts(tree: Tree, pick: Pick): Promise<(readonly Found[])[]> {
    const parts: (readonly Found[])[] = [];
    for (let i = 0; i < tree.nodes.length; i++) {
      const top = tree.nodes[i];
      if (top === undefined || !pick.ids.has(top.id)) continue;
      const depths = depthsBelow(tree.nodes, i, pick.ids);
      i += depths.size - 1;
      if (!await this.#wants(tree, top)) continue;
      const near = [...depths].filter(([, depth]) => depth <= (this.#want.maxDepth ?? Infinity));
      parts.push(await Promise.all(near.map(([node]) => foundJob(this.#readers, tree, node, node === top))));
    }
    return parts;
  }

  #isRootAlone(pick: Pick): boolean {
    return this.#want.maxDepth === 0 && pick.ids.has(pick.root) && pick.ids.size === 1;
  }

  async #tree(root: Seed, pick: Pick, far: Offspring | null): Promise<Tree> {
    if (this.#isRootAlone(pick)) return { root, nodes: growTree(root, []), troubles: [] };
    const found = (await this.#readers.descendants.read(experimentOf(root.run, pick), [root.id])).get(
      root.id,
    );
    // The runs asked for are in the tree even when the query lags behind or their root is gone.
    const runs = [...found?.runs ?? [], ...far?.runs ?? [], ...pick.runs];
    return {
      root,
      nodes: growTree(root, runs),
      troubles: [...found?.troubles ?? [], ...far?.troubles ?? []],
    };
  }

  async #definition(id: string): Promise<{ readonly job: ArmJob | null } | { readonly trouble: Trouble }> {
    try {
      return { job: await getArmJob(this.#readers.plane, id) };
    } catch (error) {
      return { trouble: this.#readers.plane.trouble(error) };
    }
  }

  /** Who is named is given even if archived; `only` asks for archived ones alone. */
  async #wants(tree: Tree, node: RunNode): Promise<boolean> {
    const facts = await factsOf(this.#readers, tree, node);
    return this.#want.keep(facts) && (this.#want.archived !== "only" || facts.archived === true);
  }
}

/** What was read of a root before its tree. */
interface RootRead {
  readonly run: Run | null;
  readonly trouble: Trouble | null;
  readonly far: Offspring | null;
}

function experimentOf(root: Run | null, pick: Pick): string | null {
  return root?.experimentId ?? pick.runs[0]?.experimentId ?? null;
}

/**
 * The node at a place in pre-order and all below it, each with its depth below the nearest node that was asked for:
 * who is named is never cut off by who is named above it.
 */
function depthsBelow(
  nodes: readonly RunNode[],
  at: number,
  named: ReadonlySet<string>,
): ReadonlyMap<RunNode, number> {
  const depths = new Map<RunNode, number>();
  for (const node of nodes.slice(at)) {
    const above = node.parent === null ? undefined : depths.get(node.parent);
    if (above === undefined && depths.size > 0) break;
    depths.set(node, named.has(node.id) ? 0 : (above ?? -1) + 1);
  }
  return depths;
}

function notThere(id: string, trouble: Trouble | null): Found {
  if (trouble !== null) {
    return {
      kind: "missing",
      id,
      ...trouble,
      message: `Job ${id} could not be looked up: ${trouble.message}`,
    };
  }
  return {
    kind: "missing",
    id,
    code: "not_found",
    message: `Neither run history nor ARM has a job ${id} in this workspace`,
    hint: "check the id (it is the job's name, not its display name) and the workspace",
    retryable: false,
  };
}
