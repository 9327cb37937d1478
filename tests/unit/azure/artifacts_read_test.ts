import assert from "node:assert/strict";
import { readArtifacts } from "../../../src/azure/artifacts_read.ts";
import type { BlobItem } from "../../../src/blob/container.ts";
import { reply, Rig } from "./reading_rig.ts";

const blob = (name: string, size: number, md5: string | null = "ab"): BlobItem => ({
  name,
  size,
  md5,
  contentType: "text/plain",
});

const registered = (path: string, dataStoreName = "workspaceartifactstore", relativePath?: string) => ({
  artifactId: `ExperimentRun/dcid.r1/${path}`,
  path,
  dataPath: { dataStoreName, relativePath: relativePath ?? `ExperimentRun/dcid.r1/${path}` },
});

const HOME = {
  kind: "azure-blob",
  endpoint: "https://acct.blob.core.windows.net",
  container: "azureml",
  prefix: "ExperimentRun/dcid.r1/",
  workspace: "azureml://subscriptions/s1/resourceGroups/rg1/workspaces/ws1",
  datastore: "workspaceartifactstore",
  tenant: "t1",
};

Deno.test("registered files and blobs that nobody registered, with sizes from the listing, nothing of a neighbour", async () => {
  const rig = new Rig({
    "artifact.list": (request) =>
      request.query?.["continuationToken"] === "t2"
        ? { value: [registered("user_logs/std_log.txt")] }
        : { value: [registered("outputs/model.pkl")], continuationToken: "t2" },
  });
  rig.blobs.set("workspaceartifactstore", [
    blob("ExperimentRun/dcid.r1/outputs/model.pkl", 10),
    blob("ExperimentRun/dcid.r1/logs/azureml/executionlogs.txt", 3, null),
    blob("ExperimentRun/dcid.r1/user_logs/std_log.txt", 5),
    blob("ExperimentRun/dcid.r10/outputs/model.pkl", 99),
  ]);
  assert.deepEqual(await readArtifacts(rig.plane(), "dcid.r1"), {
    store: HOME,
    files: [
      { path: "logs/azureml/executionlogs.txt", size: 3, content_type: "text/plain" },
      { path: "outputs/model.pkl", size: 10, md5: "ab", content_type: "text/plain" },
      { path: "user_logs/std_log.txt", size: 5, md5: "ab", content_type: "text/plain" },
    ],
  });
  assert.deepEqual(rig.counts(), { "artifact.list": 2 });
});

Deno.test("a file registered elsewhere says where it is, with its size if that can be had", async () => {
  const rig = new Rig({
    "artifact.list": () => ({
      value: [
        registered("instance_results.jsonl", "workspaceblobstore", "promptflow/x/instance_results.jsonl"),
        registered("gone.txt", "workspaceblobstore", "promptflow/x/gone.txt"),
        registered("lost.txt"),
      ],
    }),
  });
  rig.blobs.set("workspaceblobstore", [blob("promptflow/x/instance_results.jsonl", 42)]);
  const { store, files } = await readArtifacts(rig.plane(), "dcid.r1");
  const there = {
    ...HOME,
    container: "container-workspaceblobstore",
    prefix: "",
    datastore: "workspaceblobstore",
  };
  assert.deepEqual(store, HOME);
  assert.deepEqual(files, [
    { path: "gone.txt", size: null, at: { store: there, path: "promptflow/x/gone.txt" } },
    {
      path: "instance_results.jsonl",
      size: 42,
      md5: "ab",
      content_type: "text/plain",
      at: { store: there, path: "promptflow/x/instance_results.jsonl" },
    },
    { path: "lost.txt", size: null },
  ]);
  assert.deepEqual(rig.heads.sort(), ["promptflow/x/gone.txt", "promptflow/x/instance_results.jsonl"]);
});

Deno.test("the store is the one that the artifact service names, not a guess", async () => {
  const rig = new Rig({
    "artifact.list": () => ({ value: [registered("a.txt", "workspaceblobstore")] }),
  });
  rig.blobs.set("workspaceblobstore", [blob("ExperimentRun/dcid.r1/a.txt", 1)]);
  const { store, files } = await readArtifacts(rig.plane(), "dcid.r1");
  assert.equal(store?.datastore, "workspaceblobstore");
  assert.deepEqual(files.map(({ path, size, at }) => [path, size, at]), [["a.txt", 1, undefined]]);
});

Deno.test("a run without files has an empty manifest; a refused list is a failure", async () => {
  assert.deepEqual(await readArtifacts(new Rig({}).plane(), "dcid.r1"), { store: HOME, files: [] });
  const refusing = new Rig({ "artifact.list": () => reply(403) });
  await assert.rejects(readArtifacts(refusing.plane(), "dcid.r1"), { name: "Failure" });
});
