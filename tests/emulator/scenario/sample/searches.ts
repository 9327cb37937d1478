import type { ScenarioRun } from "../schema.ts";
import { at, definitionOf, fixture, inside, span, textsOf } from "./fixture.ts";

const sweepJob = inside(
  fixture("recordings/arm-job-get-sweep-running.json"),
  "response",
  "body",
  "properties",
);
const autoMlJob = inside(fixture("examples/AutoMLJob.get.json"), "responses", "200", "body", "properties");
const TRIALS = 12;
const MODELS = 20;
const METRIC = "normalized_root_mean_squared_error";

/** A finished sweep of 12 trials and an AutoML job of 20 models whose metric is better when lower. */
export function searches(): ScenarioRun[] {
  return [sweep(), autoMl()];
}

function sweep(): ScenarioRun {
  const id = "sweep_lr_search";
  const scores = Array.from({ length: TRIALS }, (_, index) => 0.7 + ((index * 7) % TRIALS) / 50);
  const best = scores.indexOf(Math.max(...scores));
  const choices = scores.map((_, index) => ({
    "--lr": (index + 1) / 1000,
    "--conv_size": [2, 5, 7][index % 3] ?? 2,
  }));
  return {
    ...span(10000, 3600),
    id,
    experiment: "sdk-cli-v2",
    created_by: "Example User",
    definition: definitionOf(sweepJob),
    run_type: "hyperdrive",
    orchestrator: "HyperDrive",
    traits: ["hyperdrive"],
    tags: {
      ...textsOf(sweepJob, "tags"),
      _aml_system_platform_config: JSON.stringify({
        ServiceAddress: "https://eastus.api.azureml.ms",
        Padding: "x".repeat(3800),
      }),
      ...Object.fromEntries(
        choices.map((choice, index) => [`_aml_system_${id}_${index}`, JSON.stringify(choice)]),
      ),
    },
    properties: {
      ...textsOf(sweepJob, "properties"),
      score: String(scores[best]),
      best_child_run_id: `${id}_${best}`,
      best_metric_status: "Succeeded",
      best_data_container_id: `dcid.${id}_${best}`,
    },
    metrics: [{
      name: "best_child_by_primary_metric",
      type: "azureml.v1.table",
      columns: { run_id: "string", metric_value: "double", final: "bool" },
      rows: [{
        time: at(13500),
        data: { run_id: `${id}_${best}`, metric_value: scores[best] ?? 0, final: true },
      }],
    }],
    artifacts: [{
      path: "azureml-logs/hyperdrive.txt",
      text: "[SCHEDULER] 12 jobs\n",
      content_type: "text/plain",
    }],
    children: scores.map((score, index): ScenarioRun => ({
      ...span(10020 + index * 200, 180),
      id: `${id}_${index}`,
      display_name: `${id}_${index}`,
      run_type: "azureml.scriptrun",
      traits: ["azureml.scriptrun"],
      params: { lr: String((index + 1) / 1000) },
      properties: { "azureml.runsource": "azureml.scriptrun", HD_ID: `${id}` },
      metrics: [{
        name: "accuracy",
        points: [[0, at(10100 + index * 200), score / 2], [1, at(10180 + index * 200), score]],
      }],
      artifacts: [{ path: "outputs/model.pkl", size: 512 }],
    })),
  };
}

function autoMl(): ScenarioRun {
  const id = "AutoML_4c7e1a90-3b52-4f6d-8a11-9e0d2c5b7f34";
  const losses = Array.from(
    { length: MODELS },
    (_, index) => Number((0.9 - ((index * 11) % MODELS) / 40).toFixed(4)),
  );
  const best = losses.indexOf(Math.min(...losses));
  const algorithms = losses.map((_, index) =>
    ["LightGBM", "XGBoostRegressor", "ElasticNet", "RandomForest"][index % 4] ?? ""
  );
  return {
    ...span(20000, 5400),
    id,
    experiment: "automl regression",
    created_by: "Example User",
    definition: {
      ...definitionOf(autoMlJob),
      computeId: null,
      taskDetails: {
        taskType: "Regression",
        primaryMetric: "NormalizedRootMeanSquaredError",
        targetColumnName: "revenue",
        trainingData: {
          jobInputType: "mltable",
          uri: "azureml:churn_table:1",
          mode: null,
          description: null,
        },
        limitSettings: { maxTrials: MODELS, maxConcurrentTrials: 4, timeout: "PT2H" },
      },
      outputs: {},
    },
    run_type: "automl",
    orchestrator: "AutoML",
    traits: ["automl", "Remote.Parent"],
    target: "Serverless",
    primary_metric: METRIC,
    tags: {
      automl_best_child_run_id: `${id}_${best}`,
      model_explain_run: "best_run",
      score_000: losses.join(";"),
      iteration_000: losses.map((_, index) => index).join(";"),
      run_algorithm_000: algorithms.join(";"),
      pipeline_id: "",
      fit_time: "",
    },
    properties: {
      runTemplate: "AutoML",
      "azureml.runsource": "automl",
      num_iterations: String(MODELS),
      primary_metric: METRIC,
      SetupRunId: `${id}_setup`,
      FeaturizationRunId: `${id}_featurize`,
      Orchestrator: "AutoML",
      AMLSettingsJsonString: JSON.stringify({
        primary_metric: METRIC,
        metric_operation: "minimize",
        padding: "y".repeat(1200),
      }),
    },
    inputs: {
      training_data: {
        assetId: "azureml://locations/eastus/workspaces/w/data/churn_table/versions/1",
        type: "MLTable",
      },
    },
    children: [
      helper(id, "setup", 20010),
      helper(id, "featurize", 20100),
      ...losses.map((loss, index) => model(id, index, loss, algorithms[index] ?? "")),
    ],
  };
}

function helper(parent: string, role: string, begin: number): ScenarioRun {
  return {
    ...span(begin, 60),
    id: `${parent}_${role}`,
    display_name: role,
    arm: "child",
    run_type: `azureml.${role}`,
    properties: { runTemplate: `automl_${role}` },
    artifacts: [{ path: `outputs/${role}.json`, text: "{}\n", content_type: "application/json" }],
  };
}

function model(parent: string, index: number, loss: number, algorithm: string): ScenarioRun {
  const begin = 20200 + index * 240;
  return {
    ...span(begin, 200),
    id: `${parent}_${index}`,
    display_name: `${parent}_${index}`,
    arm: "unsupported",
    run_type: "azureml.scriptrun",
    traits: ["automl", "Remote.Child"],
    properties: {
      runTemplate: "automl_child",
      run_template: "automl_child",
      iteration: String(index),
      run_algorithm: algorithm,
      run_preprocessor: "MaxAbsScaler",
      score: String(loss),
      primary_metric: METRIC,
      goal: `${METRIC}_min`,
      pipeline_id: index === MODELS - 1 ? "__AutoML_Ensemble__" : `pipe${index}`,
      pipeline_spec: JSON.stringify({ objects: [algorithm], padding: "z".repeat(1100) }),
    },
    metrics: [
      { name: METRIC, points: [[null, at(begin + 190), loss]] },
      { name: "r2_score", points: [[null, at(begin + 190), Number((1 - loss / 2).toFixed(4))]] },
    ],
    artifacts: [{ path: "outputs/model.pkl", size: 1024 }, {
      path: "outputs/conda_env_v_1_0_0.yml",
      text: "name: project_environment\n",
    }],
  };
}
