import type { Fault, Found, FoundJob, RootFacts } from "../stages/ports.ts";
import { ROUTES } from "../wire/routes.ts";
import { readArtifacts } from "./artifacts_read.ts";
import type { DataPlane, Trouble } from "./data_plane.ts";
import { Descendants, type Offspring } from "./descendants.ts";
import { ExperimentNames } from "./experiment_names.ts";
import type { FarRuns } from "./far_runs.ts";
import { textAt } from "./json_fields.ts";
import { readMetrics } from "./metrics_read.ts";
import { RunData } from "./run_data.ts";
import { runRecord, selectionFacts } from "./run_record.ts";
import { growTree, type RunNode, type TreeRoot } from "./run_tree.ts";

/** A root whose tree is to be read. */
export interface Seed extends TreeRoot {
  /** What could not be read of it so far. */
  readonly faults: readonly Fault[];
}

/** A tree as it was read: its nodes in pre-order, and what may be missing from it. */
export interface Tree {
  readonly root: Seed;
  readonly nodes: readonly RunNode[];
  readonly troubles: readonly Trouble[];
}

/** Everything that a source reads with. */
export interface Readers {
  readonly plane: DataPlane;
  readonly runData: RunData;
  readonly descendants: Descendants;
  readonly names: ExperimentNames;
}

/** The readers of a workspace; what one of them learns of the service (a refused way of asking) it keeps. */
export function createReaders(plane: DataPlane): Readers {
  return {
    plane,
    names: new ExperimentNames(plane),
    runData: new RunData(plane),
    descendants: new Descendants(plane),
  };
}

const NOTHING: Offspring = { runs: [], troubles: [] };

/** How the trees of some roots are read. */
export interface TreesWanted {
  /** False reads no descendants. */
  readonly deep: boolean;
  /** Looks in the other experiments too; null leaves what lies there to a later pass. */
  readonly far: FarRuns | null;
}

/** The trees of roots of one experiment; without descendants when none are wanted. */
export async function readTrees(
  { descendants }: Readers,
  experimentId: string | null,
  seeds: readonly Seed[],
  { deep, far }: TreesWanted,
): Promise<Tree[]> {
  const ids = deep ? seeds.filter(({ run }) => run !== null).map(({ id }) => id) : [];
  const near = ids.length === 0 ? null : await descendants.read(experimentId, ids);
  const others = ids.length === 0 ? null : await far?.read(ids.map((id) => ({ id, experimentId })));
  return seeds.map((root) => {
    const [here, there] = [near?.get(root.id) ?? NOTHING, others?.get(root.id) ?? NOTHING];
    const nodes = growTree(root, [...here.runs, ...there.runs]);
    return { root, nodes, troubles: [...here.troubles, ...there.troubles] };
  });
}

/** What selection looks at of a node. */
export async function factsOf(readers: Readers, tree: Tree, node: RunNode): Promise<RootFacts> {
  return selectionFacts(node, (await experimentOf(readers, tree, node)).name);
}

/** The found job of a node of a tree; what the tree lacks is said at its top, or at the top of a part of it. */
export async function foundJob(readers: Readers, tree: Tree, node: RunNode, isTop: boolean): Promise<Found> {
  const { plane } = readers;
  const { name, trouble } = await experimentOf(readers, tree, node);
  const record = runRecord(node, { source: plane.workspace.id, root: tree.root.id, experiment: name });
  const faults = [
    ...(trouble === null ? [] : [{ part: "definition", ...trouble }]),
    ...(isTop ? topFaults(tree) : []),
  ];
  return { kind: "job", job: jobOf(plane, node, record, faults) };
}

/** Keeps ids alone for the calls to come, so that the tree can be forgotten. */
function jobOf(
  plane: DataPlane,
  node: RunNode,
  record: FoundJob["record"],
  faults: FoundJob["faults"],
): FoundJob {
  const run = node.id;
  const since = node.run?.startedAt ?? node.run?.createdAt ?? null;
  const container = node.run?.dataContainerId ?? `dcid.${run}`;
  // A job that only ARM knows was never in run history.
  const isThere = node.run === null ? () => Promise.resolve(true) : () => isRunThere(plane, run);
  return {
    record,
    faults,
    metrics: (mode) => readMetrics(plane, { run, container, isThere, since }, mode),
    artifacts: () => readArtifacts(plane, container),
  };
}

async function isRunThere(plane: DataPlane, runId: string): Promise<boolean> {
  const { status } = await plane.ask(ROUTES.history.run, { runId }, { accept: [404] });
  return status !== 404;
}

async function experimentOf(
  { names }: Readers,
  tree: Tree,
  node: RunNode,
): Promise<{ readonly name: string | null; readonly trouble: Trouble | null }> {
  const own = textAt(node.arm?.properties ?? null, "experimentName");
  const id = node.run?.experimentId ?? tree.root.run?.experimentId ?? null;
  if (own !== null || id === null) return { name: own, trouble: null };
  const known = await names.nameOf(id);
  return "trouble" in known ? { name: null, trouble: known.trouble } : { name: known.name, trouble: null };
}

function topFaults({ root, troubles }: Tree): readonly Fault[] {
  const [first] = troubles;
  return first === undefined ? root.faults : [...root.faults, { part: "children", ...first }];
}

/** What is missing from a root that run history could not be asked about: what only it knows, and the descendants. */
export function historyFaults(trouble: Trouble): readonly Fault[] {
  return [{ part: "params", ...trouble }, { part: "children", ...trouble }];
}
