import assert from "node:assert/strict";
import { countBy, ofKind } from "./lab.ts";
import { MlflowApi, MlflowLab } from "./mlflow_lab.ts";

const NEW = { version: "3.17.2" };
const MLMODEL = "flavors: {}\n";

/** Makes a logged model with one file; answers its id and where its files lie. */
async function loggedModel(api: MlflowApi, experiment: string, run: string, files = true) {
  const made = await api.call("POST", "logged-models", {
    experiment_id: experiment,
    name: "candidate",
    source_run_id: run,
  });
  const { model_id: id, artifact_uri: uri } = Object(Object(made["model"]).info);
  if (files) {
    const text = `artifact_path: ${uri}\nmodel_id: ${id}\nmodel_uuid: ${id}\nrun_id: ${run}\n`;
    const path = `${String(uri).replace(/^mlflow-artifacts:\/*/, "")}/MLmodel`;
    const answer = await fetch(`${api.url}/api/2.0/mlflow-artifacts/artifacts/${path}`, {
      method: "PUT",
      body: text,
    });
    assert.equal(answer.status, 200);
    await answer.body?.cancel();
  }
  return { id: String(id), uri: String(uri) };
}

/** A model of four versions: of a run, of a deleted run, at an address elsewhere, of a run again. */
async function fill(url: string, name = "churn"): Promise<void> {
  const api = new MlflowApi(url);
  const experiment = await api.experiment("training", {});
  const run = (title: string) => api.run(experiment, { name: title, files: { "model/MLmodel": MLMODEL } });
  const [one, gone, four] = [await run("one"), await run("gone"), await run("four")];
  await api.model(name, [one, gone, null, four], experiment);
  await api.call("POST", "registered-models/alias", { name, alias: "best", version: "4" });
  await api.call("POST", "runs/delete", { run_id: gone });
}

for (const from of ["2.22.5", "3.17.2"]) {
  Deno.test(`a version of a deleted run comes with that run, from ${from}`, async () => {
    await using lab = await MlflowLab.start({ version: from }, NEW);
    await fill(lab.a.url);
    const line = "azml extract --source $A --deleted include | tee all.ndjson | azml submit --target $B";
    const { code, stdout, stderr } = await lab.run(`set -o pipefail; ${line}`);
    assert.equal(code, 0, stdout + stderr);
    const model = lab.b.state.models.get("churn") ?? assert.fail("no model");
    assert.deepEqual([...model.versions.keys()], [1, 2, 3, 4]);
    assert.equal(model.aliases.get("best"), 4);
    const run = lab.b.state.runs.get(model.versions.get(2)?.runId ?? "");
    assert.deepEqual([run?.name, run?.deleted], ["gone", true]);
    assert.equal(model.versions.get(3)?.source, "s3://bucket/elsewhere");
    const verified = await lab.run("azml verify --target $B < all.ndjson");
    assert.equal(verified.code, 0, verified.stdout + verified.stderr);
  });
}

Deno.test("a version of a deleted run that stays behind gets a run for its files", async () => {
  await using lab = await MlflowLab.start(NEW, NEW);
  await fill(lab.a.url);
  const { code, stdout, stderr } = await lab.run("azml replay --source $A --target $B");
  assert.equal(code, 0, stdout + stderr);
  const version = lab.b.state.models.get("churn")?.versions.get(2) ?? assert.fail("no version");
  const holder = lab.b.state.runs.get(version.runId);
  assert.equal(holder?.name, "azml: churn/2");
  const receipt = ofKind(stdout, "receipt").find(({ original }) => original === "churn/2");
  assert.match(JSON.stringify(receipt?.["loss"]), /its run is not in the target/);
});

Deno.test("a version at an address that no server lists is whole, and is read where it lies", async () => {
  await using lab = await MlflowLab.start(NEW, NEW);
  await fill(lab.a.url);
  const { code, stdout, stderr } = await lab.run("azml extract --source $A --kinds model_version");
  assert.equal(code, 0, stderr);
  const versions = ofKind(stdout, "model_version");
  assert.deepEqual(versions.map(({ incomplete }) => incomplete), Array(4).fill(undefined));
});

Deno.test("a model whose name the target refuses says how to name it, and all others arrive", async () => {
  await using lab = await MlflowLab.start({ version: "2.22.5" }, NEW);
  await fill(lab.a.url, "team/churn: v2");
  await new MlflowApi(lab.a.url).call("POST", "registered-models/create", { name: "z" });
  const first = await lab.run("azml replay --source $A --target $B");
  assert.equal(first.code, 3, first.stderr);
  const errors = ofKind(first.stdout, "error");
  assert.equal(errors[0]?.["code"], "model_name_refused");
  assert.equal(
    errors[0]?.["hint"],
    "give it another name on the way: --rename-model 'team/churn: v2=team-churn- v2'",
  );
  assert.deepEqual([...lab.b.state.models.keys()], ["z"]);
  const again = await lab.run("azml replay --source $A --target $B --rename-model 'team/churn: v2=churn'");
  assert.equal(again.code, 0, again.stdout + again.stderr);
  assert.deepEqual(countBy(again.stdout, "error", "code"), {});
  assert.equal(lab.b.state.models.get("churn")?.versions.size, 4);
});

Deno.test("a version that names the files of a logged model rests on the logged model that came", async () => {
  await using lab = await MlflowLab.start(NEW, NEW);
  const api = new MlflowApi(lab.a.url);
  // So that ids of experiments, and with them addresses, differ.
  await new MlflowApi(lab.b.url).experiment("there before", {});
  const experiment = await api.experiment("training", {});
  const run = await api.run(experiment, { name: "one" });
  const { id, uri } = await loggedModel(api, experiment, run);
  await api.call("POST", "registered-models/create", { name: "churn" });
  await api.call("POST", "model-versions/create", { name: "churn", source: uri, run_id: run, model_id: id });
  const line = "azml extract --source $A | tee all.ndjson | azml submit --target $B > receipts.ndjson";
  const { code, stderr } = await lab.run(`set -o pipefail; ${line}`);
  assert.equal(code, 0, stderr);
  const [logged] = [...lab.b.state.loggedModels.values()];
  const version = lab.b.state.models.get("churn")?.versions.get(1);
  assert.equal(version?.modelId, logged?.id);
  assert.equal(version?.source, `models:/${logged?.id}`);
  const note = logged?.tags.get("mlflow.modelVersions");
  assert.equal(note, '[{"name": "churn", "version": 1}]', "the server's own, once");
  const path = `${logged?.artifactUri.replace(/^mlflow-artifacts:\/*/, "")}/MLmodel`;
  const file = await fetch(`${lab.b.url}/api/2.0/mlflow-artifacts/artifacts/${path}`);
  assert.equal(
    await file.text(),
    `artifact_path: ${logged?.artifactUri}\nmodel_id: ${logged?.id}\nmodel_uuid: ${id}\nrun_id: ${version?.runId}\n`,
  );
  const verified = await lab.run("azml verify --target $B --receipts receipts.ndjson < all.ndjson");
  assert.equal(verified.code, 0, verified.stdout + verified.stderr);
});
