import { isJsonObject, type JsonObject } from "../../../../src/records/json.ts";
import type { ScenarioRun } from "../schema.ts";
import { logs } from "./command_jobs.ts";
import { at, definitionOf, fixture, inside, span, textsOf } from "./fixture.ts";

const recorded = inside(
  fixture("recordings/arm-job-get-pipeline-completed.json"),
  "response",
  "body",
  "properties",
);
const children =
  inside(fixture("recordings/history-run-children-reused-steps.json"), "response", "body").value;

const PIPELINE = {
  run_type: "azureml.PipelineRun",
  orchestrator: "Aether",
  traits: ["azureml.PipelineRun"],
} satisfies Partial<ScenarioRun>;

/** A pipeline of three levels, a recorded one whose steps were reused, and the one that they were reused from. */
export function pipelines(): ScenarioRun[] {
  return [reusedFrom(), reusing(), threeLevels()];
}

function step(id: string, node: string, pipeline: string, begin: number): ScenarioRun {
  return {
    ...span(begin, 50),
    id,
    display_name: node,
    name: "azureml_anonymous",
    run_type: "azureml.StepRun",
    traits: ["azureml.StepRun"],
    target: "cpu-cluster",
    tags: { "azureml.nodeid": id.slice(0, 8), "azureml.pipeline": pipeline },
    properties: {
      "azureml.runsource": "azureml.StepRun",
      "azureml.nodeid": id.slice(0, 8),
      "azureml.pipelinerunid": pipeline,
      StepType: "PythonScriptStep",
      "azureml.moduleName": "azureml_anonymous",
      "azureml.DevPlatv2": "true",
      "azureml.pipelineComponent": "masterescloud",
    },
  };
}

/** Where the two recorded steps have their artifacts. */
function reusedFrom(): ScenarioRun {
  const id = "test_128369548391";
  return {
    ...PIPELINE,
    ...span(5000, 200),
    id,
    experiment: "azure-ai-ml",
    definition: definitionOf(recorded),
    properties: { ...textsOf(recorded, "properties") },
    children: ["e659b035-463a-48cc-9e01-a79d7a558727", "6eb984bb-f453-41d2-9ec7-b8c8372feb2b"].map((
      child,
      index,
    ) => ({
      ...step(child, `hello_world_inline_commandjob_${index + 1}`, id, 5010 + index * 60),
      metrics: [{ name: "rows", points: [[0, at(5020 + index * 60), 100 + index]] }],
      artifacts: [
        { path: "outputs/helloworld.txt", text: `Hello World ${index + 1}\n` },
        ...logs("Hello World\n"),
      ],
    })),
  };
}

function reusing(): ScenarioRun {
  return {
    ...PIPELINE,
    id: "test_259228612667",
    experiment: "azure-ai-ml",
    created_at: "2023-02-12T04:58:35.5997308+00:00",
    started_at: "2023-02-12T04:58:36.1000000+00:00",
    ended_at: "2023-02-12T04:58:38.2000000+00:00",
    created_by: "Example User",
    description: String(recorded.description),
    definition: definitionOf(recorded),
    tags: textsOf(recorded, "tags"),
    properties: textsOf(recorded, "properties"),
    children: (Array.isArray(children) ? children : []).filter(isJsonObject).map(recordedStep),
  };
}

function recordedStep(run: JsonObject): ScenarioRun {
  const text = (key: string) => String(run[key]);
  return {
    id: text("runId"),
    display_name: text("displayName"),
    name: text("name"),
    created_at: text("createdUtc"),
    started_at: text("startTimeUtc"),
    ended_at: text("endTimeUtc"),
    created_by: "Example User",
    run_type: text("runType"),
    traits: ["azureml.StepRun"],
    data_container: text("dataContainerId"),
    target: text("target"),
    tags: textsOf(run, "tags"),
    properties: textsOf(run, "properties"),
  };
}

function threeLevels(): ScenarioRun {
  const id = "train_and_deploy_3levels";
  const inner = "b1a2c3d4-0001-4000-8000-000000000010";
  const innermost = "b1a2c3d4-0001-4000-8000-000000000020";
  return {
    ...PIPELINE,
    ...span(7000, 900),
    id,
    experiment: "churn",
    display_name: "train and deploy",
    created_by: "Example User",
    definition: definitionOf(recorded),
    properties: textsOf(recorded, "properties"),
    tags: { release: "2024.03" },
    metrics: [{ name: "final_auc", points: [[0, at(7890), 0.913]] }],
    artifacts: [
      {
        path: "logs/azureml/executionlogs.txt",
        text: "pipeline started\n",
        content_type: "text/plain",
        registered: false,
      },
      { path: "logs/azureml/stderrlogs.txt", text: "", content_type: "text/plain" },
    ],
    children: [
      { ...step("b1a2c3d4-0001-4000-8000-000000000001", "prepare", id, 7010), artifacts: logs("prepared\n") },
      {
        ...step(inner, "train_group", id, 7100),
        params: { folds: "3" },
        children: [
          leaf("b1a2c3d4-0001-4000-8000-000000000011", "fit", inner, 7110),
          {
            ...step(innermost, "evaluate_group", inner, 7200),
            children: [
              leaf("b1a2c3d4-0001-4000-8000-000000000021", "score", innermost, 7210),
              leaf("b1a2c3d4-0001-4000-8000-000000000022", "report", innermost, 7280),
            ],
          },
        ],
      },
      { ...step("b1a2c3d4-0001-4000-8000-000000000002", "deploy", id, 7400), status: "Completed" },
    ],
  };
}

function leaf(id: string, node: string, pipeline: string, begin: number): ScenarioRun {
  return {
    ...step(id, node, pipeline, begin),
    params: { seed: "42", node },
    metrics: [{ name: "auc", points: [[0, at(begin + 10), 0.9], [1, at(begin + 20), 0.91]] }],
    artifacts: [{
      path: `outputs/${node}.json`,
      text: `{"node": "${node}"}\n`,
      content_type: "application/json",
    }, ...logs(`${node}\n`)],
  };
}
