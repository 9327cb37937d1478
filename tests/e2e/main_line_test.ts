import assert from "node:assert/strict";
import type { Run } from "../emulator/state.ts";
import {
  assertArrived,
  assertSameState,
  lossesOf,
  rowsOf,
  runOf,
  sourceRuns,
  tagsOf,
  targetRuns,
} from "./arrived.ts";
import { countBy, HAS_JQ, Lab, type Line, ofKind, type TargetSide } from "./lab.ts";
import { recordsOf } from "./shell.ts";

let lab: Lab;
/** Holds all of the source, archived jobs too, written by the line with `submit` alone. */
let whole: TargetSide;
let receipts: ReadonlyMap<string, Line>;

Deno.test.beforeAll(async () => {
  lab = await Lab.start({ targets: 6 });
  whole = lab.target();
  const { code, stdout, stderr, parts } = await lab.run(
    `azml extract --archived include --source a.json | azml submit --as runs --target ${whole.config}`,
  );
  assert.deepEqual({ code, parts }, { code: 0, parts: [0, 0] }, stderr);
  receipts = new Map(ofKind(stdout, "receipt").map((receipt) => [String(receipt["original"]), receipt]));
});
Deno.test.afterAll(() => lab.stop());

const isListed = (run: Run) => !(lab.source.runs.get(run.rootRunId)?.hidden ?? false);

Deno.test({
  name: "extract | jq | plan | submit brings the jobs that jq let pass, and no others",
  ignore: !HAS_JQ,
  async fn() {
    const { state, config } = lab.target();
    const { code, stdout, stderr, parts } = await lab.run(
      `azml extract --source a.json | jq -c 'select(.kind!="job" or .status=="Completed")' | azml plan --as runs | azml submit --target ${config}`,
    );
    assert.deepEqual({ code, parts }, { code: 0, parts: [0, 0, 0, 0] }, stderr);
    const isWanted = (run: Run) => run.status === "Completed" && isListed(run);
    await assertArrived(lab.source, state, isWanted);
    const wanted = [...lab.source.runs.values()].filter(isWanted).length;
    assert.deepEqual(countBy(stdout, "receipt", "outcome"), { created: wanted });
    const end = recordsOf(stdout).at(-1);
    assert.deepEqual([end?.["kind"], end?.["stage"], end?.["complete"]], ["end", "submit", true]);
  },
});

Deno.test("extract | submit brings every run whole: names, parents, times, status, params, points and files", async () => {
  await assertArrived(lab.source, whole.state);
  assert.equal(receipts.size, lab.source.runs.size);
});

Deno.test("extract | head -1 ends with 0 and leaves no trace", async () => {
  lab.emulator.settings.latencyMs = 30; // a service, other than the emulator, is slower than head
  const { code, stdout, stderr, parts } = await lab.run("azml extract --source a.json | head -1");
  lab.emulator.settings.latencyMs = 0;
  assert.deepEqual({ code, parts, stderr }, { code: 0, parts: [0, 0], stderr: "" });
  assert.equal(recordsOf(stdout).length, 1);
  assert.equal(recordsOf(stdout)[0]?.["kind"], "job");
});

Deno.test("an archive that was written yesterday is submitted today", async () => {
  const { state, config } = lab.target();
  const written = await lab.run("azml extract --source a.json > archive.ndjson");
  assert.equal(written.code, 0, written.stderr);
  const archive = await lab.shell.read("archive.ndjson");
  assert.equal(recordsOf(archive).at(-1)?.["kind"], "end");
  const { code, stderr } = await lab.run(`azml submit --target ${config} < archive.ndjson > receipts.ndjson`);
  assert.equal(code, 0, stderr);
  await assertArrived(lab.source, state, isListed);
});

Deno.test("replay does in one process what the pipe does", async () => {
  const { state, config } = lab.target();
  const { code, stdout, stderr } = await lab.run(
    `azml replay --archived include --source a.json --target ${config}`,
  );
  assert.equal(code, 0, stderr);
  await assertSameState(whole.state, state);
  const byReplay = new Map(
    ofKind(stdout, "receipt").map((receipt) => [String(receipt["original"]), receipt]),
  );
  assert.deepEqual(byReplay, receipts);
});

Deno.test("a second run leaves everything unchanged, asks the target, and writes nothing", async () => {
  lab.emulator.forgetRequests();
  const { code, stdout, stderr } = await lab.run(
    `azml extract --archived include --source a.json | azml submit --as runs --target ${whole.config}`,
  );
  assert.equal(code, 0, stderr);
  assert.deepEqual(countBy(stdout, "receipt", "outcome"), { unchanged: lab.source.runs.size });
  const requests = lab.emulator.requests();
  assert.deepEqual(requests.filter(({ effect }) => effect === "write"), []);
  assert.ok(requests.some(({ workspace }) => workspace === whole.key), "the target was asked");
});

Deno.test("a pipeline of three levels keeps its parent links, and the root of all of it", () => {
  const depths = new Map<string, number>();
  for (const { runId } of lab.source.runs.values()) {
    const { parentRunId, rootRunId } = runOf(whole.state, runId);
    const root = whole.state.runs.get(rootRunId)?.tags["original_job_id"];
    assert.equal(root, lab.source.runs.get(runId)?.rootRunId, runId);
    const parent = whole.state.runs.get(parentRunId ?? "")?.tags["original_job_id"] ?? null;
    depths.set(runId, parent === null ? 0 : (depths.get(parent) ?? NaN) + 1);
  }
  assert.equal(Math.max(...depths.values()), 3);
  const below = [...depths].filter(([id]) =>
    lab.source.runs.get(id)?.rootRunId === "train_and_deploy_3levels"
  );
  assert.deepEqual(below.map(([, depth]) => depth).sort(), [0, 1, 1, 1, 2, 2, 3, 3]);
});

Deno.test("1,000 points arrive with the same steps, values and timestamps", () => {
  const rows = rowsOf(runOf(whole.state, "brave_apple_k3x9q2"), "loss");
  assert.equal(rows.length, 1000);
  assert.deepEqual(rows, rowsOf(lab.source.runs.get("brave_apple_k3x9q2"), "loss"));
});

Deno.test("tags arrive, or stand in loss with their whole value, which the run keeps in a file", async () => {
  for (const run of lab.source.runs.values()) {
    const there = runOf(whole.state, run.runId);
    const losses = lossesOf(receipts.get(run.runId));
    for (const [name, value] of Object.entries(run.tags)) {
      const loss = losses.get(`tags.${name}`);
      if (loss === undefined) assert.equal(there.tags[name], value, `${run.runId}: ${name}`);
      else assert.equal(loss["original"], value, `${run.runId}: ${name}`);
    }
  }
  const crowded = runOf(whole.state, "tagged_tiger_64");
  assert.equal(Object.keys(crowded.tags).length, 50);
  const lost = lossesOf(receipts.get("tagged_tiger_64"));
  const kept = await original(crowded);
  assert.deepEqual(lossesOf(kept), lost);
  assert.ok([...lost.keys()].filter((field) => field.startsWith("tags.")).length > 10);
});

Deno.test("what no run can hold is told in loss and kept in a file: creator, creation, definition", async () => {
  const run = runOf(whole.state, "train_and_deploy_3levels");
  const loss = lossesOf(receipts.get("train_and_deploy_3levels"));
  for (const field of ["created_at", "created_by", "definition"]) {
    assert.equal(loss.get(field)?.["change"], "moved", field);
  }
  assert.equal(run.tags["original_created_by"], "Example User");
  const source = lab.source.runs.get("train_and_deploy_3levels");
  assert.equal(run.tags["original_created_at"], source?.createdUtc.replace("+00:00", "Z"));
  assert.equal(run.tags["original_experiment"], "churn");
  assert.equal(run.tags["original_pipeline_depth"], "0");
  const { rest } = await original(run);
  assert.ok(typeof rest === "object" && rest !== null && "definition" in rest);
});

Deno.test("a reused step arrives with the files of the run whose work it reused", async () => {
  const [source, target] = [await sourceRuns(lab.source), await targetRuns(whole.state)];
  const reused = [...lab.source.runs.values()].find(({ runId, dataContainerId }) =>
    dataContainerId !== `dcid.${runId}`
  );
  assert.ok(reused !== undefined);
  const owner = reused.dataContainerId.replace("dcid.", "");
  const files = target.get(reused.runId)?.files ?? {};
  assert.ok("outputs/helloworld.txt" in files);
  assert.deepEqual(files, source.get(owner)?.files);
  assert.notEqual(
    runOf(whole.state, reused.runId).dataContainerId,
    runOf(whole.state, owner).dataContainerId,
  );
});

Deno.test("the trials of a sweep arrive below it with the hyperparameters that it chose", () => {
  const trials = lab.source.childrenOf("sweep_lr_search");
  assert.equal(trials.length, 12);
  for (const id of trials) {
    const chosen: Record<string, unknown> = JSON.parse(
      lab.source.runs.get("sweep_lr_search")?.tags[`_aml_system_${id}`] ?? "null",
    );
    const { parameters, parentRunId } = runOf(whole.state, id);
    assert.equal(parentRunId, runOf(whole.state, "sweep_lr_search").runId);
    assert.ok(Object.keys(chosen).length > 0);
    for (const [name, value] of Object.entries(chosen)) assert.equal(parameters[name], String(value), id);
  }
});

Deno.test("all trials of an AutoML job arrive below it with their metric", () => {
  const parent = [...lab.source.runs.keys()].find((id) =>
    id.startsWith("AutoML_") && lab.source.childrenOf(id).length
  );
  assert.ok(parent !== undefined);
  const trials = lab.source.childrenOf(parent).filter((id) => /_\d+$/.test(id));
  assert.equal(trials.length, 20);
  for (const id of trials) {
    const run = runOf(whole.state, id);
    assert.equal(run.parentRunId, runOf(whole.state, parent).runId);
    const { primary_metric: metric = "" } = lab.source.runs.get(id)?.properties ?? {};
    assert.equal(rowsOf(run, metric).length, 1, `${id} has its ${metric}`);
  }
});

Deno.test("a job that runs arrives without an end, and is updated when it has ended", async () => {
  const { state, config } = lab.target();
  const line = `azml replay --include busy_bee_running --source a.json --target ${config}`;
  const first = await lab.run(line);
  assert.equal(first.code, 0, first.stderr);
  assert.equal(tagsOf(state, "busy_bee_running")["original_status"], "Running");
  assert.equal(runOf(state, "busy_bee_running").endTimeUtc, null);
  await assertArrived(lab.source, state, ({ runId }) => runId === "busy_bee_running");
  const source = lab.source.runs.get("busy_bee_running");
  assert.ok(source !== undefined);
  source.status = "Completed";
  source.endTimeUtc = "2024-03-06T12:00:00.0000000+00:00";
  source.metrics.get("loss")?.rows.push({
    step: 2,
    time: Date.parse("2024-03-06T11:00:00Z"),
    data: { loss: 0.5 },
  });
  const second = await lab.run(line);
  assert.equal(second.code, 0, second.stderr);
  assert.deepEqual(countBy(second.stdout, "receipt", "outcome"), { updated: 1 });
  await assertArrived(lab.source, state, ({ runId }) => runId === "busy_bee_running");
  const third = await lab.run(line);
  assert.deepEqual(countBy(third.stdout, "receipt", "outcome"), { unchanged: 1 });
});

/** What azml keeps beside a run, read from the blob. */
async function original(run: Run): Promise<Record<string, unknown>> {
  const path = `ExperimentRun/${run.dataContainerId}/azml/original.json`;
  const bytes = await whole.state.storage.read("azureml", path);
  assert.ok(bytes !== null, `${run.runId} has azml/original.json`);
  return JSON.parse(new TextDecoder().decode(bytes));
}
