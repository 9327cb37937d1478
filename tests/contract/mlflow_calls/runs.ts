import { anExperiment, API, aRun, type CallScenario, get, post } from "./step.ts";

const TAGS_150 = Array.from({ length: 150 }, (_, index) => ({ key: `t${index}`, value: "v" }));

/** Runs: made, read, changed, deleted. */
export const runs: CallScenario = {
  name: "runs",
  server: "proxied",
  steps: [
    anExperiment("runs-exp"),
    aRun("first", { tags: [{ key: "a.b", value: "x" }, { key: "mlflow.user", value: "bob" }] }),
    get("read it", "runs/get", { run_id: "<first>" }),
    get("an unknown run", "runs/get", { run_id: "0123456789abcdef0123456789abcdef" }),
    get("no run id", "runs/get", {}),
    aRun("many", { tags: TAGS_150 }),
    post("no experiment id", "runs/create", { run_name: "zero", start_time: 1 }),
    post("unknown experiment", "runs/create", { experiment_id: "987654" }),
    post("name and tag differ", "runs/create", {
      experiment_id: "<experiment>",
      run_name: "one",
      tags: [{ key: "mlflow.runName", value: "other" }],
    }),
    post("name by tag", "runs/create", {
      experiment_id: "<experiment>",
      start_time: 5,
      tags: [{ key: "mlflow.runName", value: "by tag" }],
    }, { keep: { named: "run.info.run_id" } }),
    post("finish", "runs/update", { run_id: "<first>", status: "FINISHED", end_time: 1_600_000_009_999 }),
    post("rename", "runs/update", { run_id: "<first>", run_name: "renamed" }),
    post("wrong status", "runs/update", { run_id: "<first>", status: "DONE" }),
    post("set a tag", "runs/set-tag", { run_id: "<first>", key: "k", value: "v" }),
    post("bad key", "runs/set-tag", { run_id: "<first>", key: "a%b", value: "v" }),
    post("dotted key", "runs/set-tag", { run_id: "<first>", key: "../x", value: "v" }),
    post("letters", "runs/set-tag", { run_id: "<first>", key: "größe ü", value: "v" }),
    post("long key", "runs/set-tag", { run_id: "<first>", key: "k".repeat(251), value: "v" }),
    post("name by set-tag", "runs/set-tag", {
      run_id: "<first>",
      key: "mlflow.runName",
      value: "by set-tag",
    }),
    post("delete a tag", "runs/delete-tag", { run_id: "<first>", key: "k" }),
    post("delete a tag that is not there", "runs/delete-tag", { run_id: "<first>", key: "k" }),
    post("log a param", "runs/log-parameter", { run_id: "<first>", key: "p", value: "1" }),
    post("same param", "runs/log-parameter", { run_id: "<first>", key: "p", value: "1" }),
    post("other value", "runs/log-parameter", { run_id: "<first>", key: "p", value: "2" }),
    post("log a metric", "runs/log-metric", {
      run_id: "<first>",
      key: "m",
      value: 0.5,
      timestamp: 5,
      step: 2,
    }),
    get("read it again", "runs/get", { run_id: "<first>" }),
    post("delete", "runs/delete", { run_id: "<first>" }),
    get("a deleted run", "runs/get", { run_id: "<first>" }),
    post("tag a deleted run", "runs/set-tag", { run_id: "<first>", key: "k", value: "v" }),
    post("batch for a deleted run", "runs/log-batch", {
      run_id: "<first>",
      tags: [{ key: "k", value: "v" }],
    }),
    post("update a deleted run", "runs/update", { run_id: "<first>", status: "FINISHED" }),
    post("delete it again", "runs/delete", { run_id: "<first>" }),
    post("restore", "runs/restore", { run_id: "<first>" }),
    post("inputs", "runs/log-inputs", {
      run_id: "<first>",
      datasets: [{
        tags: [{ key: "mlflow.data.context", value: "train" }],
        dataset: {
          name: "d",
          digest: "abc",
          source_type: "local",
          source: '{"uri":"x"}',
          schema: "{}",
          profile: "{}",
        },
      }],
    }),
    get("with inputs", "runs/get", { run_id: "<first>" }),
    {
      name: "body that is no JSON",
      method: "POST",
      path: `${API}/runs/set-tag`,
      text: "{nope",
      statusOnly: true,
    },
  ],
};
