import type { Found, Log, Source } from "../stages/ports.ts";
import { DataPlane } from "./data_plane.ts";
import { exactJobs } from "./exact_jobs.ts";
import { includedJobs } from "./included_jobs.ts";
import { listedJobs } from "./listed_jobs.ts";
import { createReaders } from "./trees.ts";
import type { Workspace } from "./workspace.ts";
import { quietOnAbort } from "../wire/quiet_on_abort.ts";

/** How a workspace is read. */
export interface AzureSourceOptions {
  /** Requests under way at a time for one purpose; the wire bounds them all together. */
  readonly concurrency: number;
  readonly log: Log;
  /** Once aborted nothing new is read and the listing ends. */
  readonly signal: AbortSignal;
}

/**
 * An Azure ML workspace as a source of jobs. Listing is bulk: ARM's list names the roots, run history gives their runs
 * and whole trees in few requests; metrics and artifacts cost calls of their own, made only when asked for.
 */
export function createAzureSource(workspace: Workspace, options: AzureSourceOptions): Source {
  const readers = createReaders(new DataPlane(workspace, options));
  const drained = (found: AsyncIterable<readonly Found[]>) => quietOnAbort(found, options.signal);
  return {
    id: workspace.id,
    world: "azureml",
    jobs: (want) => drained(want.include === null ? listedJobs(readers, want) : includedJobs(readers, want)),
    lookUp: (ids) => drained(exactJobs(readers, ids)),
    usage: () => ({ calls: workspace.wire.calls(), bytes: workspace.bytes() }),
  };
}
