import { Failure } from "../records/failure.ts";
import { isJsonObject, type JsonObject, type JsonValue } from "../records/json.ts";
import { ROUTES } from "../wire/routes.ts";
import { readServiceError } from "../wire/service_error.ts";
import type { Answer } from "../wire/wire.ts";
import { heldRows } from "./held_rows.ts";
import { objectAt, objectsAt } from "./json_fields.ts";
import type { Batch, BatchPart } from "./metric_batches.ts";
import { metricId } from "./metric_id.ts";
import { metricKeyOf, metricLabel } from "./metric_label.ts";
import { type OutRow, rowKey, timeText } from "./metric_row.ts";
import { metricHead } from "./metric_rows.ts";
import { waitForMetrics } from "./metric_wait.ts";
import { callService, type TargetScope } from "./target_scope.ts";
import type { RunPlace } from "./time_route.ts";

/** Which route metrics take; learned when the service has no `batchsync`. */
export interface MetricRoutes {
  write: "batchSync" | "batch";
}

/** Rows that the service refused, and why. */
export interface RefusedRows extends BatchPart {
  readonly reason: string;
}

/** Statuses by which the service refuses what it was sent: a loss, no failure. */
const REFUSED: readonly number[] = [400, 413, 422];

/** How often a request is sent whose fate is unknown; before each further time it is looked what is there. */
const TRIES = 4;

/**
 * Sends one request's worth of rows and answers those that the service refused. Adding points is not repeatable: when
 * it is unknown what became of a request, it is first looked what is there, and only what is missing goes again.
 * `before` tells how many rows of a metric were there before this batch. Throws `Failure`.
 */
export async function sendBatch(
  scope: TargetScope,
  place: RunPlace,
  batch: Batch,
  before: (metric: string) => number,
): Promise<readonly RefusedRows[]> {
  let left = batch;
  for (let sent = 1; left.length > 0; sent++) {
    const answer = await postOrLookAway(scope, place, left, before, sent === TRIES);
    if (answer === null) {
      await waitForMetrics(scope, place);
      left = await missingOf(scope, place, left, before);
    } else if (REFUSED.includes(answer.status)) {
      return await isolate(scope, place, left, before, answer);
    } else {
      return refusedIn(answer.body, left);
    }
  }
  return [];
}

/** Posts a batch; null when it is unknown what became of it and another look is due. */
async function postOrLookAway(
  scope: TargetScope,
  place: RunPlace,
  batch: Batch,
  before: (metric: string) => number,
  last: boolean,
): Promise<Answer | null> {
  try {
    return await post(scope, place, batch, before);
  } catch (thrown) {
    if (!(thrown instanceof Failure) || !thrown.facts.retryable || last) throw thrown;
    scope.log.debug(`metrics of ${place.runId}: ${thrown.message}; looking what arrived`);
    return null;
  }
}

async function post(
  scope: TargetScope,
  place: RunPlace,
  batch: Batch,
  before: (metric: string) => number,
): Promise<Answer> {
  const { metricRoutes } = scope;
  const values = batch.map((part) => metricBody(place.runId, part, before(part.metric.name)));
  const parts = {
    vars: { runId: place.runId },
    body: { values, reportErrors: true },
    accept: [...REFUSED, 404],
  };
  const answer = await callService(scope, ROUTES.metric[metricRoutes.write], parts);
  if (answer.status !== 404) return answer;
  const again = await callService(scope, ROUTES.metric.batch, { ...parts, accept: REFUSED });
  metricRoutes.write = "batch";
  return again;
}

function metricBody(runId: string, { metric, rows }: BatchPart, before: number): JsonObject {
  const { name, namespace } = metricKeyOf(metric.name);
  return {
    name,
    ...(namespace === null ? {} : { namespace }),
    columns: { ...metric.columns },
    properties: { uxMetricType: metric.type },
    value: rows.map((row, index) => ({
      metricId: metricId(runId, metric.name, before + index, rowKey(row, true)),
      ...(row.time === null ? {} : { createdUtc: timeText(row.time) }),
      ...(row.step === null ? {} : { step: row.step }),
      data: row.data,
    })),
  };
}

/** Several metrics refused together: each for itself, so that one does not take the others with it. */
async function isolate(
  scope: TargetScope,
  place: RunPlace,
  batch: Batch,
  before: (metric: string) => number,
  answer: Answer,
): Promise<readonly RefusedRows[]> {
  const [only] = batch;
  if (batch.length === 1 && only !== undefined) {
    return [{ ...only, reason: reasonOf(answer.status, answer.body) }];
  }
  const refused: RefusedRows[] = [];
  for (const part of batch) refused.push(...await sendBatch(scope, place, [part], before));
  return refused;
}

/** Metrics that the answer names as not taken (`reportErrors`). */
function refusedIn(body: JsonValue, batch: Batch): readonly RefusedRows[] {
  const errors = isJsonObject(body) ? objectsAt(body, "errors") : [];
  return errors.flatMap((error) => {
    const named = metricHead(objectAt(error, "metric") ?? {});
    // An error that leaves the namespace out must not pass for nothing.
    const part = batch.find(({ metric }) => metric.name === metricLabel(named)) ??
      batch.find(({ metric }) => metricKeyOf(metric.name).name === named.name);
    return part === undefined ? [] : [{ ...part, reason: reasonOf(400, error["errorResponse"] ?? null) }];
  });
}

function reasonOf(status: number, body: JsonValue): string {
  const { code, message } = readServiceError(status, body, "", new Map());
  return message === "" ? code : message;
}

/** What of a batch did not arrive: behind the rows that were there before, row by row. */
async function missingOf(
  scope: TargetScope,
  place: RunPlace,
  batch: Batch,
  before: (metric: string) => number,
): Promise<Batch> {
  const left: BatchPart[] = [];
  for (const { metric, rows } of batch) {
    const withTime = rows.every((row) => row.time !== null);
    const arrived = new Map<string, number>();
    let position = 0;
    for await (const page of heldRows(scope, place.runId, metric.name)) {
      for (const row of page) {
        if (position++ < before(metric.name)) continue;
        const key = rowKey(row, withTime);
        arrived.set(key, (arrived.get(key) ?? 0) + 1);
      }
    }
    const missing = rows.filter((row) => !countOff(arrived, row, withTime));
    if (missing.length > 0) left.push({ metric, rows: missing });
  }
  return left;
}

function countOff(arrived: Map<string, number>, row: OutRow, withTime: boolean): boolean {
  const key = rowKey(row, withTime);
  const left = arrived.get(key) ?? 0;
  if (left === 0) return false;
  arrived.set(key, left - 1);
  return true;
}
