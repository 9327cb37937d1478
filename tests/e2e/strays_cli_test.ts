import assert from "node:assert/strict";
import { runOf } from "./arrived.ts";
import { countBy, Lab, type Line, ofKind } from "./lab.ts";

let lab: Lab;
Deno.test.beforeAll(async () => {
  lab = await Lab.start({
    targets: 1,
    runs: [
      { id: "pipe", experiment: "one", definition: { jobType: "Pipeline" }, children: [{ id: "step" }] },
      { id: "gone", experiment: "one", children: [{ id: "left", children: [{ id: "left_child" }] }] },
      {
        id: "broken",
        experiment: "two",
        status: "Failed",
        error: { error: { code: "UserError", message: "train.py: no module named torch" } },
      },
    ],
  });
  const far = lab.source.ensureExperiment("far").experimentId;
  lab.source.addRun({
    runId: "far_step",
    experimentId: far,
    parentRunId: "pipe",
    status: "Completed",
    startTimeUtc: "2024-03-01T10:00:00.0000000+00:00",
    endTimeUtc: "2024-03-01T11:00:00.0000000+00:00",
  });
  lab.source.removeRun("gone");
});
Deno.test.afterAll(() => lab.stop());

Deno.test("runs of a deleted root, children in another experiment and the words of an error arrive", async () => {
  const { state, config } = lab.target();
  const extracted = await lab.run("azml extract --source a.json");
  assert.equal(extracted.code, 0, extracted.stderr);
  const records = new Map<unknown, Line>(ofKind(extracted.stdout, "job").map((job) => [job["id"], job]));
  assert.deepEqual([...records.keys()].sort(), [...lab.source.runs.keys()].sort());

  const submitted = await lab.run(`azml submit --as runs --target ${config}`, extracted.stdout);
  assert.equal(submitted.code, 0, submitted.stderr);
  assert.deepEqual(countBy(submitted.stdout, "receipt", "outcome"), { created: records.size });
  const nameOf = (id: string) => runOf(state, id).runId;
  const parents = ["step", "far_step", "left_child", "left"].map((id) => runOf(state, id).parentRunId);
  assert.deepEqual(parents, [nameOf("pipe"), nameOf("pipe"), nameOf("left"), null]);
  assert.equal(runOf(state, "left").tags["original_parent_job_id"], "gone");

  const verified = await lab.run(`azml verify --target ${config}`, extracted.stdout);
  assert.equal(verified.code, 0, verified.stderr);
  assert.deepEqual(countBy(verified.stdout, "diff", "symbol"), { "=": records.size });

  const { run } = records.get("broken") ?? {};
  assert.match(JSON.stringify(run), /no module named torch/);
  const { dataContainerId } = runOf(state, "broken");
  const bytes = await state.storage.read("azureml", `ExperimentRun/${dataContainerId}/azml/original.json`);
  assert.match(new TextDecoder().decode(bytes ?? new Uint8Array()), /no module named torch/);
});
