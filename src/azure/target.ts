import type { OpenStore } from "../blob/container.ts";
import type { Log, Target } from "../stages/ports.ts";
import { type Clock, systemClock } from "../wire/clock.ts";
import { readOnly } from "../wire/read_only.ts";
import { findRuns } from "./find_runs.ts";
import { heldBeyond } from "./held_beyond.ts";
import { inventedValues } from "./invented_values.ts";
import { createRun } from "./run_create.ts";
import { updateRun } from "./run_update.ts";
import { runWriter } from "./run_writer.ts";
import type { TargetScope } from "./target_scope.ts";
import type { Workspace } from "./workspace.ts";

/** How a workspace is written to. */
export interface AzureTargetOptions {
  /** Opens the stores that records name; throws `Failure` for one that is not trusted. */
  readonly stores: OpenStore;
  /** False leaves all files where they are. */
  readonly copyArtifacts: boolean;
  /** Sends no request that changes anything; what would is a `Failure`. */
  readonly dryRun: boolean;
  /** Files copied at once for one run. */
  readonly concurrency: number;
  readonly log: Log;
  readonly signal: AbortSignal;
  readonly clock?: Clock;
}

/**
 * An Azure ML workspace to write finished runs to (`--as runs`): runs of chosen ids through run history, metrics
 * through the metric service, files from storage to storage. What it learns of the service (which route takes past
 * times, where files lie) it keeps for its life. Sends nothing until it is used.
 */
export function createAzureTarget(workspace: Workspace, options: AzureTargetOptions): Target {
  const scope: TargetScope = {
    workspace,
    wire: options.dryRun ? readOnly(workspace.wire) : workspace.wire,
    clock: options.clock ?? systemClock,
    log: options.log,
    signal: options.signal,
    writer: crypto.randomUUID(),
    stores: options.stores,
    copyArtifacts: options.copyArtifacts && !options.dryRun,
    concurrency: options.concurrency,
    experiments: new Map(),
    confirmed: new Set(),
    times: { start: null, end: null },
    metricRoutes: { write: "batchSync" },
    places: { rule: null },
  };
  return {
    id: workspace.id,
    suits: { as: "runs", for: "azureml" },
    find: (names) => findRuns(scope, names),
    open: async (unit, parent, found) => {
      const there = found === null ? null : await updateRun(scope, unit, parent, found.writers ?? null);
      const open = there ?? await createRun(scope, unit, parent);
      const loss = [...open.loss, ...inventedValues(unit, open), ...heldBeyond(unit, open)];
      return { run: runWriter(scope, open, unit), loss };
    },
    usage: () => ({ calls: workspace.wire.calls(), bytes: workspace.bytes() }),
  };
}
