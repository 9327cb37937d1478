import type { JsonObject } from "../records/json.ts";
import type { Fault, MetricPart } from "../stages/ports.ts";
import type { Histories } from "./histories.ts";
import { textAt } from "./json_fields.ts";
import type { MetricContexts } from "./metric_contexts.ts";
import { contextOf, pointOf } from "./metric_points.ts";
import { MLFLOW_ROUTES } from "./routes.ts";
import { isAbsent, type RunReads } from "./run_reads.ts";

/** Whose metrics are read, and with what. */
export interface MetricScope {
  readonly reads: RunReads;
  readonly histories: Histories;
  readonly run: string;
  /** The latest point of each metric, as the search told them. */
  readonly latest: readonly JsonObject[];
  readonly contexts: MetricContexts;
}

/**
 * The metrics of a run: whole histories, or the latest points, which cost no request. A history that cannot be read is
 * a fault; so is a run that has gone. Throws only what hits every request.
 */
export async function* runMetrics(scope: MetricScope, mode: "full" | "last"): AsyncGenerator<MetricPart> {
  if (mode === "last") yield* latestPoints(scope);
  else yield* wholeHistories(scope);
  const fault = scope.contexts.fault(scope.run);
  if (fault !== null) yield { kind: "fault", fault };
}

function* latestPoints({ latest, contexts }: MetricScope): Generator<MetricPart> {
  for (const point of latest) {
    const metric = textAt(point, "key");
    if (metric === null) continue;
    const context = contextOf(point);
    if (context !== null) contexts.add(metric, 0, context);
    yield { kind: "points", metric, points: [pointOf(point)] };
  }
}

async function* wholeHistories(scope: MetricScope): AsyncGenerator<MetricPart> {
  const { reads, histories, run, latest } = scope;
  const metrics = new Set(latest.flatMap((point) => textAt(point, "key") ?? []));
  if (metrics.size === 0) return;
  await histories.prepare(run);
  for (const metric of metrics) {
    if (reads.signal.aborted) return;
    const count = yield* history(scope, metric);
    if (count !== 0) continue;
    const gone = await goneFault(scope, metric);
    yield { kind: "fault", fault: gone };
    if (gone.code === "run_gone") return;
  }
}

/** Answers how many points came, null where a fault was told. */
async function* history(scope: MetricScope, metric: string): AsyncGenerator<MetricPart, number | null> {
  const { reads, histories, run, contexts } = scope;
  let count = 0;
  try {
    for await (const piece of histories.read(run, metric)) {
      for (const [at, facts] of piece.contexts) contexts.add(metric, count + at, facts);
      count += piece.points.length;
      if (piece.points.length > 0) yield { kind: "points", metric, points: piece.points };
    }
    return reads.signal.aborted ? null : count;
  } catch (error) {
    if (isAbsent(error)) return 0;
    yield { kind: "fault", fault: { part: `metrics/${metric}`, ...reads.trouble(error) } };
    return null;
  }
}

/** Why a metric that the search told of has no points: servers answer nothing for a run that is not there any more. */
async function goneFault({ reads, run }: MetricScope, metric: string): Promise<Fault> {
  const part = `metrics/${metric}`;
  try {
    await reads.ask(MLFLOW_ROUTES.runs.get, { query: { run_id: run } });
  } catch (error) {
    if (!isAbsent(error)) return { part, ...reads.trouble(error) };
    const message = `run ${run} was deleted while it was being read; its metrics are gone`;
    return { part: "metrics", code: "run_gone", message, retryable: false };
  }
  const message =
    `run ${run} has a latest value of metric "${metric}", but the server answers no history of it`;
  return { part, code: "no_history", message, retryable: true };
}
