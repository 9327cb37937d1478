import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { connectWorkspace } from "../../src/azure/connect.ts";
import { openAzure } from "../../src/azure/connect_azure.ts";
import type { WorkspaceConfig } from "../../src/azure/connect_config.ts";
import { createAzureTarget } from "../../src/azure/target.ts";
import type { Workspace } from "../../src/azure/workspace.ts";
import type { FileRef, StoreRef } from "../../src/records/artifacts.ts";
import type { Point } from "../../src/records/point.ts";
import type { UnitRecord } from "../../src/records/unit.ts";
import type { Log } from "../../src/stages/ports.ts";
import { systemClock } from "../../src/wire/clock.ts";
import { createPacers } from "../../src/wire/pacer.ts";
import { type Emulator, startEmulator } from "../emulator/start.ts";
import { metricKey } from "../emulator/state/run.ts";

const SILENT: Log = { debug() {}, info() {}, warn() {}, error() {}, progress() {} };
const ENDED = "2023-05-06T08:08:09.0000000Z";
const STORE: StoreRef = {
  kind: "azure-blob",
  datastore: "workspaceartifactstore",
  prefix: "ExperimentRun/dcid.src/",
};
const FILES = [
  "outputs/model.pkl",
  "outputs/with space #1?.txt",
  "outputs/100%20.txt",
  "logs/größe/日本.txt",
];

async function connect(emulator: Emulator, key: string): Promise<Workspace> {
  const { facts } = emulator.workspace(key);
  const config: WorkspaceConfig = {
    kind: "azureml",
    from: `${key}.json`,
    names: { subscription: facts.subscription, resourceGroup: facts.resourceGroup, workspace: facts.name },
    tenant: facts.tenant,
    cloud: "AzureCloud",
    credential: "cli",
    compute: null,
    sourceId: null,
    endpoints: { resourceManager: emulator.url, blob: `${emulator.url}/{account}` },
  };
  const azure = await openAzure(config, {
    tokens: () => ({ get: () => Promise.resolve({ token: "any", expiresOn: Infinity }), forget: () => {} }),
    pacers: createPacers({ clock: systemClock, start: 8, max: 8 }),
    userAgent: "azml/test",
    retry: { baseMs: 5 },
  });
  return await connectWorkspace(config, azure);
}

function unit(changes: Partial<UnitRecord>): UnitRecord {
  return {
    kind: "unit",
    v: 1,
    id: "root-aaaa",
    origin: { source: "azureml://a", id: "root", parent: null, root: "root", depth: 0 },
    as: "runs",
    for: "azureml",
    role: "run",
    target_name: "root-aaaa",
    parent_target: null,
    experiment: "Ünïcode & space",
    display_name: "a name",
    description: "what it is",
    archived: false,
    status: "Completed",
    times: { created: null, started: "2023-05-06T07:08:09.1234567Z", ended: ENDED },
    tags: { azml_source: "azureml://a", original_job_id: "root" },
    params: { lr: "0.1" },
    ...changes,
  };
}

const points = (count: number): Point[] =>
  Array.from({ length: count }, (_, index): Point => [index, 1_600_000_000_000 + index, index / 8]);

describe("an Azure ML workspace of the emulator as target", () => {
  let emulator: Emulator;
  let source: Workspace;
  let workspace: Workspace;
  const files: FileRef[] = [];

  const target = (copyArtifacts = true) =>
    createAzureTarget(workspace, {
      stores: (ref) => source.container(ref.datastore ?? ""),
      copyArtifacts,
      dryRun: false,
      concurrency: 3,
      log: SILENT,
      signal: new AbortController().signal,
    });
  const writes = (from: number) =>
    emulator.requests().slice(from).filter(({ effect, status }) => effect === "write" && status < 500);
  const rowsOf = (run: string, metric: string) => {
    const rows = emulator.workspace("b").runs.get(run)?.metrics.get(metricKey(metric, null))?.rows;
    return Array.from({ length: rows?.length ?? 0 }, (_, index) => rows?.at(index));
  };

  before(async () => {
    emulator = await startEmulator({ settings: { checkTokens: false } });
    source = await connect(emulator, "a");
    workspace = await connect(emulator, "b");
    const container = await source.container("workspaceartifactstore");
    for (const path of FILES) {
      const name = `${STORE.prefix}${path}`;
      await container.put(name, new TextEncoder().encode(`bytes of ${path}`), "text/x-test");
      const blob = await container.head(name);
      files.push({ path, size: blob?.size ?? null, md5: blob?.md5 ?? "", content_type: "text/x-test" });
    }
  });
  after(() => emulator.stop());

  it("takes a tree of runs with everything, by every route for times, and the second time nothing", async () => {
    for (const backdate of ["fields", "events", "none"] as const) {
      emulator.settings.backdate = backdate;
      const [root, child] = [`root-${backdate}`, `child-${backdate}`];
      const write = async () => {
        const to = target();
        const loss: string[] = [];
        for (const [name, parent] of [[root, null], [child, root]] as const) {
          const found = (await to.find([name])).get(name) ?? null;
          const made = await to.open(unit({ target_name: name, archived: parent !== null }), parent, found);
          await made.run.points("loss", points(1000));
          await made.run.points("val/acc", [[0, 1_600_000_000_000, "NaN"], [1, 1_600_000_000_000, 0.5]]);
          loss.push(...[...made.loss, ...await made.run.pointsDone()].map(({ field }) => field));
          await made.run.tables([{
            name: "t",
            type: "azureml.v1.table",
            rows: [{ a: 1 }],
            at: [[null, 1_600_000_000_000]],
          }]);
          const outcome = await made.run.artifacts({ store: STORE, files });
          assert.deepEqual([outcome.files, outcome.failed], [files.length, []]);
          await made.run.file("azml/original.json", new TextEncoder().encode("{}"), "application/json");
          loss.push(...(await made.run.finish("digest")).map(({ field }) => field));
        }
        return loss;
      };
      const expected = backdate === "none" ? ["times.started", "times.ended"] : [];
      assert.deepEqual(await write(), [...expected, ...expected], backdate);
      const run = emulator.workspace("b").runs.get(child);
      assert.equal(run?.parentRunId, root);
      assert.equal(run?.rootRunId, root);
      assert.equal(run?.status, "Completed");
      assert.equal(run?.hidden, true);
      assert.equal(run?.tags.azml_digest, "digest");
      assert.equal(
        Date.parse(run?.startTimeUtc ?? "") === Date.parse("2023-05-06T07:08:09.123Z"),
        backdate !== "none",
      );
      assert.equal(Date.parse(run?.endTimeUtc ?? "") === Date.parse(ENDED), backdate !== "none");
      assert.deepEqual(
        rowsOf(child, "loss").map((row) => [row?.step, row?.time, row?.data.loss]),
        points(1000),
      );
      const container = await workspace.container("workspaceartifactstore");
      const copied = (await Array.fromAsync(container.list(`ExperimentRun/dcid.${child}/`))).flat();
      assert.deepEqual(
        copied.filter(({ contentType }) => contentType === "text/x-test").map(({ name, size, md5 }) => ({
          name,
          size,
          md5,
        })),
        files.map(({ path, size, md5 }) => ({ name: `ExperimentRun/dcid.${child}/${path}`, size, md5 }))
          .sort((a, b) => a.name < b.name ? -1 : 1),
      );
      const registered = emulator.workspace("b").artifactsOf("ExperimentRun", `dcid.${child}`);
      assert.deepEqual([...registered?.keys() ?? []].sort(), [...FILES, "azml/original.json"].sort());

      const moved = workspace.bytes();
      await write();
      assert.equal(workspace.bytes(), moved, "bytes moved the second time");
      assert.equal(rowsOf(child, "loss").length, 1000, "points were sent a second time");
      assert.equal(rowsOf(child, "t").length, 1, "rows were sent a second time");
    }
  });

  it("sends no point twice when replies are lost", async () => {
    for (const kind of ["drop", "cut", "reset"] as const) {
      const name = `lost-${kind}`;
      const { run } = await target().open(unit({ target_name: name }), null, null);
      emulator.fault({ match: /batchsync/, after: 1, times: 2, action: { kind } });
      await run.points("loss", points(1000));
      await run.pointsDone();
      emulator.clearFaults();
      assert.deepEqual(
        rowsOf(name, "loss").map((row) => row?.step),
        points(1000).map(([step]) => step),
        kind,
      );
    }
  });

  it("goes down the ladder where the storage has no Put Blob From URL, and remembers it", async () => {
    emulator.settings.blobFromUrl = false;
    const from = emulator.requests().length;
    const to = target();
    for (const name of ["no-from-url-1", "no-from-url-2"]) {
      const { run } = await to.open(unit({ target_name: name }), null, null);
      const outcome = await run.artifacts({ store: STORE, files });
      assert.deepEqual([outcome.files, outcome.failed], [files.length, []]);
    }
    const refused = emulator.requests().slice(from).filter(({ status }) => status === 501);
    assert.ok(
      refused.length >= 1 && refused.length <= 3,
      `${refused.length} times refused with three files at a time`,
    );
    emulator.settings.blobFromUrl = true;
  });

  it("asks once for many names, and writes nothing to find them", async () => {
    const from = emulator.requests().length;
    const names = Array.from({ length: 250 }, (_, index) => `nobody-${index}`);
    assert.deepEqual([...(await target().find([...names, "root-fields"])).keys()], ["root-fields"]);
    assert.equal(emulator.requests().length - from, 3);
    assert.deepEqual(writes(from), []);
  });
});
