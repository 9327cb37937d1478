import assert from "node:assert/strict";
import { readArtifacts } from "../../../src/azure/artifacts_read.ts";
import type { BlobItem } from "../../../src/blob/container.ts";
import type { Artifacts } from "../../../src/records/artifacts.ts";
import { Failure } from "../../../src/records/failure.ts";
import type { Answer } from "../../../src/wire/wire.ts";
import { reply, Rig, silence } from "./reading_rig.ts";

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

async function read(rig: Rig): Promise<Artifacts> {
  const { artifacts, faults } = await readArtifacts(rig.plane(), "dcid.r1");
  assert.deepEqual(faults, []);
  return artifacts;
}

const storageRefusal = (status: number) =>
  new Failure("storage gave no access", {
    code: "AuthorizationFailure",
    reach: "auth",
    retryable: false,
    status,
    hint: "check the role",
  });

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
  assert.deepEqual(await read(rig), {
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
  const { store, files } = await read(rig);
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
  const { store, files } = await read(rig);
  assert.equal(store?.datastore, "workspaceblobstore");
  assert.deepEqual(files.map(({ path, size, at }) => [path, size, at]), [["a.txt", 1, undefined]]);
});

Deno.test("a run without files has an empty manifest; a refused list is a failure", async () => {
  assert.deepEqual(await read(new Rig({})), { store: HOME, files: [] });
});

Deno.test("blobs that may not be listed: the registered files are kept, and a fault says what is not known", async () => {
  const rig = new Rig({ "artifact.list": () => ({ value: [registered("outputs/model.pkl")] }) });
  rig.blobs.set("workspaceartifactstore", storageRefusal(403));
  const { artifacts, faults } = await readArtifacts(rig.plane(), "dcid.r1");
  assert.deepEqual(artifacts, { store: HOME, files: [{ path: "outputs/model.pkl", size: null }] });
  assert.deepEqual(faults.map(({ part, code, hint }) => [part, code, hint]), [
    ["artifacts", "AuthorizationFailure", "check the role"],
  ]);
  const empty = new Rig({ "artifact.list": () => ({ value: [] }) });
  empty.blobs.set("workspaceartifactstore", storageRefusal(403));
  assert.equal((await readArtifacts(empty.plane(), "dcid.r1")).faults.length, 1);
});

Deno.test("registered files that may not be listed: the blobs, and the pages that came before, are kept", async () => {
  const rig = new Rig({
    "artifact.list": (request) =>
      request.query?.["continuationToken"] === "t2"
        ? reply(503)
        : { value: [registered("far.txt", "workspaceblobstore", "x/far.txt")], continuationToken: "t2" },
  });
  rig.blobs.set("workspaceartifactstore", [blob("ExperimentRun/dcid.r1/a.txt", 1)]);
  rig.blobs.set("workspaceblobstore", [blob("x/far.txt", 2)]);
  const { artifacts, faults } = await readArtifacts(rig.plane(), "dcid.r1");
  assert.deepEqual(artifacts.files.map(({ path, size }) => [path, size]), [["a.txt", 1], ["far.txt", 2]]);
  assert.deepEqual(faults.map(({ part, retryable }) => [part, retryable]), [["artifacts", true]]);
});

Deno.test("sizes of files elsewhere that may not be asked for are one fault or a few, not one a file", async () => {
  const paths = Array.from({ length: 9 }, (_, i) => `f${i}`);
  const rig = new Rig({
    "artifact.list": () => ({
      value: paths.map((path) => registered(path, "workspaceblobstore", `x/${path}`)),
    }),
  });
  rig.blobs.set("workspaceblobstore", storageRefusal(403));
  const { artifacts, faults } = await readArtifacts(rig.plane(), "dcid.r1");
  assert.deepEqual(
    artifacts.files.map(({ path, size, at }) => [path, size, at?.path]),
    paths.map((path) => [
      path,
      null,
      `x/${path}`,
    ]),
  );
  assert.equal(faults.length, 3);
  assert.match(faults.at(-1)?.message ?? "", /6 more/);
});

Deno.test("when neither can be listed nothing is known: a failure; no sign-in and nobody there are one at once", async () => {
  const registers: readonly (() => Answer)[] = [
    () => reply(403),
    () => reply(403),
    () => reply(200, { value: [] }),
  ];
  const refusals = [storageRefusal(403), storageRefusal(401), silence()];
  for (const [i, refusal] of refusals.entries()) {
    const rig = new Rig({ "artifact.list": () => registers[i]?.() ?? reply(404) });
    rig.blobs.set("workspaceartifactstore", refusal);
    await assert.rejects(readArtifacts(rig.plane(), "dcid.r1"), { name: "Failure" });
  }
});
