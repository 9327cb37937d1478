import { type Call, type CallRow, type Reply, required, text } from "../call.ts";
import { jsonText, type WireValue } from "../json_text.ts";
import { invalid, MlflowError } from "../mlflow_error.ts";
import { offsetOf, tokenOf } from "../page.ts";
import type { Run } from "../state/run.ts";
import type { Point, Series } from "../state/series.ts";
import { isSince } from "../version.ts";
import { pointJson } from "./run_json.ts";

/** Points that one bulk answer holds at most; what is beyond is left out without a word. */
const BULK_MOST = 25_000;
const CHUNK = 2000;

/**
 * `metrics/get-history`. Before MLflow 3 all points in one body whatever `max_results` says; from then on pages, and only
 * when `max_results` is given. Written piece by piece: a million points are never held as text.
 */
function history(call: Call): Reply {
  const runId = text(call.input.run_id) || text(call.input.run_uuid) || required(call.input, "run_id");
  const key = required(call.input, "metric_key");
  const series = call.store.runs.get(runId)?.data.metrics.get(key);
  const token = text(call.input.page_token);
  const isPaged = isSince(call.server.version, "3.17");
  if (token !== "" && !isPaged) {
    throw new MlflowError(
      "INTERNAL_ERROR",
      "The SQLAlchemyStore backend does not support pagination for the `get_metric_history` API. " +
        `Supplied argument \`page_token\` '${token}' must be \`None\`.`,
    );
  }
  if (series === undefined) return { json: {} };
  const from = token === "" ? 0 : offsetOf(token);
  const size = isPaged && text(call.input.max_results) !== "" ? Number(call.input.max_results) : Infinity;
  const to = Math.min(series.length, from + size);
  const tail = to < series.length ? `], "next_page_token": ${JSON.stringify(tokenOf(to))}}` : "]}";
  return streamed(pieces(series, [from, to], (point) => pointJson(key, point)), tail);
}

/** `metrics/get-history-bulk`, only below `/ajax-api`: by run id, then time; cut at 25,000 points without a token. */
function bulk(call: Call): Reply {
  const ids = call.query.getAll("run_id");
  const key = required(call.input, "metric_key");
  if (ids.length === 0) throw invalid("GetMetricHistoryBulk request must specify at least one run_id.");
  if (ids.length > 100) {
    throw invalid(
      `GetMetricHistoryBulk request cannot specify more than 100 run_ids. Received ${ids.length} run_ids.`,
    );
  }
  const most = Math.min(Number(call.query.get("max_results") ?? BULK_MOST), BULK_MOST);
  const runs = [...new Set(ids)].sort().flatMap((id) => call.store.runs.get(id) ?? []);
  return streamed(bulkPieces(runs, key, most), "]}");
}

function* bulkPieces(runs: readonly Run[], key: string, most: number): Generator<string> {
  let left = most;
  for (const run of runs) {
    const series = run.data.metrics.get(key);
    if (series === undefined || left === 0) continue;
    const count = Math.min(left, series.length);
    left -= count;
    yield* pieces(series, [0, count], (point) => ({ ...pointJson(key, point), run_id: run.id }));
  }
}

function* pieces(
  series: Series,
  [from, to]: readonly [number, number],
  show: (point: Point) => WireValue,
): Generator<string> {
  for (let start = from; start < to; start += CHUNK) {
    const points: string[] = [];
    for (let index = start; index < Math.min(to, start + CHUNK); index++) {
      points.push(jsonText(show(series.at(index))));
    }
    yield points.join(", ");
  }
}

function streamed(parts: Generator<string>, tail: string): Response {
  const encoder = new TextEncoder();
  let before = '{"metrics": [';
  const body = new ReadableStream<Uint8Array>({
    pull(controller) {
      const next = parts.next();
      if (!next.done) {
        controller.enqueue(encoder.encode(before + next.value));
        before = ", ";
        return;
      }
      controller.enqueue(encoder.encode((before === ", " ? "" : before) + tail));
      controller.close();
    },
  }, { highWaterMark: 1 });
  return new Response(body, { headers: { "content-type": "application/json" } });
}

/** Histories of metrics. */
export const historyCalls: readonly CallRow[] = [
  { name: "metrics.history", method: "GET", path: "metrics/get-history", effect: "read", handler: history },
  {
    name: "metrics.history_bulk",
    method: "GET",
    path: "/ajax-api/2.0/mlflow/metrics/get-history-bulk",
    effect: "read",
    handler: bulk,
  },
];
