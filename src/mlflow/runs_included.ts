import type { Found, Want } from "../stages/ports.ts";
import { runView } from "./experiments_list.ts";
import type { RunReaders } from "./found_runs.ts";
import type { RunChildren } from "./run_children.ts";
import type { MlflowRun } from "./run_parse.ts";
import { selectionFacts } from "./run_record.ts";
import { RunFamily } from "./run_tree_family.ts";
import { notThere } from "./runs_by_id.ts";
import { type DueRun, RunChunks } from "./runs_chunks.ts";

/** A way up longer than this is a circle, or no way that anybody made. */
const MOST_ABOVE = 100;

/** The runs above one, nearest first; whether the last of them is a root. */
interface Ancestry {
  readonly ids: readonly string[];
  readonly isWhole: boolean;
}

/**
 * The runs of given ids, of any depth, with what hangs below them, in the order of the ids; one that hangs below
 * another comes with that. An id that is not there is said as missing. Throws `Failure` only for what hits every
 * request.
 */
export async function* includedRuns(readers: RunReaders, want: Want): AsyncGenerator<readonly Found[]> {
  const ids = [...new Set(want.include ?? [])];
  const { runs, troubles } = await readers.lookUp.read(ids);
  const missing = ids.filter((id) => !runs.has(id)).map((id) => notThere(id, troubles.get(id)));
  if (missing.length > 0) yield missing;
  const above = await ancestries(readers, [...runs.values()]);
  const tops = ids.flatMap((id) => runs.get(id) ?? [])
    .filter(({ id }) =>
      !(above.get(id)?.ids.some((one) => runs.has(one) && one !== id) ?? false) || isCircle(above, id)
    );
  const chunks = new RunChunks(readers);
  const children = await childrenOf(readers, want, tops);
  let left = want.limit ?? Infinity;
  for (const top of tops) {
    if (left <= 0 || readers.reads.signal.aborted) break;
    if (!await isWanted(readers, want, top)) continue;
    left--;
    yield* chunks.add(
      partOf(top, { children, named: runs, above: above.get(top.id), deepest: want.maxDepth }),
    );
  }
  yield* chunks.flush();
}

/** Named runs that are in a circle of parents hang below one another: each stands for itself. */
function isCircle(above: ReadonlyMap<string, Ancestry>, id: string): boolean {
  return above.get(id)?.ids.includes(id) ?? false;
}

async function childrenOf(
  { experiments, search }: RunReaders,
  want: Want,
  tops: readonly MlflowRun[],
): Promise<RunChildren | null> {
  if (tops.length === 0 || want.maxDepth === 0) return null;
  const view = runView(want.archived);
  const family = new RunFamily(search, { experiments: await experiments.list(view), view });
  return await family.around(tops.map(({ id }) => id), want.maxDepth ?? Infinity);
}

/** Who is named is given even if deleted; `only` asks for deleted ones alone. */
async function isWanted({ experiments }: RunReaders, want: Want, run: MlflowRun): Promise<boolean> {
  if (want.archived === "only" && !run.isDeleted) return false;
  return want.keep(selectionFacts(run, await experiments.nameOf(run.experimentId)));
}

interface Part {
  readonly children: RunChildren | null;
  readonly named: ReadonlyMap<string, MlflowRun>;
  readonly above: Ancestry | undefined;
  readonly deepest: number | null;
}

/** A named run and what is wanted below it. Who is named is never cut off by who is named above it. */
function partOf(top: MlflowRun, { children, named, above, deepest }: Part): DueRun[] {
  const base = above === undefined || !above.isWhole ? null : above.ids.length;
  const root = above?.ids.at(-1) ?? (top.parent ?? top.id);
  const due: DueRun[] = [{ id: top.id, experimentId: top.experimentId, root, depth: base, run: top }];
  /** Depth below the nearest named run, by depth below the top. */
  const reach: number[] = [0];
  for (const { id, experimentId, depth } of children?.below(top.id) ?? []) {
    if (id === top.id) continue;
    const near = named.has(id) ? 0 : (reach[depth - 1] ?? 0) + 1;
    reach[depth] = near;
    if (near > (deepest ?? Infinity)) continue;
    due.push({ id, experimentId, root, depth: base === null ? null : base + depth, run: named.get(id) });
  }
  return due;
}

/** Who is above each of some runs, level by level in bulk. */
async function ancestries(
  { lookUp, reads }: RunReaders,
  runs: readonly MlflowRun[],
): Promise<ReadonlyMap<string, Ancestry>> {
  const parents = new Map<string, string | null>(runs.map(({ id, parent }) => [id, parent]));
  let unknown = runs.flatMap(({ parent }) => parent ?? []).filter((id) => !parents.has(id));
  for (let level = 0; unknown.length > 0 && level < MOST_ABOVE && !reads.signal.aborted; level++) {
    const found = await lookUp.read([...new Set(unknown)]);
    const next: string[] = [];
    for (const { id, parent } of found.runs.values()) {
      parents.set(id, parent);
      if (parent !== null && !parents.has(parent)) next.push(parent);
    }
    unknown = next;
  }
  return new Map(runs.map(({ id }) => [id, wayUp(id, parents)]));
}

function wayUp(id: string, parents: ReadonlyMap<string, string | null>): Ancestry {
  const ids: string[] = [];
  let parent = parents.get(id);
  while (typeof parent === "string" && ids.length < MOST_ABOVE) {
    if (ids.includes(parent)) return { ids, isWhole: false };
    ids.push(parent);
    parent = parents.get(parent);
  }
  return { ids, isWhole: parent === null };
}
