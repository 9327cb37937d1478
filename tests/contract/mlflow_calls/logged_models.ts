import { anExperiment, API, aRun, type CallScenario, get, post } from "./step.ts";

/** Logged models and outputs of runs: MLflow 3. */
export const loggedModels: CallScenario = {
  name: "logged_models",
  server: "proxied",
  since: "3",
  steps: [
    anExperiment("logged-exp"),
    aRun("run"),
    post("make", "logged-models", {
      experiment_id: "<experiment>",
      name: "net",
      model_type: "Agent",
      source_run_id: "<run>",
      params: [{ key: "p", value: "1" }],
      tags: [{ key: "t", value: "2" }],
    }, { keep: { model: "model.info.model_id" } }),
    post("bad name", "logged-models", { experiment_id: "<experiment>", name: "a/b" }),
    get("read", "logged-models/<model>"),
    get("unknown", "logged-models/m-0123456789abcdef0123456789abcdef"),
    {
      ...post("ready", "logged-models/<model>", { model_id: "<model>", status: "LOGGED_MODEL_READY" }),
      method: "PATCH",
    },
    {
      ...post("tags", "logged-models/<model>/tags", {
        model_id: "<model>",
        tags: [{ key: "u", value: "3" }],
      }),
      method: "PATCH",
    },
    post("more params", "logged-models/<model>/params", {
      model_id: "<model>",
      params: [{ key: "q", value: "2" }],
    }),
    post("a param again", "logged-models/<model>/params", {
      model_id: "<model>",
      params: [{ key: "p", value: "other" }],
    }),
    post("metric of a model", "runs/log-batch", {
      run_id: "<run>",
      metrics: [{
        key: "acc",
        value: 0.5,
        timestamp: 7,
        step: 1,
        model_id: "<model>",
        dataset_name: "d",
        dataset_digest: "x",
      }],
    }),
    get("history with model", "metrics/get-history", { run_id: "<run>", metric_key: "acc" }),
    post("output", "runs/outputs", { run_id: "<run>", models: [{ model_id: "<model>", step: 3 }] }),
    post("input", "runs/log-inputs", { run_id: "<run>", models: [{ model_id: "<model>" }] }),
    get("run with models", "runs/get", { run_id: "<run>" }),
    post("search", "logged-models/search", { experiment_ids: ["<experiment>"] }),
    post("search by name", "logged-models/search", {
      experiment_ids: ["<experiment>"],
      filter: "name = 'net'",
      max_results: 5,
    }),
    post("search another name", "logged-models/search", {
      experiment_ids: ["<experiment>"],
      filter: "name = 'other'",
    }),
    post("version of a logged model: the registry", "registered-models/create", { name: "logged-m" }),
    post("version of a logged model", "model-versions/create", {
      name: "logged-m",
      source: "models:/<model>",
      run_id: "<run>",
      model_id: "<model>",
    }),
    post("version whose source is the artifact place", "model-versions/create", {
      name: "logged-m",
      source: "mlflow-artifacts:/<experiment>/models/<model>/artifacts",
      run_id: "<run>",
      model_id: "<model>",
    }),
    get("read after", "logged-models/<model>"),
    {
      name: "files",
      method: "GET",
      path: `/ajax-api/2.0/mlflow/logged-models/<model>/artifacts/directories`,
    },
    {
      name: "put a file",
      method: "PUT",
      path: "/api/2.0/mlflow-artifacts/artifacts/<experiment>/models/<model>/artifacts/MLmodel",
      text: "flavors: {}\n",
    },
    {
      name: "files after",
      method: "GET",
      path: `/ajax-api/2.0/mlflow/logged-models/<model>/artifacts/directories`,
    },
    {
      name: "read a file",
      method: "GET",
      path: `/ajax-api/2.0/mlflow/logged-models/<model>/artifacts/files`,
      query: { artifact_file_path: "MLmodel" },
    },
    { name: "delete", method: "DELETE", path: `${API}/logged-models/<model>` },
    get("deleted", "logged-models/<model>"),
  ],
};
