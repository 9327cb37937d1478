import { Failure } from "../records/failure.ts";
import { retryAfterMs } from "../wire/retry_after.ts";
import { ROUTES } from "../wire/routes.ts";
import { callService, type TargetScope } from "./target_scope.ts";
import type { RunPlace } from "./time_route.ts";

/** Milliseconds between looks where the service names none, and how long azml waits at all. */
const LOOK_MS = 1_000;
const PATIENCE_MS = 10 * 60_000;

/** Answers of a service that has no such route: its writes are then as good as it gets. */
const NO_ROUTE: readonly number[] = [404, 405, 501];

/**
 * Waits until all metrics of a run can be read (`metricsingest/wait`: 200, or 202 with a `Location` to look at again,
 * as the v1 SDK does before it ends a run). Throws `Failure` when that takes more than ten minutes.
 */
export async function waitForMetrics(scope: TargetScope, place: RunPlace): Promise<void> {
  const { clock, signal, workspace } = scope;
  const start = clock.now();
  const vars = { experiment: place.experiment, runId: place.runId };
  let answer = await callService(scope, ROUTES.history.waitForMetrics, { vars, accept: NO_ROUTE });
  while (answer.status === 202) {
    if (clock.now() - start > PATIENCE_MS) throw late(place.runId);
    const named = retryAfterMs((name) => answer.headers.get(name), clock.now());
    await clock.sleep(named ?? LOOK_MS, signal);
    const location = answer.headers.get("location");
    answer = location === undefined
      ? await callService(scope, ROUTES.history.waitForMetrics, { vars, accept: NO_ROUTE })
      : await scope.wire.send({
        route: ROUTES.history.waitForMetricsAt,
        url: new URL(location, workspace.api).href,
        accept: NO_ROUTE,
      });
  }
}

function late(runId: string): Failure {
  return new Failure(
    `Waiting for the metrics of run "${runId}": the service has not taken them in after ten minutes.`,
    {
      code: "metrics_late",
      reach: "record",
      retryable: true,
      hint: "Run it again later: what has arrived by then is not sent a second time.",
    },
  );
}
