import assert from "node:assert/strict";
import { rowsOf, runOf, tagsOf } from "./arrived.ts";
import { countBy, Lab, ndjson, ofKind } from "./lab.ts";
import { END, job, SOURCE } from "./records.ts";

let lab: Lab;
Deno.test.beforeAll(async () => {
  lab = await Lab.start({ runs: [], targets: 6 });
});
Deno.test.afterAll(() => lab.stop());

const GOOD = [job("good_1"), job("good_2")];
const good = ndjson([...GOOD, END]);

Deno.test("among bad lines, everything that is good arrives in the target", async () => {
  const { state, config } = lab.target();
  const input = "no record\n" +
    ndjson([
      job("child", { parent: "top", root: "top", depth: 1 }),
      { ...job("new"), v: 9 },
      job("top", { type: "pipeline" }),
      job("lonely", { parent: "nobody", depth: 1 }),
      job("round_a", { parent: "round_b" }),
      job("round_b", { parent: "round_a" }),
      job("bare", { metrics: null, params: null, tags: null }),
      { kind: "widget", v: 1, id: "w" },
      { kind: "job", v: 1, id: "tiny", source: SOURCE },
    ]) + '{"kind":"job"';
  const { code, stdout, stderr } = await lab.run(`azml submit --as runs --target ${config}`, input);
  assert.equal(code, 3, stderr);
  const arrived = ["bare", "child", "lonely", "round_a", "round_b", "tiny", "top"];
  assert.deepEqual([...state.runs.values()].map(({ tags }) => tags["original_job_id"]).sort(), arrived);
  assert.deepEqual(countBy(stdout, "receipt", "outcome"), { created: arrived.length });
  assert.deepEqual(ofKind(stdout, "error").map((error) => error["code"]).sort(), [
    "bad_json",
    "bad_json",
    "newer_version",
    "parent_cycle",
  ]);
  assert.equal(runOf(state, "child").parentRunId, runOf(state, "top").runId);
  assert.equal(runOf(state, "lonely").parentRunId, null);
  assert.equal(tagsOf(state, "lonely")["original_parent_job_id"], "nobody");
  const [first, second] = ["round_a", "round_b"].map((id) => runOf(state, id));
  assert.ok(first?.parentRunId === second?.runId || second?.parentRunId === first?.runId);
  assert.equal([first, second].filter((run) => run?.parentRunId === null).length, 1);
  assert.equal(runOf(state, "bare").metrics.size, 0);
});

Deno.test("fields that a filter took away are not carried, and nothing else breaks", async () => {
  const { state, config } = lab.target();
  const fields = [
    "metrics",
    "params",
    "status",
    "parent",
    "root",
    "depth",
    "type",
    "experiment",
    "started_at",
  ];
  const jobs = fields.map((field) => job(`without_${field}`, { [field]: undefined }));
  const { code, stdout, stderr } = await lab.run(`azml submit --target ${config}`, ndjson([...jobs, END]));
  assert.equal(code, 0, stderr);
  assert.deepEqual(countBy(stdout, "receipt", "outcome"), { created: fields.length });
  assert.equal(runOf(state, "without_metrics").metrics.size, 0);
  assert.deepEqual(runOf(state, "without_params").parameters, {});
  assert.equal(rowsOf(runOf(state, "without_params"), "m").length, 1);
});

Deno.test("points that are cut off leave a run that says so, and the whole stream completes it", async () => {
  const { state, config } = lab.target();
  const long = job("long", { metrics: { loss: [[0, 1704067201000, 1]] }, more_points: { loss: 2 } });
  const points = [1, 2].map((step, seq) => ({
    kind: "points",
    v: 1,
    job: "long",
    metric: "loss",
    seq,
    points: [[step, 1704067201000 + step, 1 / step]],
  }));
  const submit = `azml submit --target ${config}`;
  const cut = await lab.run(submit, ndjson([long, ...points.slice(0, 1), job("other"), END]));
  assert.equal(cut.code, 3, cut.stderr);
  assert.deepEqual(ofKind(cut.stdout, "error").map((error) => error["code"]), ["points_missing"]);
  assert.deepEqual(countBy(cut.stdout, "receipt", "outcome"), { failed: 1, created: 1 });
  const whole = await lab.run(submit, ndjson([long, ...points, job("other"), END]));
  assert.equal(whole.code, 0, whole.stderr);
  assert.deepEqual(countBy(whole.stdout, "receipt", "outcome"), { adopted: 1, unchanged: 1 });
  assert.deepEqual(rowsOf(runOf(state, "long"), "loss").map(({ step, data }) => [step, data["loss"]]), [
    [0, 1],
    [1, 1],
    [2, 0.5],
  ]);
});

Deno.test("joined and shuffled archives land once", async () => {
  const { state, config } = lab.target();
  const tree = [
    job("top"),
    ...[1, 2, 3].flatMap((n) => [
      job(`level_${n}`, { parent: "top", root: "top", depth: 1 }),
      job(`leaf_${n}`, { parent: `level_${n}`, root: "top", depth: 2 }),
    ]),
  ];
  await lab.shell.write("one.ndjson", ndjson([...tree, END]));
  await lab.shell.write("two.ndjson", ndjson([...tree.slice(0, 4), job("more"), END]));
  const { code, stdout, stderr } = await lab.run(
    `cat one.ndjson two.ndjson | shuf --random-source=<(yes) | azml submit --target ${config}`,
  );
  assert.equal(code, 0, stderr);
  assert.deepEqual(countBy(stdout, "receipt", "outcome"), { created: 8 });
  assert.equal(state.runs.size, 8);
  for (const { id, parent } of [...tree, job("more")]) {
    const above = parent === null ? null : runOf(state, String(parent)).runId;
    assert.equal(runOf(state, String(id)).parentRunId, above, String(id));
  }
});

Deno.test("--require-complete writes nothing when the input is not known to be whole", async () => {
  const { state, config } = lab.target();
  const line = `azml submit --require-complete --target ${config}`;
  for (
    const [name, input] of [["no end", ndjson(GOOD)], [
      "an end that says it broke off",
      ndjson([...GOOD, { ...END, complete: false }]),
    ]]
  ) {
    lab.emulator.forgetRequests();
    const { code } = await lab.run(line, input);
    assert.equal(code, 3, name);
    assert.equal(state.runs.size, 0, name);
    assert.deepEqual(lab.emulator.requests().filter(({ effect }) => effect === "write"), [], name);
  }
  assert.equal((await lab.run(line, good)).code, 0);
  assert.equal(state.runs.size, 2);
});
