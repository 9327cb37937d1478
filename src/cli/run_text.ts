import { spoolMaker } from "../archive/spool.ts";
import { Tally } from "../records/tally.ts";
import type { StageContext } from "../stages/ports.ts";
import type { CliContext } from "./context.ts";
import { describe } from "./describe.ts";
import { endingWords } from "./ending_words.ts";
import { exitCodeOf } from "./exit_codes.ts";
import { type CommonFlags, logOptionsOf } from "./flags/common_flags.ts";
import { DownstreamClosed } from "./io.ts";
import { makeLog } from "./log.ts";

/** How a command wants its text to be made. */
export interface TextPlan {
  readonly name: string;
  readonly flags: CommonFlags;
  readonly allowEmpty: boolean;
  /** Makes the text in pieces, and counts in `tally` what it read. */
  readonly open: (context: StageContext, tally: Tally) => AsyncIterable<string>;
}

/** Runs a command that reads records and prints text for people; the exit code is that of a stage. */
export async function runText(cli: CliContext, plan: TextPlan): Promise<void> {
  const log = makeLog(cli.io, plan.name, logOptionsOf(plan.flags));
  const tally = new Tally(plan.name);
  const context = { log, signal: new AbortController().signal, spool: spoolMaker() };
  const encoder = new TextEncoder();
  let thrown: unknown;
  let closed = false;
  try {
    for await (const piece of plan.open(context, tally)) await cli.io.write(encoder.encode(piece));
  } catch (error) {
    closed = error instanceof DownstreamClosed;
    if (!closed) thrown = error;
  }
  if (thrown !== undefined) log.error(describe(thrown));
  const end = closed ? null : tally.end(thrown === undefined);
  const code = exitCodeOf({ end, thrown, readsInput: true, allowEmpty: plan.allowEmpty });
  const words = thrown === undefined ? endingWords(code, end) : null;
  if (words !== null) log[words.level](words.text);
  cli.exit(code);
}
