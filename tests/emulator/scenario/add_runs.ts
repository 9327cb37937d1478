import type { Run, RunSeed, WorkspaceState } from "../state.ts";
import { ARTIFACT_STORE } from "../state/artifact.ts";
import { guidFrom } from "../state/guid.ts";
import { metricKey } from "../state/run.ts";
import { artifactBytes } from "./artifact_bytes.ts";
import { metricOf } from "./metric_of.ts";
import type { ScenarioArtifact, ScenarioRun } from "./schema.ts";

/** A blob that must be written before the emulator serves. */
export interface PendingBlob {
  readonly container: string;
  readonly path: string;
  readonly contentType: string | undefined;
  readonly append: boolean;
  bytes(): Uint8Array<ArrayBuffer>;
}

/** Adds the runs of a scenario with their descendants; answers the blobs that they need. */
export function addRuns(workspace: WorkspaceState, runs: readonly ScenarioRun[]): PendingBlob[] {
  const blobs: PendingBlob[] = [];
  for (const run of runs) addTree(workspace, run, null, blobs);
  return blobs;
}

function addTree(
  workspace: WorkspaceState,
  described: ScenarioRun,
  parent: Run | null,
  blobs: PendingBlob[],
): void {
  const experimentId = parent?.experimentId ??
    workspace.ensureExperiment(described.experiment ?? "Default").experimentId;
  const run = workspace.addRun(
    seedOf(described, experimentId, parent?.runId ?? null, workspace.facts.tenant),
  );
  for (const metric of described.metrics ?? []) {
    const series = metricOf(metric, run);
    run.metrics.set(metricKey(series.name, series.namespace), series);
  }
  addJob(workspace, described, run);
  for (const artifact of described.artifacts ?? []) addArtifact(workspace, run, artifact, blobs);
  for (const child of described.children ?? []) addTree(workspace, child, run, blobs);
}

function seedOf(
  described: ScenarioRun,
  experimentId: string,
  parentRunId: string | null,
  tenant: string,
): RunSeed {
  const created = utc(described.created_at) ?? "2024-03-01T10:00:00.0000000+00:00";
  const user = described.created_by ?? "Azml Tester";
  return {
    runId: described.id,
    experimentId,
    parentRunId,
    createdUtc: created,
    startTimeUtc: described.started_at === undefined ? created : utc(described.started_at),
    endTimeUtc: described.ended_at === undefined ? created : utc(described.ended_at),
    lastModifiedUtc: utc(described.ended_at) ?? created,
    status: described.status ?? "Completed",
    displayName: described.display_name ?? described.id,
    name: described.name ?? null,
    description: described.description ?? null,
    hidden: described.archived ?? false,
    dataContainerId: described.data_container ?? `dcid.${described.id}`,
    createdBy: { userObjectId: guidFrom(user), userTenantId: tenant, userName: user },
    runType: described.run_type ?? null,
    runTypeV2: {
      orchestrator: described.orchestrator ?? null,
      traits: described.traits ?? [],
      attribution: null,
      computeType: null,
    },
    properties: { ...described.properties },
    parameters: { ...described.params },
    tags: { ...described.tags },
    target: described.target ?? null,
    scriptName: described.script_name ?? null,
    primaryMetricName: described.primary_metric ?? null,
    inputs: described.inputs ?? null,
    outputs: described.outputs ?? null,
    inputDatasets: described.input_datasets ?? [],
    error: described.error ?? null,
    warnings: described.warnings ?? [],
  };
}

/** A time as run history writes it: the digits that the scenario has, padded to seven. */
function utc(time: string | null | undefined): string | null {
  if (time === undefined || time === null) return null;
  const [, whole = "", fraction = ""] = time.match(/^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.(\d+))?/) ?? [];
  return `${whole}.${fraction.padEnd(7, "0")}+00:00`;
}

function addJob(workspace: WorkspaceState, described: ScenarioRun, run: Run): void {
  const access = described.arm ??
    (run.parentRunId !== null ? "child" : described.definition ? "listed" : "none");
  if (access === "none") return;
  workspace.jobs.set(run.runId, {
    name: run.runId,
    definition: described.definition ?? {},
    access,
    systemData: {
      createdAt: run.createdUtc,
      createdBy: run.createdBy.userName,
      lastModifiedAt: run.lastModifiedUtc,
    },
  });
}

function addArtifact(
  workspace: WorkspaceState,
  run: Run,
  described: ScenarioArtifact,
  blobs: PendingBlob[],
): void {
  const datastore = described.datastore ?? ARTIFACT_STORE.datastore;
  const container = workspace.datastores.get(datastore)?.container;
  if (!container) throw new Error(`run ${run.runId}: artifact ${described.path} is in no known datastore`);
  const relativePath = described.relative_path ?? `ExperimentRun/${run.dataContainerId}/${described.path}`;
  if (described.registered !== false) {
    workspace.addArtifact("ExperimentRun", run.dataContainerId, {
      path: described.path,
      dataStoreName: datastore,
      relativePath,
      createdTime: run.createdUtc,
      etag: `"${guidFrom(relativePath)}"`,
      tags: null,
    });
  }
  if (described.stored === false) return;
  blobs.push({
    container,
    path: relativePath,
    contentType: described.content_type,
    append: described.append ?? false,
    bytes: () => artifactBytes(described, relativePath),
  });
}
