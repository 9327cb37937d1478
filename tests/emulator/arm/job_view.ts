import { isJsonObject, type JsonObject } from "../../../src/records/json.ts";
import type { Context } from "../router.ts";
import type { ArmJob, Run } from "../state.ts";
import { defaultOutput } from "./job_definition.ts";
import { resource } from "./resource.ts";
import { apiBase } from "./workspace.ts";

/**
 * A job as ARM shows it: the definition as it was PUT, with names, tags, properties, status and archiving of its run.
 * A child of a pipeline has no `properties` (recorded).
 */
export function jobView(context: Context, job: ArmJob, run: Run): JsonObject {
  const path = `jobs/${job.name}`;
  const { systemData } = job;
  if (job.access === "child") return resource(context, { path, properties: null, systemData });
  const experiment = context.workspace.experiment(run.experimentId);
  const properties: JsonObject = {
    ...job.definition,
    ...outputs(job),
    description: run.description,
    tags: { ...run.tags },
    properties: { ...run.properties },
    displayName: run.displayName,
    status: run.status,
    experimentName: experiment?.name ?? "Default",
    services: services(context, job.name),
    isArchived: run.hidden,
  };
  return resource(context, { path, properties, systemData });
}

/** Generated jobs share one definition: the default output is each job's own. */
function outputs(job: ArmJob): JsonObject {
  const { outputs } = job.definition;
  if (!isJsonObject(outputs) || !isJsonObject(outputs.default)) return {};
  return { outputs: { ...outputs, default: defaultOutput(job.name) } };
}

function services(context: Context, name: string): JsonObject {
  const { facts, armPath } = context.workspace;
  const host = new URL(apiBase(context)).host;
  const scope =
    `/subscriptions/${facts.subscription}/resourcegroups/${facts.resourceGroup}/workspaces/${facts.name}`;
  const service = (kind: string, endpoint: string): JsonObject => ({
    jobServiceType: kind,
    port: null,
    endpoint,
    status: null,
    errorMessage: null,
    properties: null,
    nodes: null,
  });
  return {
    Tracking: service("Tracking", `azureml://${host}/mlflow/v1.0${armPath}?`),
    Studio: service("Studio", `https://ml.azure.com/runs/${name}?wsid=${scope}`),
  };
}
