import { notFound, ServiceError } from "../errors.ts";
import type { Experiment, Run, WorkspaceState } from "../state.ts";

/** The run of an id. Throws the recorded 404: `Run runId=x was not found`. */
export function findRun(workspace: WorkspaceState, runId: string): Run {
  const run = workspace.runs.get(runId);
  if (run === undefined) throw runNotFound(runId);
  return run;
}

/** The 404 of a run that is not there, as recorded. */
export function runNotFound(runId: string): ServiceError {
  const { facts } = notFound(`Run runId=${runId} was not found`);
  return new ServiceError({
    ...facts,
    messageFormat: "Run {runId} was not found",
    messageParameters: { runId: `runId=${runId}` },
  });
}

/** The experiment of an id or a name. Throws `ServiceError` 404. */
export function findExperiment(workspace: WorkspaceState, idOrName: string): Experiment {
  const experiment = workspace.experiment(idOrName);
  if (experiment === undefined) throw notFound(`Experiment ${idOrName} was not found`);
  return experiment;
}
