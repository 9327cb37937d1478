import assert from "node:assert/strict";
import { artifactPath, isArtifactPointer } from "../../../src/azure/artifact_pointer.ts";

const scope = { run: "r1", container: "dcid.r1" };

Deno.test("pointers of metrics lead to paths relative to the run", () => {
  const cases: readonly [string, string | null, string | null][] = [
    ["aml://artifactId/ExperimentRun/dcid.r1/plots/a b.png", "azureml.v2.image", "plots/a b.png"],
    ["aml://artifactId/plot.png", "azureml.v1.image", "plot.png"],
    ["aml://artifactId/ExperimentRun/r1/outputs/residuals", "azureml.v1.residuals", "residuals"],
    ["aml://artifactId/ExperimentRun/dcid.r1/outputs/residuals", "azureml.v2.residuals", "outputs/residuals"],
    ["aml://artifactId/ExperimentRun/dcid.r1/outputs/x.png", "azureml.v1.image", "outputs/x.png"],
    ["aml://artifactId/ExperimentRun/dcid.other/x.png", "azureml.v2.image", null],
  ];
  for (const [pointer, type, path] of cases) assert.equal(artifactPath(pointer, type, scope), path, pointer);
});

Deno.test("only artifact addresses are pointers", () => {
  assert.ok(isArtifactPointer("aml://artifactId/x"));
  assert.ok(!isArtifactPointer("aml://artifact"));
  assert.ok(!isArtifactPointer(7));
});
