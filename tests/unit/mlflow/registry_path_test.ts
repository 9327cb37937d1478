import assert from "node:assert/strict";
import { isRemoteStore, pathInRun, proxiedPath } from "../../../src/mlflow/registry_path.ts";

const run = { id: "r1", artifactUri: "mlflow-artifacts:/1/r1/artifacts" };

const PATHS: readonly (readonly [source: string, root: string, path: string | null])[] = [
  ["mlflow-artifacts:/1/r1/artifacts/model", run.artifactUri, "model"],
  ["mlflow-artifacts:/1/r1/artifacts", run.artifactUri, ""],
  ["mlflow-artifacts://host:5000/1/r1/artifacts/best model", run.artifactUri, "best model"],
  ["runs:/r1/models/artifacts/x", run.artifactUri, "models/artifacts/x"],
  ["runs:/other/model", run.artifactUri, null],
  ["mlflow-artifacts:/1/r1/artifacts-old/model", run.artifactUri, null],
  ["file:///srv/ml-models/1/r1/artifacts/m", "/srv/ml-models/1/r1/artifacts", "m"],
  ["s3://ml-models/1/r1/artifacts/m/", "s3://ml-models/1/r1/artifacts", "m"],
];

Deno.test("a version's path is told by the root of its run, whatever words are in it", () => {
  for (const [source, artifactUri, path] of PATHS) {
    assert.equal(pathInRun(source, { id: "r1", artifactUri }), path, source);
  }
});

Deno.test("only the server's own store has a proxied path", () => {
  assert.equal(proxiedPath("mlflow-artifacts:/a/b/"), "a/b");
  assert.equal(proxiedPath("mlflow-artifacts://host/a/b"), "a/b");
  assert.equal(proxiedPath("s3://a/b"), null);
});

Deno.test("stores that every client reads are told from places on one machine", () => {
  for (const uri of ["s3://b/k", "wasbs://c@a/x", "gs://b/k", "dbfs:/x", "abfss://c@a/x"]) {
    assert.ok(isRemoteStore(uri), uri);
  }
  for (const uri of ["/srv/x", "file:///srv/x", "runs:/a/b", "models:/m-1", "mlflow-artifacts:/a", null]) {
    assert.ok(!isRemoteStore(uri), String(uri));
  }
});
