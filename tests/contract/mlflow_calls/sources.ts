import { anExperiment, aRun, type CallScenario, get, post, type Step } from "./step.ts";

const version = (name: string, body: { [key: string]: string }, more: Partial<Step> = {}) =>
  post(name, "model-versions/create", { name: "src-m", ...body }, more);

const PLACES = [
  "abfss://c@a.dfs.core.windows.net/m",
  "wasbs://c@a.blob.core.windows.net/m",
  "azureml://subscriptions/x/m",
  "azureml:m:1",
  "gs://b/m",
  "dbfs:/m",
  "https://example.test/m",
  "models:/src-m/1",
  "models:/src-m@none",
];

/** Where the source of a version may lie, with a run and without; prompts among models; what older clients note. */
export const sources: CallScenario = {
  name: "sources",
  server: "proxied",
  steps: [
    anExperiment("src-exp"),
    aRun("run"),
    aRun("other"),
    post("a model", "registered-models/create", { name: "src-m" }),
    version("the whole root", { source: "mlflow-artifacts:/<experiment>/<run>/artifacts", run_id: "<run>" }),
    version("another run's", {
      source: "mlflow-artifacts:/<experiment>/<other>/artifacts/m",
      run_id: "<run>",
    }),
    version("runs:/ of another", { source: "runs:/<other>/m", run_id: "<run>" }),
    version("runs:/ without run", { source: "runs:/<run>/m" }),
    ...PLACES.map((source) => version(`${source} with run`, { source, run_id: "<run>" })),
    ...PLACES.map((source) => version(`${source} without run`, { source })),
    version("another place of an unknown run", {
      source: "s3://b/m",
      run_id: "0123456789abcdef0123456789abcdef",
    }),
    post("a prompt", "registered-models/create", {
      name: "src-prompt",
      tags: [{ key: "mlflow.prompt.is_prompt", value: "true" }],
    }),
    get("models", "registered-models/search", { filter: "name LIKE 'src-%'" }),
    get("models, no prompts", "registered-models/search", {
      filter: "name LIKE 'src-%' AND tags.`mlflow.prompt.is_prompt` != 'true'",
    }),
    get("prompts", "registered-models/search", { filter: "tag.`mlflow.prompt.is_prompt` = 'true'" }),
    get("a prompt by name", "registered-models/get", { name: "src-prompt" }),
    post("delete a tag of an experiment", "experiments/delete-experiment-tag", {
      experiment_id: "<experiment>",
      key: "none",
    }),
    get("search experiments by GET", "experiments/search", { max_results: "1", filter: "name = 'src-exp'" }),
    get("workspace of a server without them", "experiments/get", { experiment_id: "<experiment>" }, {
      headers: { "x-mlflow-workspace": "team-a" },
    }),
    post("presigned", "artifacts/presigned-download-url", { run_id: "<run>", path: "x" }, {
      statusOnly: true,
    }),
    post("log-model without fields", "runs/log-model", { run_id: "<run>", model_json: "{}" }, {
      statusOnly: true,
    }),
    post("log-model", "runs/log-model", {
      run_id: "<run>",
      model_json:
        '{"artifact_path":"m","flavors":{},"utc_time_created":"2026-01-01 00:00:00","run_id":"<run>"}',
    }),
    get("with its history", "runs/get", { run_id: "<run>" }),
  ],
};

/** A version that rests on a logged model (MLflow 3). */
export const lineage: CallScenario = {
  name: "lineage",
  server: "proxied",
  since: "3",
  steps: [
    anExperiment("line-exp"),
    aRun("run"),
    post("a logged model", "logged-models", {
      experiment_id: "<experiment>",
      name: "net",
      source_run_id: "<run>",
    }, { keep: { model: "model.info.model_id" } }),
    post("a model", "registered-models/create", { name: "line-m" }),
    post("named by source alone", "model-versions/create", { name: "line-m", source: "models:/<model>" }),
    post("named by run", "model-versions/create", {
      name: "line-m",
      source: "models:/<model>",
      run_id: "<run>",
    }),
    post("named by id", "model-versions/create", {
      name: "line-m",
      source: "models:/<model>",
      model_id: "<model>",
    }),
    post("an unknown id", "model-versions/create", {
      name: "line-m",
      source: "models:/m-0123456789abcdef0123456789abcdef",
      model_id: "m-0123456789abcdef0123456789abcdef",
    }),
    post("its place without names", "model-versions/create", {
      name: "line-m",
      source: "mlflow-artifacts:/<experiment>/models/<model>/artifacts",
    }),
    get("read", "model-versions/get", { name: "line-m", version: "1" }),
    post("search by run", "logged-models/search", {
      experiment_ids: ["<experiment>"],
      filter: "source_run_id = '<run>'",
    }),
    post("search without experiments", "logged-models/search", {}),
  ],
};
