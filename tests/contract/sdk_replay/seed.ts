import type { WorkspaceState } from "../../emulator/state.ts";
import { ARTIFACT_STORE } from "../../emulator/state/artifact.ts";
import type { Bindings } from "./bindings.ts";
import { makeGranted } from "./granted.ts";
import type { Operation, SdkRequest } from "./operation.ts";
import { type Roles, textOf } from "./placeholders.ts";

/** Makes what an operation takes for granted: the runs and experiments that it names, the blobs that it reads. */
export async function seedFor(
  operation: Operation,
  roles: Roles,
  bindings: Bindings,
  workspace: WorkspaceState,
): Promise<void> {
  makeGranted(operation, workspace);
  const experiment = workspace.ensureExperiment(experimentName(operation));
  for (const placeholder of roles.experiments) bindings.bind(placeholder, experiment.experimentId);
  for (const placeholder of roles.runs) {
    if (roles.answered.includes(placeholder)) continue;
    const runId = bindings.fill(placeholder);
    if (roles.patched.has(placeholder)) continue;
    workspace.addRun({ runId, experimentId: experiment.experimentId, status: "Running" });
  }
  const written = new Set(
    operation.requests.filter(({ method }) => method === "PUT").map(({ path }) => path),
  );
  for (const request of operation.requests) {
    await seedBlob(request, written.has(request.path), bindings, workspace);
  }
  if (operation.requests.some(({ path }) => path.endsWith("/experiments/create"))) {
    workspace.experiments.delete(experiment.experimentId);
  }
}

function experimentName(operation: Operation): string {
  const named = operation.requests.map(textOf).join("\n").match(/\/experiments\/(\w+)\//)?.[1];
  return named ?? (operation.name.startsWith("v1-") ? "v1exp" : "expm");
}

/** Blobs that are read must be there (and be artifacts, when they belong to a run); blobs that are put must not. */
async function seedBlob(
  request: SdkRequest,
  written: boolean,
  bindings: Bindings,
  workspace: WorkspaceState,
): Promise<void> {
  if (request.service !== "blob" || request.path.includes("<pending-container>")) return;
  const path = bindings.fill(request.path);
  const [, container = "", ...names] = path.split("/");
  const name = names.map(decodeURIComponent).join("/");
  if (name === "") return;
  if (request.method === "PUT") await workspace.storage.remove(container, name);
  if (written || request.answer_status_given >= 300) return;
  await workspace.storage.write(container, name, new TextEncoder().encode("hello"));
  const [, dcid, file] = /^ExperimentRun\/([^/]+)\/(.+)$/.exec(name) ?? [];
  if (container !== ARTIFACT_STORE.container || dcid === undefined || file === undefined) return;
  workspace.addArtifact("ExperimentRun", dcid, {
    path: file,
    dataStoreName: ARTIFACT_STORE.datastore,
    relativePath: name,
    createdTime: workspace.clock.now(),
    etag: '"1"',
    tags: {},
  });
}
