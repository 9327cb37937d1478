import assert from "node:assert/strict";
import { countBy, HAS_JQ, ofKind } from "./lab.ts";
import { MlflowApi, MlflowLab } from "./mlflow_lab.ts";

const NAME = "churn, a/b: ü";

/** Two experiments, nested runs, files with odd names, a model with a gap in its versions. */
async function fill(url: string): Promise<void> {
  const api = new MlflowApi(url);
  const experiment = await api.experiment(NAME, { team: "x" });
  await api.experiment("1", {});
  const files = { "model/MLmodel": "flavors: {}\nrun_id: X\n", "dir/ü 50%.txt": "text", "empty.txt": "" };
  const runs: string[] = [];
  for (let i = 0; i < 3; i++) runs.push(await api.run(experiment, { name: `r${i}`, files, points: 3 + i }));
  const child = await api.run(experiment, { name: "child", parent: runs[0] ?? "" });
  await api.run(experiment, { name: "grandchild", parent: child, status: "FAILED" });
  await api.model("churn", [runs[0] ?? "", runs[1] ?? "", runs[2] ?? ""], experiment);
  await api.call("DELETE", "model-versions/delete", { name: "churn", version: "2" });
  await api.call("POST", "registered-models/alias", { name: "churn", alias: "best", version: "3" });
}

const PAIRS = [["2.22.5", "3.17.2"], ["3.17.2", "2.22.5"], ["3.17.2", "3.17.2"]] as const;

for (const [from, to] of PAIRS) {
  Deno.test({
    name: `from MLflow ${from} to ${to} through jq: all arrives, again changes nothing, both sides agree`,
    ignore: !HAS_JQ,
    async fn() {
      await using lab = await MlflowLab.start({ version: from }, { version: to });
      await fill(lab.a.url);
      const pipe =
        "azml extract --source $A | tee all.ndjson | jq -c . | azml plan --for mlflow | azml submit --target $B";
      const first = await lab.run(`${pipe} > first.ndjson`);
      assert.deepEqual([first.code, first.parts], [0, [0, 0, 0, 0, 0]], first.stderr);
      const receipts = await lab.shell.read("first.ndjson");
      assert.deepEqual(
        countBy(receipts, "receipt", "outcome"),
        { created: 10, adopted: 1 },
        "Default was there",
      );
      lab.b.forgetRequests();
      const again = await lab.run("azml replay --source $A --target $B");
      assert.deepEqual(countBy(again.stdout, "receipt", "outcome"), { unchanged: 11 }, again.stderr);
      assert.deepEqual(
        lab.b.requests().filter(({ effect }) => effect === "write").map(({ path }) => path),
        [],
      );
      const verified = await lab.run("azml verify --target $B --receipts first.ndjson < all.ndjson");
      assert.equal(verified.code, 0, verified.stdout + verified.stderr);
      assert.deepEqual(countBy(verified.stdout, "diff", "symbol"), { "=": 11 });
    },
  });
}

Deno.test("what arrived is what MLflow's own calls say of it", async () => {
  await using lab = await MlflowLab.start({ version: "2.22.5" }, { version: "3.17.2" });
  await fill(lab.a.url);
  const { code, stderr } = await lab.run("azml replay --source $A --target $B --keep-version-numbers");
  assert.equal(code, 0, stderr);
  const api = new MlflowApi(lab.b.url);
  const [there] = [...lab.b.state.experiments.values()].filter(({ name }) => name === NAME);
  const found = await api.call("POST", "runs/search", { experiment_ids: [there?.id], max_results: 100 });
  const runs = Object(found["runs"]) as {
    info: Record<string, unknown>;
    data: { tags: { key: string; value: string }[] };
  }[];
  const of = (name: string) => runs.find(({ info }) => info["run_name"] === name) ?? assert.fail(name);
  const tag = (name: string, key: string) => of(name).data.tags.find((one) => one.key === key)?.value;
  assert.deepEqual(
    runs.map(({ info }) => [info["run_name"], info["status"], info["user_id"], Number(info["start_time"])])
      .sort(),
    ["child", "grandchild", "r0", "r1", "r2"].map((name) => [
      name,
      name === "grandchild" ? "FAILED" : "FINISHED",
      "ann",
      1_700_000_000_123,
    ]),
  );
  assert.equal(tag("child", "mlflow.parentRunId"), of("r0").info["run_id"]);
  assert.equal(tag("grandchild", "mlflow.parentRunId"), of("child").info["run_id"]);
  const history = await fetch(
    `${lab.b.url}/api/2.0/mlflow/metrics/get-history?run_id=${of("r2").info["run_id"]}&metric_key=loss`,
  );
  assert.equal((await history.json()).metrics.length, 5);
  const model = lab.b.state.models.get("churn") ?? assert.fail("no model");
  assert.deepEqual([...model.versions.keys()], [1, 3], "numbers are kept, gap and all");
  assert.equal(model.versions.get(3)?.runId, of("r2").info["run_id"]);
  assert.equal(model.aliases.get("best"), 3);
});

Deno.test("without --keep-version-numbers gaps close up, and a loss says so", async () => {
  await using lab = await MlflowLab.start({}, {});
  await fill(lab.a.url);
  const { stdout } = await lab.run("azml replay --source $A --target $B");
  assert.deepEqual([...lab.b.state.models.get("churn")?.versions.keys() ?? []], [1, 2]);
  const moved = ofKind(stdout, "receipt").find(({ original }) => original === "churn/3");
  assert.match(JSON.stringify(moved?.["loss"]), /"field":"version","change":"rewritten"/);
});

Deno.test("a run that was still running last night is finished tonight, and what is new comes along", async () => {
  await using lab = await MlflowLab.start({}, {});
  const api = new MlflowApi(lab.a.url);
  const experiment = await api.experiment("nightly");
  const open = await api.run(experiment, { name: "long", status: "RUNNING" });
  await api.run(experiment, { name: "done" });
  await lab.run("azml replay --source $A --target $B");
  await api.call("POST", "runs/log-metric", {
    run_id: open,
    key: "loss",
    value: 0.01,
    timestamp: 1_700_000_005_000,
    step: 9,
  });
  await api.end(open, "FINISHED");
  await api.run(experiment, { name: "new" });
  const { stdout } = await lab.run("azml replay --source $A --target $B --kinds job");
  assert.deepEqual(countBy(stdout, "receipt", "outcome"), { updated: 1, unchanged: 1, created: 1 });
  const arrived = [...lab.b.state.runs.values()].map(({ name, status }) => [name, status]).sort();
  assert.deepEqual(arrived, [["done", "FINISHED"], ["long", "FINISHED"], ["new", "FINISHED"]]);
});

Deno.test("200 small runs: at most 2.1 calls a run out and 4 in, artifact bytes apart", async () => {
  await using lab = await MlflowLab.start({ runs: 200, metrics: 3, files: 2 }, {});
  const out = await lab.run("azml extract --source $A > all.ndjson");
  assert.equal(out.code, 0, out.stderr);
  const calls = lab.a.requests().length;
  assert.ok(calls > 0 && calls / 200 <= 2.1, `${calls} calls out`);
  const { code, stderr } = await lab.run("azml submit --target $B --source $A < all.ndjson");
  assert.equal(code, 0, stderr);
  const bytes = lab.b.requests().filter(({ route }) => route?.startsWith("proxy.")).length;
  const written = lab.b.requests().length - bytes;
  assert.ok(written / 200 <= 4, `${written} calls in, beside ${bytes} for bytes`);
});

Deno.test("an experiment that is deleted in the target is an error that says so, unless it may be restored", async () => {
  await using lab = await MlflowLab.start({ runs: 1 }, {});
  const api = new MlflowApi(lab.b.url);
  const id = await api.experiment("generated");
  await api.call("POST", "experiments/delete", { experiment_id: id });
  const refused = await lab.run("azml replay --source $A --target $B --kinds job");
  assert.equal(refused.code, 3, refused.stderr);
  assert.match(refused.stdout, /deleted.*--restore-deleted/s);
  const restored = await lab.run("azml replay --source $A --target $B --restore-deleted");
  assert.equal(restored.code, 0, restored.stdout + restored.stderr);
  assert.equal(lab.b.state.experiments.get(id)?.deleted, false);
});

Deno.test("prefixes and other names hold for experiments and models; a copy inside one server needs them", async () => {
  await using lab = await MlflowLab.start({}, {});
  await fill(lab.a.url);
  const line = "azml replay --source $A --target $A";
  const refused = await lab.run(line);
  assert.equal(refused.code, 2, refused.stderr);
  const { code, stderr } = await lab.run(`${line} --experiment-prefix old- --model-prefix old-`);
  assert.equal(code, 0, stderr);
  assert.ok(lab.a.state.models.has("old-churn"));
  assert.ok([...lab.a.state.experiments.values()].some(({ name }) => name === `old-${NAME}`));
});

Deno.test("runs keep their user, or get who imports them", async () => {
  for (const [flag, user] of [["", "ann"], ["--no-use-source-user", "importer"]]) {
    await using lab = await MlflowLab.start({ runs: 1 }, {});
    const { code, stderr } = await lab.run(`LOGNAME=importer azml replay --source $A --target $B ${flag}`);
    assert.equal(code, 0, stderr);
    assert.deepEqual([...lab.b.state.runs.values()].map((run) => run.user), [user]);
  }
});

Deno.test("files of a server that does not proxy arrive, up to what it takes", async () => {
  await using lab = await MlflowLab.start({ version: "2.22.5", artifacts: "unproxied", runs: 2, files: 3 }, {
    version: "2.22.5",
    artifacts: "unproxied",
  });
  const { code, stderr } = await lab.run("azml replay --source $A --target $B > receipts.ndjson");
  assert.equal(code, 0, stderr);
  const receipts = ofKind(await lab.shell.read("receipts.ndjson"), "receipt");
  assert.equal(receipts.reduce((sum, { artifacts }) => sum + Object(artifacts).files, 0), 6);
  const verified = await lab.run(
    "azml extract --source $A | azml verify --target $B --receipts receipts.ndjson",
  );
  assert.equal(verified.code, 0, verified.stdout);
});

Deno.test("the logged models that a run used are in its record, though no search tells them", async () => {
  await using lab = await MlflowLab.start({ version: "3.17.2" }, {});
  const api = new MlflowApi(lab.a.url);
  const experiment = await api.experiment("users");
  const run = await api.run(experiment, {});
  const made = await api.call("POST", "logged-models", {
    experiment_id: experiment,
    name: "m",
    source_run_id: run,
  });
  const id = String(Object(Object(made["model"])["info"])["model_id"]);
  const user = await api.run(experiment, { name: "user" });
  await api.call("POST", "runs/log-inputs", { run_id: user, models: [{ model_id: id }] });
  const { stdout, stderr } = await lab.run("azml extract --source $A");
  const record = ofKind(stdout, "job").find((one) => one["id"] === user);
  assert.deepEqual(record?.["inputs"], [{ model_id: id }], stderr);
});

Deno.test("the receipts of a second run tell verify as much as those of the first", async () => {
  await using lab = await MlflowLab.start({ version: "3.17.2" }, { version: "2.22.5" });
  await fill(lab.a.url);
  const api = new MlflowApi(lab.a.url);
  const experiment = await api.experiment("logged");
  const run = await api.run(experiment, {});
  await api.call("POST", "logged-models", { experiment_id: experiment, name: "m", source_run_id: run });
  for (const receipts of ["first", "second"]) {
    const moved = await lab.run(`azml replay --source $A --target $B > ${receipts}.ndjson`);
    assert.equal(moved.code, 0, moved.stderr);
    const line = `azml extract --source $A | azml verify --target $B --receipts ${receipts}.ndjson`;
    const { code, stdout } = await lab.run(line);
    const others = ofKind(stdout, "diff").filter(({ symbol }) => symbol !== "=");
    assert.deepEqual([code, others], [0, []], receipts);
  }
});

Deno.test("versions sent by a selection are unchanged, whatever versions come before them", async () => {
  await using lab = await MlflowLab.start({}, {});
  await fill(lab.a.url);
  await lab.run("azml replay --source $A --target $B");
  const { stdout } = await lab.run(
    "azml replay --source $A --target $B --kinds model_version --model-versions churn/3",
  );
  assert.deepEqual(countBy(stdout, "receipt", "outcome"), { unchanged: 1 });
});
