import { textHash } from "../records/text_marks.ts";
import { type Experiment, runsOf } from "./all_runs.ts";
import type { Group, Listing } from "./listing.ts";
import type { Run } from "./run.ts";
import { rootIdOf } from "./run_tree.ts";
import type { Fate, UnseenChildren } from "./seen_runs.ts";
import { strayTree } from "./stray_tree.ts";

/** Strays that are held at a time; where there are more, the experiments are paged through once more for each lot. */
const AT_A_TIME = 5_000;

/**
 * The runs that no tree of a listing brought: children in another experiment than their root's, children that a query
 * missed, children of deleted roots. Those of one root come together, parents before children. Strays below a kept
 * root belong to its tree; the others are judged by selection on their own facts, and count as one tree a root.
 * Throws `Failure` only for what hits every request.
 */
export async function* strayRuns(
  listing: Listing,
  unseen: ReadonlyMap<Experiment, UnseenChildren>,
  atATime = AT_A_TIME,
): AsyncGenerator<Group> {
  const counts = [...unseen].map(([experiment, children]) => ({
    experiment,
    count: children.count((id, root) => isStray(listing, listing.seen.fate(id), listing.seen.fate(root))),
  })).filter(({ count }) => count > 0);
  const lots = Math.ceil(counts.reduce((sum, { count }) => sum + count, 0) / atATime);
  for (let lot = 0; lot < lots; lot++) {
    const roots = new Map<string, Map<string, Run>>();
    for (const { experiment } of counts) {
      for await (const page of runsOf(listing.readers.plane, experiment)) {
        if ("missing" in page) yield page;
        else collect(listing, roots, page.runs.filter((run) => lotOf(run, lots) === lot));
      }
    }
    yield* trees(listing, roots);
  }
}

function isStray(listing: Listing, fate: Fate | undefined, rootFate: Fate | undefined): boolean {
  if (fate !== undefined && fate !== "listed") return false;
  if (rootFate === "skipped") return false;
  return rootFate === undefined || rootFate === "listed" || listing.deepest > 0;
}

/** All strays of a root are in one lot. */
function lotOf(run: Run, lots: number): number {
  return (textHash(rootIdOf(run)).low >>> 0) % lots;
}

function collect(listing: Listing, roots: Map<string, Map<string, Run>>, runs: readonly Run[]): void {
  for (const run of runs) {
    const root = rootIdOf(run);
    if (run.parent === null || !isStray(listing, listing.seen.fate(run.id), listing.seen.fate(root))) {
      continue;
    }
    const strays = roots.get(root) ?? new Map<string, Run>();
    strays.set(run.id, run);
    roots.set(root, strays);
  }
}

/** Looks up who is above the strays (for their roles, and to see whether a root is gone), and makes their trees. */
async function* trees(
  listing: Listing,
  roots: ReadonlyMap<string, ReadonlyMap<string, Run>>,
): AsyncGenerator<Group> {
  const above = new Set<string>();
  for (const [root, strays] of roots) {
    above.add(root);
    for (const { parent } of strays.values()) if (parent !== null && !strays.has(parent)) above.add(parent);
  }
  const { runs } = await listing.readers.runData.read([...above]);
  for (const [root, strays] of [...roots].sort(([a], [b]) => rank(listing, a) - rank(listing, b))) {
    if (listing.isFull && rank(listing, root) > 0) return;
    const group = await strayTree(listing, root, [...strays.values()], runs);
    if (group === null) continue;
    for (const { id } of group.nodes) if (id !== root) listing.seen.note(id, "given");
    yield group;
  }
}

/** What belongs to kept trees comes first, and whatever the limit. */
function rank({ seen }: Listing, root: string): number {
  const fate = seen.fate(root);
  return fate === "kept" || fate === "given" ? 0 : 1;
}
