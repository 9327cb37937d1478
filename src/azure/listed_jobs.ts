import type { Found, Want } from "../stages/ports.ts";
import { type ArmJob, listArmJobs } from "./arm_job.ts";
import { BareRuns } from "./bare_runs.ts";
import { textAt } from "./json_fields.ts";
import { type Group, Listing } from "./listing.ts";
import { readAhead } from "./read_ahead.ts";
import { strayRuns } from "./stray_runs.ts";
import { historyFaults, type Readers, type Seed } from "./trees.ts";

/** Pages of the list, and groups of trees, that are read at a time; each holds definitions or whole trees. */
const AHEAD = 4;
/** Jobs that are looked up together at most. */
const JOBS_TOGETHER = 100;
/** Up to this many trees are wanted so soon that nothing is read ahead of them. */
const FEW = 25;

/**
 * The trees of a workspace: first those of the jobs that ARM lists, then those of the runs that only run history
 * knows, then the runs that no tree brought: children in another experiment than their root's, children of deleted
 * roots, children that a query missed. A limit that is reached ends it there; trees of a limited listing are therefore
 * read with what lies of them in other experiments. Throws `Failure` when ARM's list breaks
 * off, and for what hits every request.
 */
export async function* listedJobs(readers: Readers, want: Want): AsyncGenerator<readonly Found[]> {
  const listing = new Listing(readers, want);
  if (listing.isFull) return;
  const bare = new BareRuns(listing);
  // One pass is settled before the next begins: what it gave is known then.
  for (const pass of [() => jobTrees(listing), () => bare.groups()]) {
    yield* readGroups(listing, pass());
    if (readers.plane.signal.aborted) return;
    if (listing.isFull) return;
  }
  yield* readGroups(listing, strayRuns(listing, bare.unseen));
}

async function* readGroups(
  listing: Listing,
  groups: AsyncGenerator<Group>,
): AsyncGenerator<readonly Found[]> {
  const { signal } = listing.readers.plane;
  for await (const found of readAhead(groups, width(listing), signal, (group) => listing.read(group))) {
    if (found.length > 0) yield found;
  }
}

function width({ left, readers }: Listing): number {
  return left <= FEW ? 1 : Math.min(AHEAD, readers.plane.concurrency);
}

/** Kept roots of ARM's list in groups, the limit applied. */
async function* jobTrees(listing: Listing): AsyncGenerator<Group> {
  const { plane } = listing.readers;
  const look = (jobs: readonly ArmJob[]) => lookUp(listing, jobs);
  for await (const seeds of readAhead(newJobs(listing), width(listing), plane.signal, look)) {
    yield* listing.grouped(await listing.kept(seeds));
    if (listing.isFull) return;
  }
}

/**
 * Jobs not seen before (a list may move while it is paged through), at first page by page so that the first trees
 * leave at once, then ever more pages together, because the calls behind are bulk and pages may be small.
 */
async function* newJobs(listing: Listing): AsyncGenerator<readonly ArmJob[]> {
  let together = 1;
  let jobs: ArmJob[] = [];
  for await (const page of listArmJobs(listing.readers.plane, listing.want.archived)) {
    jobs.push(...page.filter(({ id }) => listing.seen.list(id)));
    if (jobs.length < together) continue;
    yield jobs;
    jobs = [];
    if (listing.left > FEW) together = Math.min(together * 2, JOBS_TOGETHER);
  }
  if (jobs.length > 0) yield jobs;
}

/** Jobs with their runs. A job whose run has a parent comes with that parent's tree. */
async function lookUp(
  { readers: { runData, names }, seen }: Listing,
  jobs: readonly ArmJob[],
): Promise<readonly Seed[]> {
  const { runs, troubles } = await runData.read(jobs.map(({ id }) => id));
  const seeds: Seed[] = [];
  for (const arm of jobs) {
    const run = runs.get(arm.id) ?? null;
    names.note(run?.experimentId ?? null, textAt(arm.properties, "experimentName"));
    if ((run?.parent ?? null) !== null) continue;
    // ARM takes names in any case: run history's spelling is the one that children and containers refer to.
    if (run !== null && run.id !== arm.id && !seen.list(run.id)) continue;
    const trouble = troubles.get(arm.id);
    const faults = trouble === undefined ? [] : historyFaults(trouble);
    seeds.push({ id: run?.id ?? arm.id, arm, run, faults });
  }
  return seeds;
}
