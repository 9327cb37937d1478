import type { ScenarioArtifact, ScenarioRun } from "../schema.ts";
import { at, definitionOf, fixture, inside, span } from "./fixture.ts";

const recorded = inside(
  fixture("recordings/arm-job-put-command-serverless.json"),
  "response",
  "body",
  "properties",
);

/** Fields of a command job with the recorded definition. */
export const COMMAND = {
  definition: definitionOf(recorded),
  run_type: "azureml.scriptrun",
  orchestrator: "Execution",
  traits: ["azureml.scriptrun"],
  properties: { "_azureml.ComputeTargetType": "amlctrain" },
} satisfies Partial<ScenarioRun>;

/** Two logs as a command job leaves them: an append blob that nobody registered, and a registered one. */
export function logs(text: string): ScenarioArtifact[] {
  return [
    { path: "user_logs/std_log.txt", text, content_type: "text/plain", append: true, registered: false },
    { path: "system_logs/lifecycler/execution.log", text: `lifecycler: ${text}`, content_type: "text/plain" },
  ];
}

/** Command jobs in every state that a job can be in. */
export function commandJobs(): ScenarioRun[] {
  return [train(), failed(), canceled(), running(), archived(), manyTags(), bare(), oddNames(), elsewhere()];
}

function train(): ScenarioRun {
  return {
    ...COMMAND,
    ...span(0, 1200),
    id: "brave_apple_k3x9q2",
    experiment: "churn",
    display_name: "train churn model",
    description: "Gradient boosting on the March extract.",
    created_by: "Example User",
    tags: { team: "growth", "mlflow.source.type": "JOB", empty: "" },
    params: { learning_rate: "0.05", max_depth: "6", objective: "binary:logistic" },
    metrics: [
      { name: "loss", curve: { count: 1000, from: 0.69, to: 0.21, start: at(10), every_ms: 1000 } },
      { name: "accuracy", points: [[0, at(300), 0.81], [1, at(600), 0.87], [2, at(900), 0.892]] },
      {
        name: "grad_norm",
        points: [
          [0, at(60), 12.5],
          [1, at(120), "Infinity"],
          [2, at(180), "NaN"],
          [3, at(240), "-Infinity"],
          [4, at(300), 3.1],
        ],
      },
      { name: "score", points: [[0, at(60), 1], [0, at(61), 2], [null, at(62), 3]] },
    ],
    artifacts: [
      { path: "outputs/model.pkl", size: 65536 },
      { path: "outputs/big/weights.bin", size: 5 * 1024 * 1024 },
      { path: "outputs/metrics.json", text: '{"accuracy": 0.892}\n', content_type: "application/json" },
      { path: "outputs/empty.txt", text: "" },
      ...logs("epoch 1\nepoch 2\nepoch 3\n"),
    ],
  };
}

function failed(): ScenarioRun {
  return {
    ...COMMAND,
    ...span(2000, 45),
    id: "9f3c2a71-5d0e-4b7a-9c55-0a1b2c3d4e5f",
    experiment: "churn",
    display_name: "train churn model, broken data",
    status: "Failed",
    created_by: "Example User",
    params: { learning_rate: "0.5" },
    metrics: [{ name: "loss", points: [[0, at(2010), 0.7], [1, at(2020), "NaN"]] }],
    error: {
      error: {
        code: "UserError",
        message: "Execution failed. User process 'python' exited with status code 1.",
        innerError: { code: "BadArgument", innerError: { code: "UserScriptFailed" } },
      },
      correlation: null,
    },
    artifacts: logs("Traceback (most recent call last):\nValueError: broken\n"),
  };
}

function canceled(): ScenarioRun {
  return {
    ...COMMAND,
    ...span(2400, 30),
    id: "calm_river_canceled",
    experiment: "churn",
    status: "Canceled",
    artifacts: logs("stopped\n"),
  };
}

function running(): ScenarioRun {
  return {
    ...COMMAND,
    id: "busy_bee_running",
    experiment: "churn",
    status: "Running",
    created_at: at(90000),
    started_at: at(90004),
    ended_at: null,
    params: { learning_rate: "0.1" },
    metrics: [{ name: "loss", points: [[0, at(90010), 0.69], [1, at(90020), 0.66]] }],
    artifacts: [{ path: "user_logs/std_log.txt", text: "epoch 1\n", append: true, registered: false }],
  };
}

function archived(): ScenarioRun {
  return {
    ...COMMAND,
    ...span(3000, 60),
    id: "old_oak_archived",
    experiment: "retired experiment",
    archived: true,
    params: { learning_rate: "1" },
    metrics: [{ name: "loss", points: [[0, at(3010), 0.9]] }],
    artifacts: [{ path: "outputs/model.pkl", size: 128 }],
  };
}

function manyTags(): ScenarioRun {
  const tags = Object.fromEntries(
    Array.from({ length: 64 }, (_, index) => [`label_${String(index).padStart(2, "0")}`, `value ${index}`]),
  );
  return {
    ...COMMAND,
    ...span(3200, 10),
    id: "tagged_tiger_64",
    experiment: "churn",
    tags: {
      ...tags,
      long: "x".repeat(900),
      _aml_system_ComputeTargetStatus: '{"AllocationState":"steady","RunningNodeCount":3}',
    },
    artifacts: [{ path: "outputs/tags.txt", text: "64\n" }],
  };
}

/** Nothing but its own existence. */
function bare(): ScenarioRun {
  return { ...COMMAND, ...span(3300, 1), id: "plain_pebble_empty", experiment: "churn" };
}

function oddNames(): ScenarioRun {
  return {
    ...COMMAND,
    ...span(3400, 20),
    id: "odd_names_job",
    experiment: "Übung #1, 100 % fertig (日本)",
    display_name: 'Größe & Maß <1> "zitiert"',
    description: "Zeile eins\nZeile zwei \u{1F680}",
    created_by: "Zoë Łukasz",
    tags: { "größe #1": "50 % ✓", "key with spaces": "a=b&c", "emoji \u{1F600}": "\u{1F680}" },
    params: { "Pfad": "C:\\daten\\x y#z%.csv", "leer": "" },
    metrics: [{ name: "F1 (%) größe", points: [[1, at(3410), 0.5], [2, at(3411), 0.625]] }],
    artifacts: [
      { path: "outputs/Größe #1/50% fertig.txt", text: "hallo\n", content_type: "text/plain" },
      { path: "outputs/with space/a+b&c=d.csv", text: "a,b\n1,2\n", content_type: "text/csv" },
      { path: "outputs/日本語/モデル.bin", size: 256 },
      { path: "outputs/percent%20literal.txt", text: "not a space\n" },
    ],
  };
}

function elsewhere(): ScenarioRun {
  return {
    ...COMMAND,
    ...span(3600, 30),
    id: "far_store_job",
    experiment: "churn",
    artifacts: [
      {
        path: "outputs/shared/table.csv",
        text: "k,v\n1,2\n",
        datastore: "shared_data",
        relative_path: "exports/2024/table.csv",
      },
      { path: "outputs/here.txt", text: "here\n" },
    ],
  };
}
