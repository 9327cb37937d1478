import assert from "node:assert/strict";
import { objectsAt } from "../../../src/azure/json_fields.ts";
import { kinshipOf } from "../../../src/azure/roles.ts";
import { parseRun } from "../../../src/azure/run.ts";
import { growTree } from "../../../src/azure/run_tree.ts";
import type { JsonObject } from "../../../src/records/json.ts";
import { recording, run } from "./reading_rig.ts";

type Kin = Record<string, string>;

/** Type and role of each run of a tree. */
function kin(jobType: string | null, rootMore: JsonObject, children: readonly JsonObject[]): Kin {
  const root = parseRun(run("root", rootMore));
  const arm = jobType === null ? null : { id: "root", properties: { jobType }, systemData: null };
  const runs = children.map(parseRun).filter((one) => one !== null);
  return Object.fromEntries(
    growTree({ id: "root", run: root, arm }, runs).map((node) => {
      const { type, role } = kinshipOf(node);
      return [node.id, `${type}/${role}`];
    }),
  );
}

const under = (parentRunId: string, id: string, more: JsonObject = {}) =>
  run(id, { parentRunId, rootRunId: "root", ...more });
const step = (parent: string, id: string, properties: JsonObject = {}) =>
  under(parent, id, { runType: "azureml.StepRun", runTypeV2: { traits: ["azureml.StepRun"] }, properties });

Deno.test("steps of a pipeline, nested pipelines, and what steps are", () => {
  const children = [
    step("root", "cmd", { StepType: "PythonScriptStep" }),
    step("root", "par", { StepType: "ParallelRunStep" }),
    step("root", "aml", { StepType: "AutoMLStep", "azureml.pipelineComponent": "masterautoml_x" }),
    step("root", "sw", { StepType: "HyperDriveStep" }),
    under("sw", "sw_0", { runType: "azureml.scriptrun" }),
    step("root", "inner"),
    step("inner", "leaf"),
    under("root", "named", { runType: "azureml.PipelineRun" }),
    step("root", "mlflow_parent", { StepType: "PythonScriptStep" }),
    under("mlflow_parent", "nested", { runTypeV2: { traits: ["mlflow"] } }),
  ];
  assert.deepEqual(kin("Pipeline", {}, children), {
    root: "pipeline/null",
    cmd: "command/step",
    par: "parallel/step",
    aml: "automl/step",
    sw: "sweep/step",
    sw_0: "command/sweep_trial",
    inner: "pipeline/nested_pipeline",
    leaf: "command/step",
    named: "pipeline/nested_pipeline",
    mlflow_parent: "command/step",
    nested: "run/run",
  });
});

Deno.test("trials of AutoML are trials, its set-up and workers are not", () => {
  const automl = { runTypeV2: { orchestrator: "AutoML", traits: ["automl"] } };
  const children = [
    under("root", "root_0", { ...automl, properties: { runTemplate: "automl_child" } }),
    under("root", "root_setup", { ...automl, runType: "azureml.scriptrun" }),
    under("root", "root_featurize", automl),
    under("root", "root_worker_0", automl),
    under("root", "root_ModelExplain", { runType: "azureml.ModelExplain" }),
    under("root", "odd", { properties: { run_template: "automl_child" } }),
  ];
  assert.deepEqual(kin("AutoML", {}, children), {
    root: "automl/null",
    root_0: "run/automl_trial",
    root_setup: "command/run",
    root_featurize: "run/run",
    root_worker_0: "run/run",
    root_ModelExplain: "azureml.modelexplain/run",
    odd: "run/automl_trial",
  });
});

Deno.test("trials of a sweep by number or by the parent's tags", () => {
  const children = [
    under("root", "root_0", { runType: "azureml.scriptrun" }),
    under("root", "guid-1", { properties: { "azureml.runsource": "azureml.scriptrun" } }),
    under("root", "root_preparation"),
  ];
  assert.deepEqual(kin("Sweep", { tags: { "_aml_system_guid-1": "{}" } }, children), {
    root: "sweep/null",
    root_0: "command/sweep_trial",
    "guid-1": "command/sweep_trial",
    root_preparation: "run/run",
  });
});

Deno.test("a bare root is a run, and still tells what its children are", () => {
  assert.deepEqual(kin(null, { runType: "hyperdrive" }, [under("root", "root_3")]), {
    root: "run/null",
    root_3: "run/sweep_trial",
  });
});

Deno.test("kinds that azml does not know keep the service's word", () => {
  assert.deepEqual(kin("QuantumJob", {}, [under("root", "x", { runType: "azureml.promptflow.FlowRun" })]), {
    root: "quantumjob/null",
    x: "azureml.promptflow.flowrun/run",
  });
});

Deno.test("recorded steps of a pipeline", async () => {
  const page = await recording("history-run-children-reused-steps");
  const children = objectsAt(page, "value").map(parseRun).filter((one) => one !== null);
  const id = "test_259228612667";
  const arm = { id, properties: { jobType: "Pipeline" }, systemData: null };
  const nodes = growTree({ id, run: parseRun(run(id)), arm }, children);
  assert.equal(nodes.length, 3);
  for (const node of nodes.slice(1)) assert.deepEqual(kinshipOf(node), { type: "command", role: "step" });
});
