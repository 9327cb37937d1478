import type { JsonObject } from "../../../src/records/json.ts";
import type { Context } from "../router.ts";
import type { Run } from "../state.ts";
import { artifactPlace } from "../artifact/artifact_place.ts";
import { runView } from "./run_view.ts";

/** Folders that hold logs (Azure ML storage notes D.1). */
const LOG_FOLDERS = ["user_logs/", "system_logs/", "azureml-logs/", "logs/"];

/** Fields of a run that its details do not have. */
const LEFT_OUT = [
  "createdUtc",
  "displayName",
  "name",
  "hidden",
  "token",
  "tokenExpiryTimeUtc",
  "description",
];

/** `RunDetails`: the run without a few fields, with its definition and a read link for each log file. */
export function runDetails(context: Context, run: Run): JsonObject {
  const view = runView(context.workspace, run);
  for (const field of LEFT_OUT) delete view[field];
  return {
    ...view,
    createdTimeUtc: run.createdUtc,
    runDefinition: run.runDefinition,
    logFiles: logFiles(context, run),
    jobCost: {
      chargedCpuCoreSeconds: null,
      chargedCpuMemoryMegabyteSeconds: null,
      chargedGpuSeconds: null,
      chargedNodeUtilizationSeconds: null,
    },
  };
}

function logFiles(context: Context, run: Run): JsonObject {
  const { workspace, base } = context;
  const links: JsonObject = {};
  for (const artifact of workspace.artifactsOf("ExperimentRun", run.dataContainerId)?.values() ?? []) {
    if (!LOG_FOLDERS.some((folder) => artifact.path.startsWith(folder))) continue;
    const { container, path } = artifactPlace(workspace, artifact);
    links[artifact.path] = workspace.storage.sasUrl(base, container, path, "r");
  }
  return links;
}
