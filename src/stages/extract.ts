import { asFailure } from "../records/as_failure.ts";
import { assetArtifacts, type AssetKind } from "../records/asset.ts";
import { errorRecord } from "../records/error_record.ts";
import { Failure } from "../records/failure.ts";
import type { AnyRecord, Item } from "../records/item.ts";
import { Tally } from "../records/tally.ts";
import { assetWantOf, wantsKind } from "./asset_selection.ts";
import { gatherAssets, type GatheredAsset } from "./extract_assets.ts";
import { type GatheredJob, gatherJob, type GatherOptions } from "./gather_job.ts";
import { jsonSize } from "./json_size.ts";
import { NamedFiles } from "./named_files.ts";
import type { Fault, Found, Source, StageContext } from "./ports.ts";
import type { Selection } from "./selection.ts";
import { SpoolShelf } from "./spool_shelf.ts";
import { wantOf } from "./want_of.ts";
import { orderedWindow } from "./window.ts";

/** Which jobs to read, how much of each, and how many at a time. */
export interface ExtractOptions extends Omit<GatherOptions, "maxDepth"> {
  readonly selection: Selection;
  readonly concurrency: number;
}

type ReadAsset = Extract<GatheredAsset, { readonly kind: "asset" }>;
type Missing = Found & { readonly kind: "missing" };

/** What the window hands on for each find; null for a job that an interruption came upon. */
type Outcome = { readonly kind: "gathered"; readonly job: GatheredJob } | Missing | null;

/** What one run of the stage knows. */
interface Reading {
  readonly source: Source;
  readonly options: ExtractOptions;
  readonly ctx: StageContext;
  readonly tally: Tally;
  readonly spools: SpoolShelf;
  readonly named: NamedFiles;
  jobs: number;
  /** Records of other kinds. */
  objects: number;
  /** What the source holds and azml does not carry, counted. */
  readonly leftOut: Record<string, number>;
  /** Jobs, or ids, with something that could not be read. */
  faulty: number;
  /** Set when nothing further can be read. */
  fatal: Failure | null;
}

type Batches = AsyncGenerator<readonly Item[], void, undefined>;

/**
 * Reads the jobs of a source as records: each `job` line, behind it its `points` beyond what a line holds, behind
 * them an `error` for each part that could not be read. Jobs are read `concurrency` at a time and come in the
 * source's order; the first leaves before the listing has ended. When the source cannot go on, what was read is
 * emitted, then an `end` with `complete: false`, and its `Failure` is thrown; when the signal aborts, it ends so
 * without throwing.
 */
export async function* extract(source: Source, options: ExtractOptions, ctx: StageContext): Batches {
  const reading: Reading = {
    source,
    options,
    ctx,
    tally: new Tally("extract"),
    spools: new SpoolShelf(ctx.spool),
    named: new NamedFiles(),
    jobs: 0,
    objects: 0,
    leftOut: {},
    faulty: 0,
    fatal: null,
  };
  try {
    yield* records(reading);
  } catch (error) {
    if (!isInterruption(error, ctx.signal)) reading.fatal ??= asFailure(error);
  } finally {
    await reading.spools.close();
  }
  const complete = reading.fatal === null && !ctx.signal.aborted;
  sayWhatIsLeft(reading, complete);
  yield [{ record: endOf(reading, complete) }];
  if (reading.fatal !== null) throw reading.fatal;
}

function endOf({ tally, source, leftOut }: Reading, complete: boolean): AnyRecord {
  const end = tally.end(complete, { calls: source.usage().calls });
  if (Object.keys(leftOut).length === 0) return end;
  return { ...end, counts: { ...end.counts, left_out: leftOut } };
}

/** What others refer to comes first: experiments before their jobs, models behind the jobs that made them. */
async function* records(reading: Reading): Batches {
  yield* assetRecords(["experiment"], reading);
  if (wantsKind(reading.options.selection, "job")) yield* jobsRecords(reading);
  yield* assetRecords(["logged_model"], reading);
  yield* assetRecords(["model", "model_version"], reading);
  await sayWhatIsNotCarried(reading);
}

/** The objects of some kinds, as far as the source has them and they are wanted. */
async function* assetRecords(kinds: readonly AssetKind[], reading: Reading): Batches {
  const { source: { assets }, options, ctx } = reading;
  const wanted = kinds.filter((kind) => assets?.kinds.includes(kind) && wantsKind(options.selection, kind));
  if (assets === undefined || wanted.length === 0) return;
  const want = assetWantOf(options.selection);
  for await (const found of gatherAssets(assets, wanted, want, options.artifacts)) {
    if (reading.fatal !== null || ctx.signal.aborted) return;
    if (found.kind === "missing") yield [missing(found, reading)];
    else yield assetLines(found, reading);
  }
}

function assetLines({ record, faults, fatal }: ReadAsset, reading: Reading): readonly Item[] {
  const { tally, named } = reading;
  const { files, bytes } = named.add(assetArtifacts(record)?.files ?? []);
  tally.files(files, bytes);
  if (faults.length > 0) reading.faulty++;
  reading.fatal ??= fatal;
  reading.objects++;
  return [
    counted({ record }, tally),
    ...faults.map((fault) => errorItem({ ...partNamed(fault), id: record.id })),
  ];
}

/** Says once what the source holds that azml does not carry: on stderr, and in `end`. */
async function sayWhatIsNotCarried(reading: Reading): Promise<void> {
  const { source: { assets }, options, ctx } = reading;
  if (assets === undefined || reading.fatal !== null || options.selection.assets.kinds !== null) return;
  for (const [kind, count] of Object.entries(await assets.leftOut())) {
    if (count > 0) reading.leftOut[kind] = count;
  }
  const parts = Object.entries(reading.leftOut).map(([kind, count]) => `${count} ${kind}`);
  if (parts.length > 0) ctx.log.warn(`left out, as azml does not carry these yet: ${parts.join(", ")}`);
}

async function* jobsRecords(reading: Reading): Batches {
  const { options, ctx } = reading;
  const gather = { ...options, maxDepth: options.selection.maxDepth };
  const outcomes = orderedWindow(
    finds(reading),
    options.concurrency,
    (found) => work(found, gather, reading),
    {
      weigh: (outcome) => outcome?.kind === "gathered" ? weigh(outcome.job) : 0,
      signal: ctx.signal,
    },
  );
  for await (const outcome of outcomes) {
    if (outcome?.kind === "gathered") yield* jobRecords(outcome.job, reading);
    else if (outcome?.kind === "missing") yield [missing(outcome, reading)];
  }
}

/** The finds one by one, until something says that nothing further can be read. */
async function* finds(reading: Reading): AsyncGenerator<Found, void, undefined> {
  for await (const batch of reading.source.jobs(wantOf(reading.options.selection))) {
    for (const found of batch) {
      if (reading.fatal !== null) return;
      yield found;
    }
  }
}

async function work(found: Found, options: GatherOptions, reading: Reading): Promise<Outcome> {
  if (found.kind === "missing") return found;
  const { signal } = reading.ctx;
  try {
    const job = await gatherJob(found.job, options, reading.spools.make);
    // An interruption breaks reading off, in the midst of a history too: such a job is not incomplete, it was not read.
    if (signal.aborted) return null;
    reading.fatal ??= job.fatal;
    return { kind: "gathered", job };
  } catch (error) {
    if (isInterruption(error, signal)) return null;
    throw error;
  }
}

/** A record in memory takes about so many times the characters of its line. */
const MEMORY_A_CHARACTER = 8;

/** Bytes of memory that a job holds until its turn comes, its points in the spool included. */
function weigh({ record, overflow }: GatheredJob): number {
  return jsonSize(record) * MEMORY_A_CHARACTER + (overflow?.size ?? 0);
}

async function* jobRecords({ record, faults, overflow }: GatheredJob, reading: Reading): Batches {
  const { tally, named, ctx } = reading;
  const { files, bytes } = named.add(record.artifacts?.files ?? []);
  tally.files(files, bytes);
  if (faults.length > 0) reading.faulty++;
  const errors = faults.map((fault) => errorItem({ ...partNamed(fault), id: record.id }));
  yield [counted({ record }, tally), ...(overflow === null ? errors : [])];
  if (overflow !== null) {
    for await (const batch of overflow.records()) yield batch.map((item) => counted(item, tally));
    await overflow.close();
    if (errors.length > 0) yield errors;
  }
  ctx.log.progress({ jobs: ++reading.jobs });
}

/** What was asked for and has no record counts as one that came in and failed. */
function missing(found: Missing, reading: Reading): Item {
  reading.tally.in({ kind: "job" });
  reading.tally.failed();
  reading.faulty++;
  return errorItem(found);
}

function counted(item: Item, tally: Tally): Item {
  tally.in(item.record);
  tally.out(item.record);
  return item;
}

/** A fault whose message says the part, which stands beside the message in `incomplete`, too. */
function partNamed(fault: Fault): Fault {
  const { part, message } = fault;
  return message.startsWith(`${part}: `) ? fault : { ...fault, message: `${part}: ${message}` };
}

interface ErrorFacts {
  readonly id?: string;
  readonly part?: string;
  readonly code: string;
  readonly message: string;
  readonly hint?: string;
  readonly retryable: boolean;
}

function errorItem({ id, part, code, message, hint, retryable }: ErrorFacts): Item {
  return { record: errorRecord({ stage: "extract", id, part, code, message, hint, retryable }) };
}

/** Says on stderr what the records alone do not hold. */
function sayWhatIsLeft({ options, named, jobs, objects, faulty, ctx }: Reading, complete: boolean): void {
  const { archived } = wantOf(options.selection);
  const leftOut = archived === "exclude" && options.selection.archived === null;
  const hint = leftOut ? "archived jobs are left out (--archived include)" : null;
  if (complete && jobs === 0 && objects === 0 && faulty === 0) {
    ctx.log.warn(`no tree matched${hint === null ? "" : `; ${hint}`}`);
  } else {
    const parts = [options.artifacts ? named.sentence() : null, hint].filter((part) => part !== null);
    if (parts.length > 0) ctx.log.info(parts.join("; "));
  }
  if (faulty > 0) {
    const what = faulty === 1 ? "1 job" : `${faulty} jobs`;
    ctx.log.warn(`${what} could not be read, or not wholly: error records in the stream say what and why`);
  }
}

/** Whether an error only says that a request was broken off by the interruption. */
function isInterruption(error: unknown, signal: AbortSignal): boolean {
  if (!signal.aborted) return false;
  return error instanceof Failure || error === signal.reason ||
    (error instanceof Error && error.name === "AbortError");
}
