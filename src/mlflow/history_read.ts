import { Failure } from "../records/failure.ts";
import { isJsonObject, type JsonObject } from "../records/json.ts";
import type { Route } from "../wire/wire.ts";
import { textAt } from "./json_fields.ts";
import { JsonList } from "./json_list.ts";
import { MLFLOW_ROUTES } from "./routes.ts";
import type { RunReads } from "./run_reads.ts";
import type { MlflowDetails } from "./server.ts";

/** The most points that MLflow puts in one page, and in one answer of the bulk history. */
export const MOST_POINTS = 25_000;

/** How often a body that breaks off is asked for. */
const TRIES = 3;

type Query = NonNullable<MlflowDetails["query"]>;

/**
 * All points of one metric of one run, as the server answers them and in its order, in pieces as they arrive. 3.x
 * answers pages; 2.x knows none and sends everything in one body, which is read as a stream. (Both sort by time, then
 * step, then value, or by an index that amounts to it: there is no order of logging in a store.) Throws `Failure`.
 */
export async function* readHistory(
  reads: RunReads,
  run: string,
  key: string,
): AsyncGenerator<readonly JsonObject[]> {
  let token: string | null = null;
  do {
    const query: Query = {
      run_id: run,
      metric_key: key,
      max_results: MOST_POINTS,
      ...(token === null ? {} : { page_token: token }),
    };
    const rest: JsonObject = yield* metricsOf(reads, MLFLOW_ROUTES.metrics.history, query);
    const next: string | null = textAt(rest, "next_page_token");
    if (next === token) return;
    token = next;
  } while (token !== null && !reads.signal.aborted);
}

/**
 * The list `metrics` of an answer, in pieces as they arrive; returns what the answer says beside it. A body that breaks
 * off is asked for again, and what came of it before is not given twice. Throws `Failure`.
 */
export async function* metricsOf(
  reads: RunReads,
  route: Route,
  query: Query,
): AsyncGenerator<readonly JsonObject[], JsonObject> {
  let given = 0;
  for (let left = TRIES;; left--) {
    const { body } = await reads.open(route, { query });
    try {
      const list = new JsonList("metrics");
      let seen = 0;
      for await (const text of textOf(body)) {
        const items = list.add(text).filter(isJsonObject);
        const fresh = items.slice(Math.max(0, given - seen));
        seen += items.length;
        given = Math.max(given, seen);
        if (fresh.length > 0) yield fresh;
        if (reads.signal.aborted) return {};
      }
      return list.end();
    } catch (error) {
      const failure = error instanceof SyntaxError ? notJson(route, error) : error;
      if (!(failure instanceof Failure) || !failure.facts.retryable || left <= 1) throw failure;
    }
  }
}

async function* textOf(body: ReadableStream<Uint8Array>): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  for await (const bytes of body) yield decoder.decode(bytes, { stream: true });
  yield decoder.decode();
}

function notJson({ method, path }: Route, cause: SyntaxError): Failure {
  return new Failure(`${method} ${path} was answered with text that is no JSON`, {
    code: "bad_answer",
    reach: "record",
    retryable: true,
    hint: "this is a fault of the server, or of a proxy before it: run it again",
    cause,
  });
}
