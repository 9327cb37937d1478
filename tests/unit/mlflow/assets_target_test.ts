import assert from "node:assert/strict";
import { createMlflowAssets } from "../../../src/mlflow/assets_source.ts";
import { createMlflowAssetTarget } from "../../../src/mlflow/assets_target.ts";
import { NO_FILES } from "../../../src/mlflow/asset_scope.ts";
import { Failure } from "../../../src/records/failure.ts";
import type { UnitRecord } from "../../../src/records/unit.ts";
import type { AssetTarget, FoundRun } from "../../../src/stages/ports.ts";
import { type MlflowDouble, startMlflow } from "../../mlflow/start.ts";
import { plainServer } from "./registry_server.ts";

const SOURCE = "mlflow+http://source";
const log = { debug() {}, info() {}, warn() {}, error() {}, progress() {} };
const { signal } = new AbortController();

/** A unit as plan makes it. */
function unit(role: UnitRecord["role"], id: string, more: Partial<UnitRecord>): UnitRecord {
  const target_name = `${role}-${id.replaceAll("/", "-")}`;
  const origin = { source: SOURCE, id, parent: null, root: null, depth: null };
  return {
    kind: "unit",
    v: 1,
    id: target_name,
    origin,
    as: "runs",
    for: "mlflow",
    role,
    target_name,
    ...more,
  };
}

interface Bench {
  readonly double: MlflowDouble;
  readonly server: ReturnType<typeof plainServer>;
  readonly runId: string;
  readonly target: (options?: { keepVersionNumbers?: boolean; replaceModels?: boolean }) => AssetTarget;
}

async function withTarget(work: (bench: Bench) => Promise<void>): Promise<void> {
  const double = await startMlflow({ version: "3.17.2" });
  try {
    const server = plainServer(double.url);
    const post = async (path: string, body: unknown) => {
      const headers = { "content-type": "application/json" };
      const answer = await fetch(`${double.url}/api/2.0/mlflow/${path}`, {
        method: "POST",
        headers,
        body: JSON.stringify(body),
      });
      return await answer.json();
    };
    const made = await post("runs/create", { experiment_id: "0", start_time: 1 });
    const runId: string = made.run.info.run_id;
    const run: FoundRun = { name: "run-1", target: runId, origin: null, digest: null };
    const target: Bench["target"] = (options = {}) =>
      createMlflowAssetTarget(server, {
        runs: { find: (names) => Promise.resolve(new Map(names.includes("run-1") ? [["run-1", run]] : [])) },
        experiments: { idOf: () => Promise.resolve("0") },
        files: { put: () => Promise.resolve({ ...NO_FILES, files: 1 }), putFile: () => Promise.resolve() },
        copyArtifacts: true,
        concurrency: 4,
        log,
        signal,
        ...options,
      });
    await work({ double, server, runId, target });
  } finally {
    await double.stop();
  }
}

const model = unit("model", "churn", {
  name: "churn",
  description: "d",
  tags: { t: "1" },
  asset: { aliases: { champ: "3" } },
});
const version = (number: string, more: Partial<UnitRecord> = {}) =>
  unit("model_version", `churn/${number}`, {
    name: "churn",
    version: number,
    tags: { k: number },
    asset: {
      run_id: "old",
      path: "model",
      current_stage: "None",
      aliases: number === "3" ? ["champ", "latest"] : [],
    },
    refs: { run: "run-1" },
    ...more,
  });

async function carryAll(target: AssetTarget, units: readonly UnitRecord[]) {
  const outcomes = [];
  for (const one of units) {
    const found = (await target.find([one])).get(one.target_name) ?? null;
    outcomes.push(await target.carry(one, found, `digest of ${one.id}`));
  }
  return outcomes;
}

Deno.test("versions are numbered without gaps, under the new run, and the loss tells old and new number", async () => {
  await withTarget(async ({ target }) => {
    const to = target();
    const [, first, third] = await carryAll(to, [model, version("1"), version("3")]);
    assert.equal(first?.target, "churn/1");
    assert.equal(third?.target, "churn/2");
    const loss = third?.loss.map(({ field, change }) => `${field} ${change}`);
    assert.deepEqual(loss, ["version rewritten", "aliases.latest dropped"]);
    const found = await target().find([version("3")]);
    assert.equal(found.get(version("3").target_name)?.digest, `digest of ${version("3").id}`);
  });
});

Deno.test("version numbers are kept, with their gaps, where that is asked for", async () => {
  await withTarget(async ({ target }) => {
    const outcomes = await carryAll(target({ keepVersionNumbers: true }), [
      model,
      version("2"),
      version("5"),
    ]);
    assert.deepEqual(outcomes.map((outcome) => outcome.target), ["churn", "churn/2", "churn/5"]);
  });
});

Deno.test("a second pass writes nothing", async () => {
  await withTarget(async ({ server, target }) => {
    const units = [model, version("1"), version("3")];
    await carryAll(target(), units);
    const before = server.asked.length;
    await carryAll(target(), units);
    assert.deepEqual(server.asked.slice(before).filter(({ effect }) => effect === "write"), []);
  });
});

Deno.test("what was made is read back as it was meant", async () => {
  await withTarget(async ({ server, target, runId }) => {
    await carryAll(target(), [model, version("1"), version("3")]);
    const source = createMlflowAssets(server, { concurrency: 4, log, signal });
    const want = { keep: () => true, model: () => true, archived: "exclude", latest: false } as const;
    const records = [];
    for await (const batch of source.list(["model", "model_version"], want)) {
      for (const found of batch) if (found.kind === "asset") records.push(found.record);
    }
    const [read, one, two] = records;
    assert.equal(read?.kind === "model" ? read.description : null, "d");
    assert.equal(one?.kind === "model_version" ? one.run_id : null, runId);
    assert.equal(one?.kind === "model_version" ? one.path : null, "model");
    assert.deepEqual(two?.kind === "model_version" ? two.aliases : null, ["champ"]);
  });
});

Deno.test("a version whose run is not there gets a run for its files, and says so", async () => {
  await withTarget(async ({ target }) => {
    const files = { store: null, files: [{ path: "MLmodel", size: 1 }] };
    const [, outcome] = await carryAll(target(), [
      model,
      version("1", { refs: { run: "gone" }, artifacts: files, experiment: "churn" }),
    ]);
    assert.equal(outcome?.artifacts.files, 1);
    assert.equal(outcome?.loss.find(({ field }) => field === "experiment")?.original, "churn");
    const loss = outcome?.loss.find(({ field }) => field === "run_id");
    assert.equal(loss?.change, "moved");
    assert.match(loss?.reason ?? "", /experiment "azml models"/);
  });
});

Deno.test("a version with neither run nor files fails and says what to bring along", async () => {
  await withTarget(async ({ target }) => {
    await assert.rejects(carryAll(target(), [model, version("1", { refs: { run: "gone" } })]), (thrown) => {
      assert.ok(thrown instanceof Failure);
      assert.equal(thrown.facts.code, "version_without_files");
      return true;
    });
  });
});

Deno.test("a model that is replaced goes only when all of the new one stands", async () => {
  await withTarget(async ({ server, target }) => {
    await server.send({
      method: "POST",
      path: "/api/2.0/mlflow/registered-models/create",
      effect: "write",
      repeatable: true,
    }, {
      body: { name: "churn", description: "foreign" },
    });
    const to = target({ replaceModels: true });
    await carryAll(to, [model, version("1")]);
    const names = async () => {
      const answer = await fetch(`${server.address}/api/2.0/mlflow/registered-models/search?max_results=10`);
      const { registered_models: models } = await answer.json();
      return models.map(({ name }: { name: string }) => name).toSorted();
    };
    await to.settle?.(false);
    assert.deepEqual(await names(), ["churn", "churn.azml-replaced"]);
    await to.settle?.(true);
    assert.deepEqual(await names(), ["churn"]);
  });
});
