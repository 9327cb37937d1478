import { ASSET_KINDS, type AssetRecord } from "../records/asset.ts";
import { asFailure } from "../records/as_failure.ts";
import type { Failure } from "../records/failure.ts";
import type { Item, Stream } from "../records/item.ts";
import { jobSchema } from "../records/job.ts";
import { pointsSchema } from "../records/points.ts";
import { Tally } from "../records/tally.ts";
import { keepAsset, wantsKind } from "./asset_selection.ts";
import { HeldLines } from "./held_lines.ts";
import { type Arrival, intake } from "./intake.ts";
import { noteDepth } from "./note_depth.ts";
import type { StageContext } from "./ports.ts";
import type { Selection } from "./selection.ts";
import { type Judgement, TreeJudge } from "./tree_judge.ts";

/** Which trees shall pass. */
export interface FilterOptions {
  readonly selection: Selection;
}

const FILTERED_KINDS = ["job", "points", ...ASSET_KINDS] as const;

/**
 * The fields by which records are judged; whether the others are right is for those to find who use them. Tags are
 * looked at where they are asked for, in whatever shape they are.
 */
const FIELDS = {
  job: jobSchema.pick({
    id: true,
    source: true,
    type: true,
    parent: true,
    root: true,
    depth: true,
    experiment: true,
    status: true,
    archived: true,
    created_at: true,
  }),
  points: pointsSchema.pick({ job: true }),
};

/** What one run of the stage knows. */
interface Filtering {
  readonly tally: Tally;
  readonly judge: TreeJudge;
  readonly held: HeldLines;
  readonly wantsJobs: boolean;
  /** Judges objects beside the jobs. */
  readonly keep: (record: AssetRecord) => boolean;
  /** Noted in the jobs that pass. */
  readonly maxDepth: number | null;
  /** Jobs that were judged. */
  jobs: number;
  /** The record that `points` may follow, and what became of it. */
  owner: { readonly id: string; readonly judgement: Judgement } | null;
}

/**
 * Lets the jobs of the wanted trees pass, and their points; each line goes on as it came, but where a depth is asked
 * for: it is noted in the jobs as `extract` does. Roots are judged by the words of the selection, what lies below them
 * follows. A limit takes the trees that come first, or, where ids are named, those named first, as `extract` does; all
 * jobs are then held until the input has ended. Otherwise only a job that comes before its ancestors is held; when
 * they never came it is judged as a root. Points that do not stand right behind their job, or whose job is left out,
 * are left out. Experiments, models and the like are judged by the words that speak of them. Other kinds, and
 * control records, pass.
 */
export async function* filter(
  input: Stream,
  options: FilterOptions,
  ctx: StageContext,
): AsyncGenerator<readonly Item[], void, undefined> {
  const filtering: Filtering = {
    tally: new Tally("filter"),
    judge: new TreeJudge(options.selection),
    held: new HeldLines(ctx.spool),
    wantsJobs: wantsKind(options.selection, "job"),
    keep: keepAsset(options.selection),
    maxDepth: options.selection.maxDepth,
    jobs: 0,
    owner: null,
  };
  let failure: Failure | null = null;
  try {
    for (const part of [passThrough(input, filtering, ctx), release(filtering, ctx)]) {
      try {
        yield* part;
      } catch (error) {
        // A stage before this one, or the disk: what came is still judged and let pass.
        failure ??= asFailure(error);
      }
    }
  } finally {
    await filtering.held.close();
  }
  const end = filtering.tally.end(failure === null);
  if (failure === null && filtering.jobs > 0 && filtering.wantsJobs && end.counts.out["job"] === undefined) {
    const jobs = filtering.jobs === 1 ? "1 job" : `${filtering.jobs} jobs`;
    ctx.log.warn(`no tree matched: ${jobs} left out`);
  }
  yield [{ record: end }];
  if (failure !== null) throw failure;
}

async function* passThrough(input: Stream, filtering: Filtering, ctx: StageContext): AsyncGenerator<Item[]> {
  for await (const batch of intake(input, FILTERED_KINDS, filtering.tally, ctx, { fields: FIELDS })) {
    const passing: Item[] = [];
    for (const arrival of batch) {
      // Awaited only where something is set aside: a promise a record would cost more than the record.
      const holding = take(arrival, filtering, passing);
      if (holding !== null) await holding;
    }
    if (passing.length > 0) yield passing;
  }
}

/** Takes one arrival: lets it pass, leaves it out, or sets it aside (then the answer is to be awaited). */
function take(
  arrival: Arrival<typeof FILTERED_KINDS[number]>,
  filtering: Filtering,
  passing: Item[],
): Promise<void> | null {
  if (arrival.type === "refused") {
    passing.push(arrival.error);
    return null;
  }
  const { item } = arrival;
  if (arrival.type === "pass") {
    const { kind, id } = item.record;
    if (kind === "unit" && typeof id === "string") filtering.owner = { id, judgement: "kept" };
    passing.push(item);
    return null;
  }
  const { record } = arrival;
  if (record.kind !== "job" && record.kind !== "points") {
    settle(item, filtering.keep(record) ? "kept" : "dropped", filtering, passing);
    return null;
  }
  if (record.kind === "job") {
    filtering.jobs++;
    const judgement = filtering.wantsJobs ? filtering.judge.judge(record) : "dropped";
    filtering.owner = { id: record.id, judgement };
    if (judgement === "held") return filtering.held.hold(item);
    settle(item, judgement, filtering, passing);
    return null;
  }
  const { owner } = filtering;
  const judgement = owner?.id === record.job ? owner.judgement : "dropped";
  if (judgement === "held") return filtering.held.more(item);
  settle(item, judgement, filtering, passing);
  return null;
}

function settle(item: Item, judgement: "kept" | "dropped", filtering: Filtering, passing: Item[]): void {
  const { tally, maxDepth } = filtering;
  if (judgement === "dropped") tally.dropped();
  else {
    tally.out(item.record);
    passing.push(noteDepth(item, maxDepth));
  }
}

/** Lets those of the held lines pass whose jobs turn out to be wanted. */
async function* release(
  { tally, judge, held, maxDepth }: Filtering,
  ctx: StageContext,
): AsyncGenerator<Item[]> {
  const { kept, orphans } = judge.release();
  if (orphans > 0) {
    const jobs = orphans === 1 ? "1 job" : `${orphans} jobs`;
    ctx.log.warn(`${jobs} came without anything above in the stream: judged by their own words, as roots`);
  }
  for await (const batch of held.release(kept)) {
    tally.dropped(batch.dropped);
    for (const { record } of batch.kept) tally.out(record);
    if (batch.kept.length > 0) yield batch.kept.map((item) => noteDepth(item, maxDepth));
  }
}
