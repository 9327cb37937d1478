import type { OpenStore } from "../blob/container.ts";
import type { JsonValue } from "../records/json.ts";
import type { Log } from "../stages/ports.ts";
import type { Clock } from "../wire/clock.ts";
import type { Answer, Route, Wire, WireRequest } from "../wire/wire.ts";
import type { ArtifactPlaces } from "./artifact_place.ts";
import type { MetricRoutes } from "./metric_send.ts";
import type { TimeRoutes } from "./time_route.ts";
import type { Workspace } from "./workspace.ts";

/** What writing to a workspace needs everywhere, and what one process has learned of the service so far. */
export interface TargetScope {
  readonly workspace: Workspace;
  readonly wire: Wire;
  readonly clock: Clock;
  readonly log: Log;
  readonly signal: AbortSignal;
  /** UUID of this process, with which it claims the runs that it writes. */
  readonly writer: string;
  /** Opens the stores that records name. */
  readonly stores: OpenStore;
  readonly copyArtifacts: boolean;
  /** Files copied at once for one run. */
  readonly concurrency: number;
  /** Ids by name of the experiments that are known to be there. */
  readonly experiments: Map<string, Promise<string | null>>;
  /** What was read back once and found as it was asked for, so that answers are believed from then on. */
  readonly confirmed: Set<"name" | "parent">;
  readonly times: TimeRoutes;
  readonly metricRoutes: MetricRoutes;
  readonly places: ArtifactPlaces;
}

/** What one call says beside its route. */
export interface CallParts {
  readonly vars?: Readonly<Record<string, string>>;
  readonly query?: NonNullable<WireRequest["query"]>;
  readonly body?: JsonValue;
  readonly accept?: readonly number[];
}

/** Sends a request to the workspace's data plane. Throws `Failure` as `Wire.send` does. */
export function callService(
  scope: Pick<TargetScope, "workspace" | "wire">,
  route: Route,
  parts: CallParts,
): Promise<Answer> {
  const { vars, ...rest } = parts;
  return scope.wire.send({
    ...rest,
    route,
    base: scope.workspace.api,
    vars: { ws: scope.workspace.armPath, ...vars },
  });
}
