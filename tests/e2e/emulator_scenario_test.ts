import Ajv2020 from "ajv/dist/2020.js";
import assert from "node:assert/strict";
import { emptyWorkspaces } from "../emulator/scenario/read_scenario.ts";
import { scenarioFixtures } from "../emulator/scenario/write_fixtures.ts";
import { startEmulator } from "../emulator/start.ts";
import { TestClient } from "../emulator/test_client.ts";

const FIXTURES = new URL("../fixtures/scenarios/", import.meta.url);

Deno.test("the sample scenario and its schema are what the code makes", async () => {
  for (const [name, text] of Object.entries(scenarioFixtures())) {
    assert.equal(
      await Deno.readTextFile(new URL(name, FIXTURES)),
      text,
      `${name} is old: run write_fixtures.ts`,
    );
  }
});

Deno.test("a scenario that does not fit the schema is refused", async () => {
  const [a] = emptyWorkspaces();
  const scenario = { workspaces: [{ ...a, runs: [{ id: "x", colour: "red" }] }] };
  await assert.rejects(startEmulator({ scenario }), /colour/);
});

Deno.test("the sample holds every shape, and its bytes", async () => {
  const emulator = await startEmulator();
  try {
    const a = emulator.workspace("a");
    const types = new Set([...a.jobs.values()].map(({ definition }) => definition.jobType).filter(Boolean));
    assert.deepEqual([...types].sort(), [
      "AutoML",
      "Command",
      "FineTuning",
      "Labeling",
      "Pipeline",
      "Quantum",
      "Sweep",
    ]);
    assert.equal(a.childrenOf("sweep_lr_search").length, 12);
    assert.equal(a.childrenOf("AutoML_4c7e1a90-3b52-4f6d-8a11-9e0d2c5b7f34").length, 22);
    const reused = a.runs.get("fccae07e-378c-46fc-9996-db9b5412b137");
    assert.equal(reused?.dataContainerId, "dcid.6eb984bb-f453-41d2-9ec7-b8c8372feb2b");
    const deepest = a.runs.get("b1a2c3d4-0001-4000-8000-000000000021");
    assert.equal(deepest?.rootRunId, "train_and_deploy_3levels");
    assert.equal(a.runs.get("brave_apple_k3x9q2")?.metrics.get("loss")?.rows.length, 1000);
    assert.equal(
      await a.storage.size("azureml", "ExperimentRun/dcid.brave_apple_k3x9q2/outputs/big/weights.bin"),
      5 * 1024 * 1024,
    );
    assert.equal(await a.storage.size("shared-data", "exports/2024/table.csv"), 8);
    const log = "ExperimentRun/dcid.brave_apple_k3x9q2/user_logs/std_log.txt";
    const head = await fetch(a.storage.sasUrl(emulator.url, "azureml", log, "r"), { method: "HEAD" });
    assert.equal(head.headers.get("x-ms-blob-type"), "AppendBlob");
    assert.equal(head.headers.get("content-md5"), null);
    assert.equal(emulator.workspace("b").runs.size, 0);
    assert.notEqual(emulator.workspace("b").facts.tenant, a.facts.tenant);
  } finally {
    await emulator.stop();
  }
});

Deno.test("generated work is there with its points, files and pages", async () => {
  const emulator = await startEmulator({
    generate: { jobs: 1500, pipelines: 20, steps: 4, points: 20, files: 3, big_metric: 1_000_000 },
  });
  try {
    const a = emulator.workspace("a");
    assert.equal(a.runs.size, 1500 + 20 * 5 + 1);
    assert.equal(a.runs.get("gen-big")?.metrics.get("loss")?.rows.length, 1_000_000);
    assert.equal(a.artifactsOf("ExperimentRun", "dcid.gen-000007")?.size, 3);
    assert.deepEqual(
      (await a.storage.list("azureml", "ExperimentRun/dcid.gen-000007/")).map(({ name }) =>
        name.split("/").slice(2).join("/")
      ),
      [
        "outputs/metrics.json",
        "outputs/model.bin",
        "user_logs/std_log.txt",
      ],
    );
    const client = new TestClient(emulator);
    let count = 0;
    for (let url: unknown = `${client.path}/jobs`; typeof url === "string";) {
      const { body } = await client.fetch(url);
      count += Array.isArray(body.value) ? body.value.length : 0;
      url = body.nextLink;
    }
    assert.equal(count, 1500 + 20 + 1);
  } finally {
    await emulator.stop();
  }
});

Deno.test("the written schema accepts the written sample", async () => {
  const read = async (name: string) => JSON.parse(await Deno.readTextFile(new URL(name, FIXTURES)));
  const validate = new Ajv2020.default({ strict: false, validateFormats: false }).compile(
    await read("scenario.schema.json"),
  );
  const valid = validate(await read("sample.json"));
  assert.deepEqual([valid, validate.errors ?? []], [true, []]);
});
