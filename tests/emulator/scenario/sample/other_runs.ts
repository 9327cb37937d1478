import type { ScenarioRun } from "../schema.ts";
import { COMMAND } from "./command_jobs.ts";
import { at, definitionOf, fixture, inside, span } from "./fixture.ts";

const tuning = inside(
  fixture("examples/preview-2024-10-01-preview.FineTuningJob.createOrUpdate.json"),
  "responses",
  "201",
  "body",
  "properties",
);

/** Job types that few readers know, metrics that are no numbers, and runs that ARM knows nothing of. */
export function otherRuns(): ScenarioRun[] {
  return [fineTuning(), labeling(), unknownType(), evaluation(), bareRun()];
}

function fineTuning(): ScenarioRun {
  return {
    ...span(30000, 300),
    id: "fine_tune_small_model",
    experiment: "language models",
    definition: definitionOf(tuning),
    run_type: "azureml.FineTuning",
    metrics: [{ name: "train_loss", points: [[1, at(30100), 2.3], [2, at(30200), 1.9]] }],
  };
}

function labeling(): ScenarioRun {
  return {
    ...span(31000, 10),
    id: "labeling_Inference_5f2e9c1b_1709546400000",
    experiment: "labeling_Inference_5f2e9c1b",
    definition: {
      ...definitionOf(tuning),
      jobType: "Labeling",
      fineTuningDetails: null,
      progressMetrics: { completedDatapointCount: 4 },
    },
    tags: { "azureml.Designer": "true" },
  };
}

function unknownType(): ScenarioRun {
  return {
    ...span(32000, 10),
    id: "from_the_future",
    experiment: "churn",
    definition: { jobType: "Quantum", qubits: 64, inputs: {}, outputs: {} },
    run_type: "azureml.quantum",
  };
}

function evaluation(): ScenarioRun {
  const container = "dcid.evaluate_tables_images";
  const pointer = (path: string) => `aml://artifactId/ExperimentRun/${container}/${path}`;
  return {
    ...COMMAND,
    ...span(33000, 60),
    id: "evaluate_tables_images",
    experiment: "churn",
    metrics: [
      {
        name: "per_class",
        type: "azureml.v1.table",
        columns: { label: "string", precision: "double", support: "int", ok: "bool" },
        rows: [
          { time: at(33010), data: { label: "stay", precision: 0.93, support: 812, ok: true } },
          { time: at(33011), data: { label: "churn", precision: 0.71, support: 188, ok: false } },
        ],
      },
      {
        name: "thresholds",
        type: "azureml.v1.list",
        columns: { thresholds: "double" },
        rows: [0.1, 0.5, 0.9].map((value, index) => ({
          time: at(33012 + index),
          data: { thresholds: value },
        })),
      },
      {
        name: "roc_curve",
        type: "azureml.v1.image",
        columns: { roc_curve: "Artifact" },
        rows: [{ time: at(33020), data: { roc_curve: pointer("roc_curve_1709546400.png") } }],
      },
      {
        name: "confusion",
        type: "azureml.v1.confusion_matrix",
        columns: { confusion: "Artifact" },
        rows: [{ time: at(33021), data: { confusion: pointer("confusion") } }],
      },
      { name: "accuracy", points: [[0, at(33022), 0.884]] },
    ],
    artifacts: [
      { path: "roc_curve_1709546400.png", size: 900, content_type: "image/png" },
      {
        path: "confusion",
        text:
          '{"schema_type":"confusion_matrix","schema_version":"1.0.0","data":{"class_labels":["stay","churn"],"matrix":[[755,57],[55,133]]}}',
        content_type: "application/json",
      },
    ],
  };
}

/** A notebook's run, made through MLflow, with nested runs below it. */
function bareRun(): ScenarioRun {
  const mlflow = { orchestrator: "External", traits: ["mlflow"] };
  const child = (id: string, name: string, begin: number, children: ScenarioRun[] = []): ScenarioRun => ({
    ...mlflow,
    ...span(begin, 20),
    id,
    arm: "none",
    display_name: name,
    tags: { "mlflow.runName": name, "mlflow.user": "Example User" },
    params: { fold: name },
    metrics: [{ name: "val_loss", points: [[0, at(begin + 5), 0.4], [1, at(begin + 10), 0.35]] }],
    artifacts: [{ path: "outputs/fold.txt", text: `${name}\n` }],
    children,
  });
  return {
    ...mlflow,
    ...span(40000, 300),
    id: "0d5f8f0e-7a3b-4c56-9d1e-2b3c4d5e6f70",
    experiment: "notebook runs",
    display_name: "cross validation",
    created_by: "Example User",
    tags: { "mlflow.user": "Example User", "mlflow.source.name": "notebook.ipynb" },
    params: { folds: "2" },
    metrics: [{ name: "mean_loss", points: [[0, at(40290), 0.36]] }],
    artifacts: [{ path: "model/MLmodel", text: "artifact_path: model\nflavors: {}\n" }],
    children: [
      child("0d5f8f0e-7a3b-4c56-9d1e-2b3c4d5e6f71", "fold 1", 40010, [
        child("0d5f8f0e-7a3b-4c56-9d1e-2b3c4d5e6f73", "fold 1, retry", 40020),
      ]),
      child("0d5f8f0e-7a3b-4c56-9d1e-2b3c4d5e6f72", "fold 2", 40100),
    ],
  };
}
