import type * as z from "zod";
import { checkRecord, isKnownKind } from "../records/check.ts";
import { errorRecord } from "../records/error_record.ts";
import type { AnyRecord, Item, Stream } from "../records/item.ts";
import type { KindName, RecordOf } from "../records/kinds.ts";
import { tolerantEnd } from "../records/merge_ends.ts";
import { recordId } from "../records/record_id.ts";
import type { Tally } from "../records/tally.ts";
import { nothingTo } from "./nothing_to.ts";
import type { StageContext } from "./ports.ts";

/** What comes into a stage, told apart. */
export type Arrival<K extends KindName> =
  /** A checked record of a kind that the stage consumes. The stage counts `out`, `dropped` or `failed`. */
  | { readonly type: "record"; readonly item: Item; readonly record: RecordOf<K> }
  /** Another kind, or an `error` of an earlier stage: write it on as it came. Counted already, in and out. */
  | { readonly type: "pass"; readonly item: Item }
  /** A record or line that is no good: write the `error` in its place. Counted already. */
  | { readonly type: "refused"; readonly error: Item };

/** How {@linkcode intake} behaves. */
export interface IntakeOptions {
  /** Says nothing when no `end` came. */
  readonly quiet?: boolean;
  /**
   * Schemas of the fields that the stage reads, for a stage that reads few and passes its lines on: the others are then
   * not checked (that takes as long as parsing them), and the stage must look at none of them.
   */
  readonly fields?: Readonly<Partial<Record<KindName, z.ZodType>>>;
}

const CUT_SHORT = "the input has no end record: it may have been cut short, " +
  "or a filter in between drops control records (see: azml help jq)";

/**
 * The discipline that every stage shares: checks each record of `kinds` against its schema once, counts, passes on
 * what the stage does not know, takes `end`s into the tally (they are not among the arrivals), and says in one line
 * when none came, and when nothing came that the stage works on. Arrivals keep the order of the input; a batch for a batch.
 */
export async function* intake<K extends KindName>(
  input: Stream,
  kinds: readonly K[],
  tally: Tally,
  ctx: Pick<StageContext, "log">,
  options: IntakeOptions = {},
): AsyncGenerator<readonly Arrival<K>[], void, undefined> {
  const wanted = new Set<string>(kinds);
  for await (const batch of input) {
    const arrivals: Arrival<K>[] = [];
    for (const item of batch) {
      const arrival = receive(item, wanted, tally, options.fields);
      // Safe: `receive` answers "record" for kinds in `wanted` alone, and those are the K's.
      if (arrival !== null) arrivals.push(arrival as Arrival<K>);
    }
    if (arrivals.length > 0) yield arrivals;
  }
  if (tally.badLines > BAD_LINES_TOLD) yield [{ type: "refused", error: moreBadLines(tally) }];
  if (options.quiet === true) return;
  // Where no record came at all there is nothing that could be cut short: the exit code says so (7).
  if (tally.endsSeen === 0 && tally.kindsIn.size > 0) ctx.log.warn(CUT_SHORT);
  const nothing = nothingTo(wanted, tally);
  if (nothing !== null) ctx.log.warn(nothing);
}

/** So many lines that are no records get an `error` each: a file of another kind has as many as it has lines. */
const BAD_LINES_TOLD = 100;

/** The `error` that stands for all bad lines that have none of their own. */
function moreBadLines({ stage, badLines }: Tally): Item {
  const more = badLines - BAD_LINES_TOLD;
  const message = more === 1 ? "1 more line is no record" : `${more} more lines are no records`;
  const hint =
    `the first ${BAD_LINES_TOLD} have an error record each; is this NDJSON (jq -c writes one record a line)?`;
  return { record: errorRecord({ stage, code: "more_bad_lines", message, hint }) };
}

/** Tells one item apart and counts it; null for what is no arrival: an `end`, or one bad line of very many. */
function receive(
  item: Item,
  wanted: ReadonlySet<string>,
  tally: Tally,
  fields: IntakeOptions["fields"],
): Arrival<KindName> | null {
  const { record } = item;
  if (item.bad === true) {
    tally.badLine();
    if (tally.badLines > BAD_LINES_TOLD) return null;
    // Without `bad`: for the next stage in the same process it is an error like any other.
    return { type: "refused", error: { record } };
  }
  if (record.kind === "end") return receiveEnd(item, tally);
  tally.in(record);
  if (!wanted.has(record.kind)) {
    tally.out(record);
    return { type: "pass", item };
  }
  const check = checkRecord(record, isKnownKind(record.kind) ? fields?.[record.kind] : undefined);
  if (check.ok) return { type: "record", item, record: check.record };
  tally.failed();
  return { type: "refused", error: refusal(item, check, tally.stage) };
}

function receiveEnd(item: Item, tally: Tally): Arrival<KindName> | null {
  const check = checkRecord(item.record);
  const end = tolerantEnd(item.record);
  // An end that cannot be read says nothing for certain, least of all that everything came.
  tally.upstream(check.ok ? end : { ...end, complete: false });
  return check.ok ? null : { type: "refused", error: refusal(item, check, tally.stage) };
}

function refusal(
  item: Item,
  check: { readonly code: string; readonly message: string; readonly hint: string },
  stage: string,
): Item {
  const { code, hint } = check;
  const id = recordId(item.record);
  return {
    record: errorRecord({
      stage,
      id,
      line: item.line,
      code,
      hint,
      message: `${who(item, id)}: ${check.message}`,
    }),
  };
}

/** Names a record for a message: its kind, id and line, as far as they are known. */
function who(item: Item, id: string | undefined): string {
  const record: AnyRecord = item.record;
  const name = id === undefined ? record.kind : `${record.kind} "${id.slice(0, 255)}"`;
  return item.line === undefined ? name : `${name} on line ${item.line}`;
}
