import type { JsonObject } from "../records/json.ts";
import type { MetricPart } from "../stages/ports.ts";
import { ROUTES } from "../wire/routes.ts";
import type { PointerScope } from "./artifact_pointer.ts";
import type { DataPlane } from "./data_plane.ts";
import { objectAt, textAt } from "./json_fields.ts";
import { metricHead, type MetricRow, splitRows, tablesOf } from "./metric_rows.ts";
import { readListsAhead } from "./read_ahead.ts";

/** Metrics of one job whose first pages are read at a time. */
const METRICS_AHEAD = 4;

/**
 * What a run logged, from the metric service (Azure ML metric v2.0: `list`, then `full` for each name, or
 * `lastvalues`). A run that the service does not know has no metrics. A metric that cannot be read is a fault of the
 * part `metrics/<name>`, and the others go on. Throws `Failure` only for what hits every request.
 */
export async function* readMetrics(
  plane: DataPlane,
  scope: PointerScope,
  mode: "full" | "last",
): AsyncGenerator<MetricPart> {
  try {
    if (mode === "last") yield* lastValues(plane, scope);
    else yield* histories(plane, scope);
  } catch (error) {
    yield faultPart(plane, "metrics", error);
  }
}

async function* lastValues(plane: DataPlane, scope: PointerScope): AsyncGenerator<MetricPart> {
  const details = { body: {}, accept: [404] };
  for await (const page of plane.pages(ROUTES.metric.lastValues, { runId: scope.run }, details)) {
    for (const metric of page) {
      const head = metricHead(metric);
      const { points, rows } = splitRows(head, metric);
      if (points.length > 0) yield { kind: "points", metric: head.name, points };
      yield* tablesOf(head, rows, scope).map((table) => ({ kind: "table" as const, table }));
    }
  }
}

async function* histories(plane: DataPlane, scope: PointerScope): AsyncGenerator<MetricPart> {
  const width = Math.min(METRICS_AHEAD, plane.concurrency);
  const open = (definition: JsonObject) => history(plane, scope, definition);
  yield* readListsAhead(definitions(plane, scope), width, plane.signal, open);
}

async function* definitions(plane: DataPlane, scope: PointerScope): AsyncGenerator<JsonObject> {
  const details = { body: {}, accept: [404] };
  for await (const page of plane.pages(ROUTES.metric.list, { runId: scope.run }, details)) yield* page;
}

/** The parts of one metric: points page by page, then its tables. Throws only what hits every request. */
async function* history(
  plane: DataPlane,
  scope: PointerScope,
  definition: JsonObject,
): AsyncGenerator<MetricPart> {
  const namespace = textAt(objectAt(definition, "metricKey"), "namespace");
  const rows: MetricRow[] = [];
  let head = metricHead(definition);
  const { name } = head;
  const body = { metricName: name, ...(namespace === null ? {} : { metricNamespace: namespace }) };
  try {
    for await (const page of plane.bodies(ROUTES.metric.full, { runId: scope.run }, { body })) {
      head = metricHead(page, head);
      const split = splitRows(head, page);
      if (split.points.length > 0) yield { kind: "points", metric: name, points: split.points };
      rows.push(...split.rows);
    }
  } catch (error) {
    yield faultPart(plane, `metrics/${name}`, error);
    if (rows.length === 0) return;
  }
  yield* tablesOf(head, rows, scope).map((table) => ({ kind: "table" as const, table }));
}

function faultPart(plane: DataPlane, part: string, error: unknown): MetricPart {
  return { kind: "fault", fault: { part, ...plane.trouble(error) } };
}
