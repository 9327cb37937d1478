import type { DiffRecord, FieldDiff } from "../records/diff.ts";
import { failureRecord } from "../records/error_record.ts";
import { Failure } from "../records/failure.ts";
import type { Item } from "../records/item.ts";
import { sourceTag } from "../records/lineage_tags.ts";
import type { Tally } from "../records/tally.ts";
import { TextMarks } from "../records/text_marks.ts";
import type { For, UnitRecord } from "../records/unit.ts";
import type { FoundJob, Source, StageContext } from "./ports.ts";
import { HeldAssets } from "./held_assets.ts";
import { covers } from "./verify_metrics.ts";
import type { VerifyOptions } from "./verify_options.ts";

/** What the target answered about a name: the job, or why it could not be read; a name that is not there is absent. */
export type Looked = ReadonlyMap<
  string,
  FoundJob | { readonly kind: "unreadable"; readonly message: string }
>;

/** Losses name times as units do, differences as jobs do. */
const ALIASES: Readonly<Record<string, string>> = {
  "times.started": "started_at",
  "times.ended": "ended_at",
};

/** What one run of `verify` knows. */
export class Verification {
  readonly target: Source;
  /** What the target holds beside jobs; null for a world of jobs alone. */
  readonly assets: HeldAssets | null;
  /** The world of the target, where it was said or is known. */
  readonly world: For | null;
  /** Aborts when nothing new shall start. */
  readonly signal: AbortSignal;
  readonly #receipts: NonNullable<VerifyOptions["receipts"]>;
  readonly #tally: Tally;
  readonly #stop = new AbortController();
  readonly #seen = new TextMarks();
  /** The sources that records came from, as tags name them, in lower case. */
  readonly sources = new Set<string>();
  readonly symbols = { "=": 0, "+": 0, "-": 0, "*": 0, "!": 0 };
  fatal: Failure | null = null;

  constructor(target: Source, options: VerifyOptions, tally: Tally, ctx: StageContext) {
    this.target = target;
    this.assets = target.assets === undefined ? null : new HeldAssets(target.assets);
    this.world = options.plan?.for ?? target.world ?? null;
    this.#receipts = options.receipts ?? new Map();
    this.#tally = tally;
    this.signal = AbortSignal.any([ctx.signal, this.#stop.signal]);
  }

  /** A unit of the stream: it is not in the target alone. */
  expect(unit: UnitRecord): void {
    this.#seen.set(unit.target_name);
    this.sources.add(sourceTag(unit.origin.source).toLowerCase());
  }

  /** Whether a unit of this name was in the stream. */
  isExpected(name: string): boolean {
    return this.#seen.has(name);
  }

  /** Leaves out the differences that a receipt told of. */
  untold(unit: UnitRecord, fields: readonly FieldDiff[]): FieldDiff[] {
    const told = (this.#receipts.get(unit.id) ?? []).map((field) => ALIASES[field] ?? field);
    // What the unit itself says was given way is in its values already: they are what is expected.
    const planned = new Set((unit.loss ?? []).map(({ field }) => field));
    const known = told.filter((field) => !planned.has(field));
    return fields.filter(({ field }) => !known.some((one) => covers(one, field)));
  }

  /** Whether a receipt told that a unit was not made as what it is, but kept in another place. */
  isKeptElsewhere(unit: UnitRecord): boolean {
    return this.#receipts.get(unit.id)?.some((field) => field === unit.role) ?? false;
  }

  /** Counts what was found and answers the lines to write. Points of the unit count with it. */
  settle(diff: DiffRecord, points: number, failure?: Failure): readonly Item[] {
    this.symbols[diff.symbol]++;
    if (diff.symbol === "!") this.#tally.failed(1 + points);
    else {
      this.#tally.out(diff);
      for (let i = 0; i < points; i++) this.#tally.out({ kind: "points" });
    }
    if (failure === undefined) return [{ record: diff }];
    this.judge(failure);
    return [{ record: diff }, { record: failureRecord(failure, { stage: this.#tally.stage, id: diff.id }) }];
  }

  /** The line that is said at the end. */
  sentence(): string {
    const { "=": same, "*": differ, "+": source, "-": target, "!": unreadable } = this.symbols;
    const all = same + differ + source + target + unreadable;
    return `${
      all === 1 ? "1 record" : `${all} records`
    }: ${same} same, ${differ} differ, ${source} only in the source, ` +
      `${target} only in the target, ${unreadable} unreadable`;
  }

  /** Decides whether a failure ends everything. */
  judge(failure: Failure): void {
    if (failure.facts.reach === "record") return;
    this.fatal ??= failure;
    this.#stop.abort();
  }
}
