import { API, type CallScenario, get, post } from "./step.ts";

/** What a server says about itself, and what it has not got. */
export const server: CallScenario = {
  name: "server",
  server: "proxied",
  steps: [
    { name: "version", method: "GET", path: "/version", show: ["content-type"] },
    { name: "health", method: "GET", path: "/health" },
    { name: "server-info", method: "GET", path: "/api/3.0/mlflow/server-info", statusOnly: true },
    post("logged models", "logged-models/search", { experiment_ids: ["0"] }, { statusOnly: true }),
    post("outputs", "runs/outputs", { run_id: "nobody", models: [] }, { statusOnly: true }),
    get("databricks", "no/such/call", {}, { statusOnly: true }),
    { name: "wrong method", method: "POST", path: `${API}/runs/get`, body: {}, statusOnly: true },
    {
      name: "cross-origin",
      method: "GET",
      path: "/version",
      headers: { origin: "https://example.test" },
      show: ["access-control-allow-origin"],
    },
    get("default experiment", "experiments/get", { experiment_id: "0" }),
  ],
};

/** A server with workspaces. */
export const workspaces: CallScenario = {
  name: "workspaces",
  server: "workspaces",
  since: "3.17",
  steps: [
    { name: "server-info", method: "GET", path: "/api/3.0/mlflow/server-info" },
    { name: "list", method: "GET", path: "/api/3.0/mlflow/workspaces" },
    { name: "make", method: "POST", path: "/api/3.0/mlflow/workspaces", body: { name: "team-a" } },
    { name: "make again", method: "POST", path: "/api/3.0/mlflow/workspaces", body: { name: "team-a" } },
    post("experiment in default", "experiments/create", { name: "ws-exp" }, {
      keep: { experiment: "experiment_id" },
    }),
    post("same name in team-a", "experiments/create", { name: "ws-exp" }, {
      headers: { "x-mlflow-workspace": "team-a" },
      keep: { other: "experiment_id" },
    }),
    get("place in default", "experiments/get", { experiment_id: "<experiment>" }),
    get("not seen from team-a", "experiments/get", { experiment_id: "<experiment>" }, {
      headers: { "x-mlflow-workspace": "team-a" },
    }),
    get("seen there", "experiments/get", { experiment_id: "<other>" }, {
      headers: { "x-mlflow-workspace": "team-a" },
    }),
    post("unknown workspace", "experiments/search", { max_results: 5 }, {
      headers: { "x-mlflow-workspace": "nobody" },
    }),
    post("own place", "experiments/create", { name: "ws-own", artifact_location: "s3://b/x" }),
  ],
};

/** A server that wants a password (`--app-name basic-auth`). */
export const auth: CallScenario = {
  name: "auth",
  server: "auth",
  steps: [
    post("no password", "experiments/search", { max_results: 1 }, { show: ["www-authenticate"] }),
    post("wrong password", "experiments/search", { max_results: 1 }, {
      headers: { authorization: `Basic ${btoa("admin:wrong")}` },
      show: ["www-authenticate"],
    }),
    { name: "version needs none", method: "GET", path: "/version" },
    { name: "health needs none", method: "GET", path: "/health" },
  ],
};
