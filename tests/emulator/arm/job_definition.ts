import type { JsonObject, JsonValue } from "../../../src/records/json.ts";
import { isJsonObject } from "../../../src/records/json.ts";

/** What the service makes of a PUT body: absent values as nulls, its own properties, an output `default`. */
export interface Definition {
  readonly definition: JsonObject;
  readonly properties: Record<string, string>;
  readonly runType: string | null;
  readonly traits: readonly string[];
  readonly orchestrator: string | null;
}

interface JobType {
  /** Fields that are answered as null when they were not sent. */
  readonly nulls: readonly string[];
  readonly properties: (body: JsonObject) => Record<string, string>;
  readonly runType: string | null;
  readonly traits: readonly string[];
  readonly orchestrator: string | null;
  readonly defaultOutput: boolean;
}

const COMMON = ["computeId", "identity", "componentId", "notificationSetting"];
const COMMAND = ["codeId", "distribution", "autologgerSettings", "limits", "queueSettings", "parameters"];
const compute = () => ({ "_azureml.ComputeTargetType": "amlctrain" });

const types: Record<string, JobType> = {
  Command: {
    nulls: COMMAND,
    properties: compute,
    runType: "azureml.scriptrun",
    traits: ["azureml.scriptrun"],
    orchestrator: "Execution",
    defaultOutput: true,
  },
  Pipeline: {
    nulls: ["sourceJobId"],
    properties: pipelineProperties,
    runType: "azureml.PipelineRun",
    traits: ["azureml.PipelineRun"],
    orchestrator: "Aether",
    defaultOutput: false,
  },
  Sweep: {
    nulls: ["earlyTermination", "queueSettings"],
    properties: sweepProperties,
    runType: "hyperdrive",
    traits: ["hyperdrive"],
    orchestrator: "HyperDrive",
    defaultOutput: true,
  },
  AutoML: {
    nulls: ["environmentId", "queueSettings"],
    properties: () => ({ runTemplate: "AutoML", "azureml.runsource": "automl", Orchestrator: "AutoML" }),
    runType: "automl",
    traits: ["automl", "Remote.Parent"],
    orchestrator: "AutoML",
    defaultOutput: true,
  },
};

const OTHER: JobType = {
  nulls: ["queueSettings"],
  properties: compute,
  runType: null,
  traits: [],
  orchestrator: null,
  defaultOutput: true,
};

/** Works out what ARM keeps of a PUT body (Azure ML ARM, recorded answers of command, pipeline and sweep jobs). */
export function definitionOf(name: string, body: JsonObject): Definition {
  const type = types[String(body.jobType)] ?? OTHER;
  const nulls = Object.fromEntries([...COMMON, ...type.nulls].map((key): [string, null] => [key, null]));
  const definition: JsonObject = { ...nulls, ...body };
  for (
    const key of [
      "tags",
      "properties",
      "displayName",
      "description",
      "experimentName",
      "isArchived",
      "services",
    ]
  ) {
    delete definition[key];
  }
  definition.inputs = eachFilled(body.inputs, { description: null });
  definition.outputs = {
    ...eachFilled(body.outputs, { description: null, uri: null, assetName: null, assetVersion: null }),
    ...(type.defaultOutput ? { default: defaultOutput(name) } : {}),
  };
  if (type.nulls === COMMAND) definition.resources = commandResources(body.resources);
  if (isJsonObject(body.queueSettings)) definition.queueSettings = { priority: null, ...body.queueSettings };
  const { runType, traits, orchestrator } = type;
  return { definition, properties: type.properties(body), runType, traits, orchestrator };
}

/** The output that every job but a pipeline gets; its address has no `/paths/` (recorded). */
export function defaultOutput(name: string): JsonObject {
  return {
    description: null,
    uri: `azureml://datastores/workspaceartifactstore/ExperimentRun/dcid.${name}`,
    assetName: null,
    assetVersion: null,
    mode: "ReadWriteMount",
    jobOutputType: "uri_folder",
  };
}

function commandResources(sent: JsonValue | undefined): JsonObject {
  return {
    instanceCount: 1,
    instanceType: null,
    properties: null,
    shmSize: "2g",
    dockerArgs: null,
    ...(isJsonObject(sent) ? sent : {}),
  };
}

function eachFilled(values: JsonValue | undefined, nulls: JsonObject): JsonObject {
  if (!isJsonObject(values)) return {};
  return Object.fromEntries(
    Object.entries(values).map(([key, value]) => [key, isJsonObject(value) ? { ...nulls, ...value } : value]),
  );
}

function pipelineProperties(body: JsonObject): Record<string, string> {
  const settings = isJsonObject(body.settings) ? body.settings : {};
  const last = (value: JsonValue | undefined, otherwise: string) =>
    typeof value === "string" ? value.split("/").at(-1) ?? otherwise : otherwise;
  return {
    "azureml.DevPlatv2": "true",
    "azureml.runsource": "azureml.PipelineRun",
    runSource: "MFE",
    runType: "HTTP",
    "azureml.parameters": "{}",
    "azureml.continue_on_step_failure": settings.continue_on_step_failure === true ? "True" : "False",
    "azureml.continue_on_failed_optional_input": "True",
    "azureml.defaultComputeName": last(body.computeId ?? settings.default_compute, ""),
    "azureml.defaultDataStoreName": last(settings.default_datastore, "workspaceblobstore"),
    "azureml.pipelineComponent": "pipelinerun",
  };
}

function sweepProperties(body: JsonObject): Record<string, string> {
  const objective = isJsonObject(body.objective) ? body.objective : {};
  const goal = String(objective.goal ?? "").toLowerCase();
  return {
    primary_metric_config: JSON.stringify({ name: objective.primaryMetric ?? null, goal }),
    resume_from: "null",
    runTemplate: "HyperDrive",
    "azureml.runsource": "hyperdrive",
    platform: "AML",
  };
}
