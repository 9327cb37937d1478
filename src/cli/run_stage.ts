import { spoolMaker } from "../archive/spool.ts";
import type { EndRecord } from "../records/end.ts";
import { Failure } from "../records/failure.ts";
import type { Item, Stream } from "../records/item.ts";
import { LineEncoder } from "../records/line_encoder.ts";
import { encodeItem } from "../records/ndjson_write.ts";
import { Tally } from "../records/tally.ts";
import type { Log, StageContext } from "../stages/ports.ts";
import type { CliContext } from "./context.ts";
import { describe } from "./describe.ts";
import { endingWords } from "./ending_words.ts";
import { exitCodeOf } from "./exit_codes.ts";
import { type CommonFlags, logOptionsOf } from "./flags/common_flags.ts";
import { type Interrupt, listenForInterrupt } from "./interrupt.ts";
import { DownstreamClosed } from "./io.ts";
import { makeLog } from "./log.ts";
import { type Sink, writeStream } from "./stream_writer.ts";

/** How a command wants its stage to be run. */
export interface StagePlan {
  readonly name: string;
  /** The stage whose `end` comes last, where that is not `name`. */
  readonly stage?: string;
  readonly flags: CommonFlags;
  /** Whether it reads records from stdin (no input at all is then exit 7). */
  readonly readsInput: boolean;
  readonly allowEmpty?: boolean;
  /**
   * What Ctrl-C means: a source (or a writer) stops, a middle stage reads on to the end of its input, since the
   * same Ctrl-C stops the stages before it.
   */
  readonly onInterrupt: "stop" | "read_on";
  /** Whether a reader that goes away ends the stage; a stage that writes to a target goes on without it. */
  readonly onClosedPipe: "stop" | "go_on";
  /** After how many milliseconds to stop as after Ctrl-C (exit 5). */
  readonly maxDurationMs?: number;
  /** Where records go instead of stdout. */
  readonly sink?: Sink;
  /** Builds the stage; what it throws before the first record is told like any failure. */
  readonly open: (context: StageContext) => Promise<Stream> | Stream;
}

/** Runs a stage to its end: records to stdout, words to stderr, and the exit code that tells the truth (set, and answered). */
export async function runStage(cli: CliContext, plan: StagePlan): Promise<number> {
  const log = makeLog(cli.io, plan.name, logOptionsOf(plan.flags));
  const interrupt = listenForInterrupt((signal) =>
    log.warn(`${signal} came: letting what is under way settle; once more to stop at once`)
  );
  const deadline = startDeadline(plan, log);
  const context: StageContext = {
    log,
    signal: plan.onInterrupt === "stop"
      ? AbortSignal.any([interrupt.signal, deadline.signal])
      : deadline.signal,
    spool: spoolMaker(),
  };
  const lines = new LineEncoder(plan.stage ?? plan.name);
  let end: EndRecord | null = null;
  const sink = sinkOf(cli, plan, log);
  let thrown: unknown;
  let isClosed = false;
  try {
    const stream = await plan.open(context);
    await writeStream(
      rememberEnd(stream, (record) => end = record),
      lines,
      sink,
    );
  } catch (error) {
    isClosed = error instanceof DownstreamClosed;
    if (!isClosed) thrown = isLate(error, deadline) ? deadlineFailure(plan) : error;
    // A reader that had enough is no failure, and what came before it is not for this stage to judge.
    else end = null;
  }
  const wasStopped = interrupt.came() !== null || deadline.signal.aborted;
  if (wasStopped && end === null && !isClosed && isOnPurpose(thrown)) end = await writeEarlyEnd(plan, sink);
  log.close();
  if (thrown !== undefined) log.error(describe(thrown));
  const last = end && lines.corrected(end);
  const code = endingCode(plan, interrupt, deadline, last, thrown);
  const words = thrown === undefined ? endingWords(code, last) : null;
  if (words !== null) log[words.level](words.text);
  cli.exit(code);
  interrupt.close();
  deadline.stop();
  return code;
}

/** Whether something was thrown because the time was over. */
function isLate(thrown: unknown, deadline: Deadline): boolean {
  return deadline.signal.aborted && thrown instanceof Failure && thrown.facts.code === "interrupted";
}

function isOnPurpose(thrown: unknown): boolean {
  return thrown === undefined || thrown instanceof Failure;
}

/** The `end` of a stage that was stopped before it began, while it was still looking for its other side. */
async function writeEarlyEnd(plan: StagePlan, sink: Sink): Promise<EndRecord | null> {
  const end = new Tally(plan.stage ?? plan.name).end(false);
  try {
    await sink(new TextEncoder().encode(encodeItem({ record: end }) + "\n"));
    return end;
  } catch (error) {
    if (error instanceof Failure || error instanceof DownstreamClosed) return null;
    throw error;
  }
}

function endingCode(
  plan: StagePlan,
  interrupt: Interrupt,
  deadline: Deadline,
  end: EndRecord | null,
  thrown: unknown,
): number {
  return exitCodeOf({
    end,
    thrown: thrown ?? (deadline.signal.aborted ? deadlineFailure(plan) : undefined),
    signal: interrupt.came(),
    readsInput: plan.readsInput,
    allowEmpty: plan.allowEmpty ?? false,
  });
}

interface Deadline {
  readonly signal: AbortSignal;
  stop(): void;
}

function startDeadline(plan: StagePlan, log: Log): Deadline {
  const controller = new AbortController();
  if (plan.maxDurationMs === undefined) return { signal: controller.signal, stop: () => {} };
  const timer = setTimeout(() => {
    log.warn("the time given by --max-duration is over: letting what is under way settle");
    controller.abort();
  }, plan.maxDurationMs);
  return { signal: controller.signal, stop: () => clearTimeout(timer) };
}

function deadlineFailure(plan: StagePlan): Failure {
  return new Failure(`${plan.name} stopped when --max-duration was over`, {
    code: "max_duration",
    reach: "unreachable",
    retryable: true,
    hint: "run it again to continue",
  });
}

/** Passes a stream on and tells its own last `end` record. */
async function* rememberEnd(stream: Stream, remember: (end: EndRecord) => void): Stream {
  for await (const batch of stream) {
    const last = batch.at(-1);
    if (last && isEnd(last)) remember(last.record);
    yield batch;
  }
}

function isEnd(item: Item): item is Item & { record: EndRecord } {
  return item.record.kind === "end";
}

function sinkOf(cli: CliContext, plan: StagePlan, log: Log): Sink {
  if (plan.sink) return plan.sink;
  if (plan.onClosedPipe === "stop") return (bytes) => cli.io.write(bytes);
  let open = true;
  return async (bytes) => {
    if (!open) return;
    try {
      await cli.io.write(bytes);
    } catch (error) {
      if (!(error instanceof DownstreamClosed)) throw error;
      open = false;
      log.warn("nobody reads the receipts any more; the work goes on without them");
    }
  };
}
