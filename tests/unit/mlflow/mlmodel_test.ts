import assert from "node:assert/strict";
import { renameIds, runIn } from "../../../src/mlflow/mlmodel.ts";

const text = "# kept\nmodel_id: m-old\nflavors: {}\nrun_id: 'r-old'\n";

Deno.test("an MLmodel file names the run and model of the target, and nothing else changes", () => {
  const renamed = renameIds({ path: "MLmodel" }, new TextEncoder().encode(text), [
    { key: "run_id", from: "r-old", to: "r-new" },
    { key: "model_id", from: "m-old", to: "m-new" },
  ]);
  const content = new TextDecoder().decode(renamed?.content);
  assert.equal(content, "# kept\nmodel_id: m-new\nflavors: {}\nrun_id: 'r-new'\n");
  assert.equal(renamed?.loss.field, "artifacts.MLmodel");
  assert.match(renamed?.loss.reason ?? "", /sha256 [0-9a-f]{64} became [0-9a-f]{64}/);
});

Deno.test("an MLmodel file that names another run is left alone", () => {
  const content = new TextEncoder().encode(text);
  assert.equal(renameIds({ path: "MLmodel" }, content, [{ key: "run_id", from: "x", to: "y" }]), null);
});

Deno.test("the address of a logged model's files is renamed, its model_uuid is not", () => {
  const content = new TextEncoder().encode(
    "artifact_path: mlflow-artifacts:/1/models/m-old/artifacts\nmodel_uuid: m-old\n",
  );
  const renamed = renameIds({ path: "MLmodel" }, content, [
    { key: "model_id", from: "m-old", to: "m-new" },
    {
      key: "artifact_path",
      from: "mlflow-artifacts:/1/models/m-old/artifacts",
      to: "mlflow-artifacts:/12/models/m-new/artifacts",
    },
  ]);
  assert.equal(
    new TextDecoder().decode(renamed?.content),
    "artifact_path: mlflow-artifacts:/12/models/m-new/artifacts\nmodel_uuid: m-old\n",
  );
});

Deno.test("the run that an MLmodel file names is read with and without quotes", () => {
  const run = (line: string) => runIn(new TextEncoder().encode(`flavors:\n  run_id: inner\n${line}\n`));
  assert.deepEqual(["run_id: a1", "run_id: 'a1'", 'run_id: "a1" ', "", "run_id:"].map(run), [
    "a1",
    "a1",
    "a1",
    null,
    null,
  ]);
});
