import type { Found, Log, Source, Want } from "../stages/ports.ts";
import { DataPlane } from "./data_plane.ts";
import { Descendants } from "./descendants.ts";
import { ExperimentNames } from "./experiment_names.ts";
import { includedJobs } from "./included_jobs.ts";
import { listedJobs } from "./listed_jobs.ts";
import { RunData } from "./run_data.ts";
import type { Workspace } from "./workspace.ts";

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
  return {
    id: workspace.id,
    jobs: (want) => jobs(workspace, options, want),
    usage: () => ({ calls: workspace.wire.calls(), bytes: workspace.bytes() }),
  };
}

async function* jobs(
  workspace: Workspace,
  options: AzureSourceOptions,
  want: Want,
): AsyncGenerator<readonly Found[]> {
  const plane = new DataPlane(workspace, options);
  const names = new ExperimentNames(plane);
  const readers = { plane, names, runData: new RunData(plane), descendants: new Descendants(plane) };
  try {
    yield* want.include === null ? listedJobs(readers, want) : includedJobs(readers, want);
  } catch (error) {
    // What an interrupted request throws is no failure of the workspace.
    if (!options.signal.aborted) throw error;
  }
}
