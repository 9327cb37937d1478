import { Failure } from "../records/failure.ts";
import type { JsonObject } from "../records/json.ts";
import type { MetricPart } from "../stages/ports.ts";
import { ROUTES } from "../wire/routes.ts";
import type { Route } from "../wire/wire.ts";
import type { PointerScope } from "./artifact_pointer.ts";
import type { DataPlane } from "./data_plane.ts";
import { HeldTable } from "./held_table.ts";
import { metricLabel } from "./metric_label.ts";
import { type MetricHead, metricHead, metricTables, splitRows } from "./metric_rows.ts";
import { readListsAhead } from "./read_ahead.ts";
import { serviceMilliseconds } from "./service_time.ts";

/** Metrics of one job whose first pages are read at a time. */
const METRICS_AHEAD = 4;

/** Whose metrics are read. */
export interface MetricScope extends PointerScope {
  /** Whether run history has this run still; asked when the metric service has not got it. */
  readonly isThere?: () => Promise<boolean>;
  /** When the run started, or was made (RFC 3339): what is told of points that the service gives no time. */
  readonly since?: string | null;
}

/**
 * What a run logged, from the metric service (Azure ML metric v2.0: `list`, then `full` for each name, or
 * `lastvalues`). A run that the metric service does not know has no metrics, unless it was deleted meanwhile: that is a
 * fault. A metric that cannot be read is a fault of the part `metrics/<name>`, and the others go on. Throws `Failure`
 * only for what hits every request.
 */
export async function* readMetrics(
  plane: DataPlane,
  scope: MetricScope,
  mode: "full" | "last",
): AsyncGenerator<MetricPart> {
  try {
    if (mode === "last") yield* lastValues(plane, scope);
    else yield* histories(plane, scope);
  } catch (error) {
    yield faultPart(plane, "metrics", error);
  }
}

async function* lastValues(plane: DataPlane, scope: MetricScope): AsyncGenerator<MetricPart> {
  for await (const page of listed(plane, scope, ROUTES.metric.lastValues)) {
    for (const metric of page) {
      const head = metricHead(metric);
      const { points, rows, untimed } = splitRows(head, metric, otherwise(scope));
      if (points.length > 0) yield { kind: "points", metric: metricLabel(head), points };
      yield* metricTables(head, rows, scope).map((table) => ({ kind: "table" as const, table }));
      if (untimed > 0) yield noTime(metricLabel(head), untimed, scope);
    }
  }
}

async function* histories(plane: DataPlane, scope: MetricScope): AsyncGenerator<MetricPart> {
  const width = Math.min(METRICS_AHEAD, plane.concurrency);
  const open = (head: MetricHead) => history(plane, scope, head);
  yield* readListsAhead(heads(plane, scope), width, plane.signal, open);
}

/** The metrics of a run, each once: one that the list shows again would be read twice. */
async function* heads(plane: DataPlane, scope: MetricScope): AsyncGenerator<MetricHead> {
  const seen = new Set<string>();
  for await (const page of listed(plane, scope, ROUTES.metric.list)) {
    for (const head of page.map((definition) => metricHead(definition))) {
      const key = `${head.namespace ?? ""}\n${head.name}`;
      if (seen.has(key)) continue;
      seen.add(key);
      yield head;
    }
  }
}

/** The pages of a list of metrics; none for a run that the service does not know. Throws `Failure` when it is gone. */
async function* listed(
  plane: DataPlane,
  { run, isThere }: MetricScope,
  route: Route,
): AsyncGenerator<readonly JsonObject[]> {
  let begun = false;
  try {
    for await (const page of plane.pages(route, { runId: run }, { body: {} })) {
      begun = true;
      yield page;
    }
  } catch (error) {
    if (begun || !(error instanceof Failure) || error.facts.status !== 404) throw error;
    if (isThere !== undefined && !await isThere()) {
      throw new Failure(`run ${run} was deleted while it was being read; its metrics are gone`, {
        code: "run_gone",
        reach: "record",
        retryable: false,
      });
    }
  }
}

/** The parts of one metric: points page by page, then its tables. Throws only what hits every request. */
async function* history(plane: DataPlane, scope: MetricScope, first: MetricHead): AsyncGenerator<MetricPart> {
  const table = new HeldTable();
  let head = first;
  let untimed = 0;
  const { name, namespace } = head;
  const metric = metricLabel(head);
  const body = { metricName: name, ...(namespace === null ? {} : { metricNamespace: namespace }) };
  try {
    for await (const page of plane.bodies(ROUTES.metric.full, { runId: scope.run }, { body })) {
      head = metricHead(page, head);
      const { points, rows, untimed: some } = splitRows(head, page, otherwise(scope));
      untimed += some;
      if (points.length > 0) yield { kind: "points", metric, points };
      table.add(rows);
    }
  } catch (error) {
    yield faultPart(plane, `metrics/${metric}`, error);
    if (untimed > 0) yield noTime(metric, untimed, scope);
    untimed = 0;
    if (table.rows.length === 0) return;
  }
  yield* metricTables(head, table.rows, scope).map((table) => ({ kind: "table" as const, table }));
  const fault = table.fault(head, scope.run);
  if (fault !== null) yield { kind: "fault", fault };
  if (untimed > 0) yield noTime(metric, untimed, scope);
}

/** Milliseconds since 1970 for a row without a time: when its run started. */
function otherwise({ since }: MetricScope): number {
  return serviceMilliseconds(since ?? null) ?? 0;
}

function noTime(metric: string, rows: number, { run, since }: MetricScope): MetricPart {
  const instead = since
    ? `they have the run's, ${since}`
    : "the run has none either: they have the year 1970";
  const fault = {
    part: `metrics/${metric}`,
    code: "no_time",
    message: `the service tells no time for ${rows} rows of metric "${metric}" of run ${run}; ${instead}`,
    retryable: false,
  };
  return { kind: "fault", fault };
}

function faultPart(plane: DataPlane, part: string, error: unknown): MetricPart {
  return { kind: "fault", fault: { part, ...plane.trouble(error) } };
}
