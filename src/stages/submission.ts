import { errorRecord, failureRecord } from "../records/error_record.ts";
import { Failure } from "../records/failure.ts";
import type { Item } from "../records/item.ts";
import type { Outcome, ReceiptRecord } from "../records/receipt.ts";
import type { Tally } from "../records/tally.ts";
import type { UnitRecord } from "../records/unit.ts";
import type { Carried } from "./carry_unit.ts";
import { filesFailed } from "./files_failed.ts";
import { MadeUnits } from "./made_units.ts";
import type { SpoolMaker, StageContext, Target } from "./ports.ts";
import type { SubmitSettings } from "./submit_options.ts";
import { SubmitSums } from "./submit_sums.ts";

/** How one unit ended. */
export interface Settled {
  readonly outcome: Outcome;
  /** Id in the target; null when nothing was made. */
  readonly target: string | null;
  readonly reason?: string;
  /** What the unit landed with; null when it did not land whole. */
  readonly digest: string | null;
  readonly failure?: Failure;
}

const NAMED = 3;

/** What one run of `submit` knows: its surroundings, the units so far, and whether it goes on. */
export class Submission {
  readonly target: Target;
  readonly settings: SubmitSettings;
  readonly made = new MadeUnits();
  /** Aborts when nothing new shall start, whoever decided it. */
  readonly signal: AbortSignal;
  /** For points that wait until it is known what becomes of their unit. */
  readonly spool: SpoolMaker;
  readonly #ctx: StageContext;
  readonly #tally: Tally;
  readonly #stop = new AbortController();
  readonly #sums = new SubmitSums();
  readonly #unsupported = new Map<string, number>();
  readonly #orphans: string[] = [];
  #orphanCount = 0;
  /** Bytes of the files of jobs, as the receipts and `end` count them: without azml's own small files. */
  #bytes = 0;
  #trees = 0;
  /** Whether anything that changes the target was sent. */
  hasSent = false;
  /** Set when the target cannot be worked with any more. */
  fatal: Failure | null = null;

  constructor(target: Target, settings: SubmitSettings, tally: Tally, ctx: StageContext) {
    this.target = target;
    this.settings = settings;
    this.#tally = tally;
    this.#ctx = ctx;
    this.spool = ctx.spool;
    this.signal = AbortSignal.any([ctx.signal, this.#stop.signal]);
  }

  /** Whether `--limit` leaves a unit out; counts trees in the order in which units start. */
  isBeyondLimit(unit: UnitRecord): boolean {
    if (this.settings.limit === Infinity) return false;
    const parent = unit.parent_target ?? null;
    const isRoot = parent === null || this.made.fate(parent) === undefined;
    const isBeyond = isRoot ? ++this.#trees > this.settings.limit : this.made.isLimited(parent);
    if (isBeyond) this.made.limit(unit.target_name);
    return isBeyond;
  }

  /** Whether a unit would be copied into the very workspace that it comes from, and that was not asked for. */
  comesFromTarget({ origin: { source } }: UnitRecord): boolean {
    return !this.settings.intoItself && source?.toLowerCase() === this.target.id.toLowerCase();
  }

  /** Notes a unit whose parent is neither in the stream nor in the target. */
  noteOrphan(unit: UnitRecord): void {
    this.#orphanCount++;
    if (this.#orphans.length < NAMED) this.#orphans.push(unit.origin.id);
  }

  /** Notes a unit of a kind that the target cannot hold. */
  noteUnsupported({ role }: UnitRecord): void {
    this.#unsupported.set(role, (this.#unsupported.get(role) ?? 0) + 1);
  }

  /** Counts a unit and its points, decides whether to go on, and answers the lines to write. */
  settle(unit: UnitRecord, points: number, settled: Settled, carried: Carried): readonly Item[] {
    const receipt = this.#receipt(unit, settled, carried);
    const { outcome, failure } = settled;
    this.#sums.add(unit, receipt);
    if (!this.settings.dryRun) {
      const { files, bytes } = carried.artifacts;
      this.#tally.files(files, bytes);
      this.#bytes += bytes;
    }
    if (outcome === "failed") this.#tally.failed(1 + points);
    else {
      this.#tally.out(receipt);
      if (outcome === "skipped") this.#tally.dropped(points);
      else for (let i = 0; i < points; i++) this.#tally.out({ kind: "points" });
    }
    this.#ctx.log.progress({ units: this.#sums.units, failed: this.#sums.count("failed") });
    if (failure !== undefined || carried.artifacts.failed.length > 0) this.#judge(failure);
    return [{ record: receipt }, ...this.#errors(unit, settled, carried)];
  }

  /** Says on stderr what became of everything. */
  summarize(): void {
    const { calls } = this.target.usage();
    const would = this.settings.dryRun ? " (dry run: nothing was changed)" : "";
    this.#ctx.log.info(
      [
        `${this.#sums.unitsLine()}${would}`,
        `${calls} calls, ${this.#bytes} bytes of artifacts in place`,
        ...this.#sums.notes(),
      ].join("; "),
    );
    for (const [role, n] of this.#unsupported) {
      this.#ctx.log.warn(`${n} of kind ${role} skipped: the target cannot hold them`);
    }
    if (this.#orphanCount === 0) return;
    const more = this.#orphanCount > NAMED ? ", ..." : "";
    this.#ctx.log.warn(
      `${this.#orphanCount} units name a parent that is neither in the stream nor in the target ` +
        `(${this.#orphans.join(", ")}${more}): they are roots there`,
    );
  }

  #receipt(unit: UnitRecord, settled: Settled, carried: Carried): ReceiptRecord {
    const { outcome, target, reason, failure } = settled;
    const { files, bytes, failed } = carried.artifacts;
    return {
      kind: "receipt",
      v: 1,
      unit: unit.id,
      original: unit.origin.id,
      target,
      outcome,
      ...(reason === undefined ? {} : { reason }),
      steps: carried.steps,
      artifacts: { files, bytes, failed: failed.map(({ path, code, message }) => ({ path, code, message })) },
      loss: carried.loss,
      ...(this.settings.dryRun ? { dry_run: true } : {}),
      ...(failure === undefined ? {} : { error: errorOf(failure) }),
    };
  }

  #errors(unit: UnitRecord, { failure }: Settled, { artifacts }: Carried): Item[] {
    const about = { stage: this.#tally.stage, id: unit.id };
    if (failure !== undefined) return [{ record: failureRecord(failure, about) }];
    if (artifacts.failed.length === 0) return [];
    this.#tally.incomplete();
    return [{ record: errorRecord({ ...about, ...filesFailed(unit, artifacts.failed) }) }];
  }

  #judge(failure: Failure | undefined): void {
    if (failure !== undefined && failure.facts.reach !== "record") this.fatal ??= failure;
    const failures = this.#sums.troubles;
    if (this.fatal === null && failures < this.settings.failuresAllowed) return;
    if (this.fatal === null && !this.signal.aborted) {
      this.#ctx.log.warn(`${failures} units failed or lack files: nothing new is started, as was asked for`);
    }
    this.#stop.abort();
  }
}

function errorOf(failure: Failure): NonNullable<ReceiptRecord["error"]> {
  const { code, hint, retryable } = failure.facts;
  return { code, message: failure.message, ...(hint === undefined ? {} : { hint }), retryable };
}
