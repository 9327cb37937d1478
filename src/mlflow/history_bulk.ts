import type { Point } from "../records/point.ts";
import { metricsOf, MOST_POINTS } from "./history_read.ts";
import { textAt } from "./json_fields.ts";
import { pointOf } from "./metric_points.ts";
import { MLFLOW_ROUTES } from "./routes.ts";
import { isAbsent, isRefusal, type RunReads } from "./run_reads.ts";

/** Runs that one request may name (MLflow refuses more). */
const MOST_RUNS = 100;

/** Bytes of a request line: the server of 2.x takes 4,094, and a proxy may put a path before ours. */
const MOST_BYTES = 4_000;

/** `GET `, ` HTTP/1.1`. */
const LINE_FRAME = 13;

/** Whole histories by run id; a run that has none of the metric has an empty one. */
type Taken = Map<string, Point[]>;

/**
 * The histories of one metric of several runs, in as few requests as may be. An answer is cut off at 25,000 points
 * without a word, in order of run ids: what lies before the last run of such an answer is whole, and the rest is asked
 * for again. Runs that are not in the result have to be read one by one (more than 25,000 points, a server that
 * refuses or knows no bulk history, no room left). `room` tells how many more points may be held.
 * Throws only what hits every request.
 */
export async function readBulk(
  reads: RunReads,
  key: string,
  runs: readonly string[],
  room: () => number,
): Promise<Taken> {
  const taken: Taken = new Map();
  const lots = lotsOf(reads, key, [...runs].sort());
  for (let lot = lots.pop(); lot !== undefined; lot = lots.pop()) {
    if (!reads.bulkHistory || room() <= 0 || lot.length < 2 || reads.signal.aborted) continue;
    const answer = await ask(reads, key, lot);
    if (answer === "divide") lots.push(lot.slice(0, lot.length >> 1), lot.slice(lot.length >> 1));
    else if (answer !== null) lots.push(take(answer, lot, taken));
  }
  return taken;
}

/** Takes what is whole of an answer; gives the runs that are to be asked for again. */
function take(answer: Taken, lot: readonly string[], taken: Taken): readonly string[] {
  const size = [...answer.values()].reduce((sum, points) => sum + points.length, 0);
  if (size < MOST_POINTS) {
    for (const run of lot) taken.set(run, answer.get(run) ?? []);
    return [];
  }
  const seen = [...answer.keys()];
  const last = seen.at(-1) ?? "";
  // Not in the order of ids, or one run alone has filled the answer: nothing more is to be had this way.
  if (seen.length < 2 || seen.some((run, i) => i > 0 && run < (seen[i - 1] ?? ""))) return [];
  for (const run of lot) if (run < last) taken.set(run, answer.get(run) ?? []);
  return lot.filter((run) => run >= last);
}

/** Null where there is no answer to be had; `divide` where one of the runs may be why (it has gone, a line too long). */
async function ask(reads: RunReads, key: string, runs: readonly string[]): Promise<Taken | "divide" | null> {
  const answer: Taken = new Map();
  const query = { run_id: [...runs], metric_key: key, max_results: MOST_POINTS };
  try {
    for await (const metrics of metricsOf(reads, MLFLOW_ROUTES.metrics.historyBulk, query)) {
      for (const metric of metrics) {
        const run = textAt(metric, "run_id");
        if (run === null) continue;
        const points = answer.get(run) ?? [];
        if (points.length === 0) answer.set(run, points);
        points.push(pointOf(metric));
      }
    }
    return reads.signal.aborted ? null : answer;
  } catch (error) {
    if (isRefusal(error)) {
      if (isAbsent(error) || [400, 414].includes(error.facts.status ?? 0)) return "divide";
      reads.bulkHistory = false;
      return null;
    }
    // A part that the server fails on is told of where each run is read by itself.
    reads.trouble(error);
    return null;
  }
}

/** Runs in lots that fit in a request line, by bytes. */
function lotsOf({ server }: RunReads, key: string, runs: readonly string[]): (readonly string[])[] {
  const { pathname } = new URL(server.address);
  const { path } = MLFLOW_ROUTES.metrics.historyBulk;
  const fixed = `${pathname}${path}?metric_key=${encodeURIComponent(key)}&max_results=${MOST_POINTS}`.length +
    LINE_FRAME;
  const lots: string[][] = [];
  let lot: string[] = [];
  let size = fixed;
  for (const run of runs) {
    const more = `&run_id=${encodeURIComponent(run)}`.length;
    if (lot.length > 0 && (lot.length === MOST_RUNS || size + more > MOST_BYTES)) {
      lots.push(lot);
      lot = [];
      size = fixed;
    }
    lot.push(run);
    size += more;
  }
  if (lot.length > 0) lots.push(lot);
  return lots;
}
