import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { Failure } from "../../../src/records/failure.ts";
import { answer, fakeTarget, refusal, unit } from "./fake_service.ts";

const PREFIX = "ExperimentRun/dcid.job-1-aaaa/";
const STORE = {
  kind: "azure-blob",
  endpoint: "https://src",
  container: "azureml",
  prefix: "ExperimentRun/dcid.old/",
};
const file = (path: string, text: string, md5 = `md5 of ${text}`) => ({ path, size: text.length, md5 });

async function opened(options: Parameters<typeof fakeTarget>[0] = {}) {
  const made = fakeTarget(options);
  const { run } = await made.target.open(unit(), null, null);
  const reopen = async () => {
    const found = (await made.target.find(["job-1-aaaa"])).get("job-1-aaaa") ?? null;
    return (await made.target.open(unit(), null, found)).run;
  };
  return { ...made, run, reopen };
}

describe("files of a run", () => {
  it("copies them below the run's data container and registers 50 a call", async () => {
    const { service, container, store, run } = await opened();
    const files = Array.from(
      { length: 120 },
      (_, index) => file(`outputs/part ${index}#.txt`, `text ${index}`),
    );
    for (const [index, { path }] of files.entries()) store.fill(STORE.prefix + path, `text ${index}`);
    const outcome = await run.artifacts({ store: STORE, files });
    assert.deepEqual(outcome, {
      files: 120,
      bytes: files.reduce((sum, { size }) => sum + size, 0),
      failed: [],
    });
    assert.deepEqual([...container.blobs.keys()].sort(), files.map(({ path }) => PREFIX + path).sort());
    const sizes = service.bodies("artifact.batchMetadata").map((body) =>
      (body as { paths: unknown[] }).paths.length // made by the code under test
    );
    assert.deepEqual(sizes, [1, 50, 50, 20]);
    assert.equal(service.registered.get("dcid.job-1-aaaa")?.size, 120);
  });

  it("refuses paths that leave the run, and names files that fail, without stopping", async () => {
    const { service, container, store, run } = await opened();
    store.fill(`${STORE.prefix}good.txt`, "good");
    const bad = ["../up", "a/../../up", "/abs", "a//b", "./x", "", "a\\..\\..\\up"];
    const outcome = await run.artifacts({
      store: STORE,
      files: [...bad, "gone.txt", "good.txt", "good.txt"].map((path) => file(path, "good")),
    });
    assert.deepEqual([outcome.files, outcome.bytes], [1, 4]);
    assert.deepEqual(outcome.failed.map(({ path, code }) => [path, code]), [
      ...bad.map((path) => [path, "path_refused"]),
      ["gone.txt", "BlobNotFound"],
    ]);
    assert.deepEqual([...container.blobs.keys()], [`${PREFIX}good.txt`]);
    assert.equal(service.registered.get("dcid.job-1-aaaa")?.has("good.txt"), true);
  });

  it("moves and registers nothing that is in place", async () => {
    const { service, container, store, run, reopen } = await opened();
    store.fill(`${STORE.prefix}same.txt`, "same");
    store.fill(`${STORE.prefix}other.txt`, "first");
    const files = [file("same.txt", "same"), file("other.txt", "first")];
    await run.artifacts({ store: STORE, files });
    store.fill(`${STORE.prefix}other.txt`, "second");
    const copied = container.copies.length;
    const registered = service.bodies("artifact.batchMetadata").length;
    const again = await reopen();
    const outcome = await again.artifacts({
      store: STORE,
      files: [file("same.txt", "same"), file("other.txt", "second")],
    });
    assert.deepEqual(outcome, { files: 2, bytes: 10, failed: [] });
    assert.deepEqual(container.copies.slice(copied), [`${PREFIX}other.txt`]);
    assert.equal(service.bodies("artifact.batchMetadata").length, registered);
  });

  it("reads a file from where it says it is", async () => {
    const { container, store, run } = await opened();
    store.fill("elsewhere/x.bin", "there");
    const at = { store: { kind: "azure-blob", container: "c" }, path: "elsewhere/x.bin" };
    const outcome = await run.artifacts({
      store: null,
      files: [{ path: "x.bin", size: null, at }, file("y", "z")],
    });
    assert.deepEqual([outcome.files, outcome.bytes], [1, 5]);
    assert.deepEqual(outcome.failed.map(({ path, code }) => [path, code]), [["y", "no_store"]]);
    assert.equal(container.blobs.get(`${PREFIX}x.bin`)?.text, "there");
  });

  it("tells a path that the service does not register, and takes one that is there", async () => {
    const { service, store, run } = await opened();
    for (const path of ["a", "b", "c"]) store.fill(STORE.prefix + path, path);
    service.twist = ({ name, body }, usual) => {
      if (name !== "artifact.batchMetadata" || !JSON.stringify(body).includes('"b"')) return undefined;
      const errors = {
        b: refusal("Resource Conflict: b already exists", "Conflict"),
        c: refusal("not this name"),
      };
      return answer(200, { ...usual().body as object, errors });
    };
    const outcome = await run.artifacts({
      store: STORE,
      files: ["a", "b", "c"].map((path) => file(path, path)),
    });
    assert.equal(outcome.files, 2);
    assert.deepEqual(outcome.failed, [{
      path: "c",
      code: "UserError",
      message: "registering it: not this name",
    }]);
  });

  it("believes the artifact service where files lie, and says so when it cannot follow", async () => {
    const { service, container, store, run } = await opened();
    store.fill(`${STORE.prefix}a`, "a");
    const named = (relativePath: string, contentUri: string) => {
      service.twist = ({ name }) =>
        name === "artifact.batchMetadata"
          ? answer(200, {
            artifacts: { a: { dataPath: { dataStoreName: "other", relativePath } } },
            artifactContentInformation: { a: { contentUri } },
          })
          : undefined;
    };
    named("x/dcid.job-1-aaaa/a", "https://acct/elsewhere/x/dcid.job-1-aaaa/a?sig=secret");
    await assert.rejects(run.artifacts({ store: STORE, files: [file("a", "a")] }), (thrown) => {
      assert.ok(thrown instanceof Failure);
      assert.equal(thrown.facts.code, "artifact_place_unknown");
      assert.doesNotMatch(thrown.message, /secret/);
      return true;
    });
    named("x/dcid.job-1-aaaa/a", "https://acct/azureml/x/dcid.job-1-aaaa/a?sig=secret");
    assert.equal((await run.artifacts({ store: STORE, files: [file("a", "a")] })).files, 1);
    assert.deepEqual([...container.blobs.keys()], ["x/dcid.job-1-aaaa/a"]);
  });

  it("copies nothing when told so, and still writes azml's own file", async () => {
    const { container, run } = await opened({ copyArtifacts: false });
    assert.deepEqual(await run.artifacts({ store: STORE, files: [file("a", "a")] }), {
      files: 0,
      bytes: 0,
      failed: [],
    });
    await run.file("azml/original.json", new TextEncoder().encode("{}"), "application/json");
    assert.equal(container.blobs.get(`${PREFIX}azml/original.json`)?.text, "{}");
    await assert.rejects(run.file("../x", new Uint8Array(0), "x"), Failure);
  });

  it("stops when it is interrupted", async () => {
    const abort = new AbortController();
    const { container, store, run } = await opened({ signal: abort.signal });
    for (const path of ["a", "b", "c"]) store.fill(STORE.prefix + path, path);
    abort.abort();
    await assert.rejects(
      run.artifacts({ store: STORE, files: ["a", "b", "c"].map((path) => file(path, path)) }),
      (thrown) => thrown instanceof Failure && thrown.facts.code === "interrupted",
    );
    assert.deepEqual(container.copies, []);
  });
});
