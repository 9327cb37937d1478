import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { connectWorkspace } from "../../src/azure/connect.ts";
import { openAzure } from "../../src/azure/connect_azure.ts";
import { createAzureSource } from "../../src/azure/source.ts";
import { type JobRecord, jobSchema } from "../../src/records/job.ts";
import type { Point } from "../../src/records/point.ts";
import type { MetricTable } from "../../src/records/table.ts";
import type { Fault, Found, FoundJob, Log, Source, Want } from "../../src/stages/ports.ts";
import { systemClock } from "../../src/wire/clock.ts";
import { createPacers } from "../../src/wire/pacer.ts";
import { type Emulator, type EmulatorOptions, startEmulator } from "../emulator/start.ts";

const SILENT: Log = { debug() {}, info() {}, warn() {}, error() {}, progress() {} };
const EVERYTHING: Want = {
  include: null,
  archived: "exclude",
  keep: () => true,
  maxDepth: null,
  limit: null,
};

const start = (options: EmulatorOptions = {}) =>
  startEmulator({ ...options, settings: { checkTokens: false, ...options.settings } });

async function sourceOf(emulator: Emulator): Promise<Source> {
  const { facts } = emulator.workspace("a");
  const config = {
    kind: "azureml",
    from: "a.json",
    names: { subscription: facts.subscription, resourceGroup: facts.resourceGroup, workspace: facts.name },
    tenant: facts.tenant,
    cloud: "AzureCloud",
    credential: "cli",
    compute: null,
    sourceId: null,
    endpoints: { resourceManager: emulator.url, blob: `${emulator.url}/{account}` },
  } as const;
  const azure = await openAzure(config, {
    tokens: () => ({ get: () => Promise.resolve({ token: "any", expiresOn: Infinity }), forget: () => {} }),
    pacers: createPacers({ clock: systemClock, start: 8, max: 8 }),
    userAgent: "azml/test",
    retry: { baseMs: 5 },
  });
  const workspace = await connectWorkspace(config, azure);
  return createAzureSource(workspace, { concurrency: 8, log: SILENT, signal: new AbortController().signal });
}

async function found(source: Source, want: Partial<Want> = {}): Promise<Found[]> {
  const all: Found[] = [];
  for await (const batch of source.jobs({ ...EVERYTHING, ...want })) all.push(...batch);
  return all;
}

const jobsOf = (all: readonly Found[]): FoundJob[] =>
  all.flatMap((one) => one.kind === "job" ? [one.job] : []);

async function jobsById(source: Source, want: Partial<Want> = {}): Promise<ReadonlyMap<string, FoundJob>> {
  return new Map(jobsOf(await found(source, want)).map((job) => [job.record.id, job]));
}

interface Logged {
  readonly points: Record<string, Point[]>;
  readonly tables: MetricTable[];
  readonly faults: Fault[];
}

async function metricsOf(job: FoundJob | undefined, mode: "full" | "last" = "full"): Promise<Logged> {
  assert.ok(job !== undefined);
  const logged: Logged = { points: {}, tables: [], faults: [] };
  for await (const part of job.metrics(mode)) {
    if (part.kind === "points") (logged.points[part.metric] ??= []).push(...part.points);
    else if (part.kind === "table") logged.tables.push(part.table);
    else logged.faults.push(part.fault);
  }
  return logged;
}

async function filesOf(job: FoundJob | undefined): Promise<string[]> {
  assert.ok(job !== undefined);
  return (await job.artifacts()).artifacts.files.map(({ path, size, at }) =>
    `${path} ${size}${at === undefined ? "" : " elsewhere"}`
  );
}

function tally(records: readonly JobRecord[], key: (record: JobRecord) => string): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const record of records) counts[key(record)] = (counts[key(record)] ?? 0) + 1;
  return counts;
}

describe("an Azure ML workspace as source", () => {
  let emulator: Emulator;
  let source: Source;
  let jobs: ReadonlyMap<string, FoundJob>;
  let records: readonly JobRecord[];

  before(async () => {
    emulator = await start();
    source = await sourceOf(emulator);
    jobs = await jobsById(source, { archived: "include" });
    records = [...jobs.values()].map(({ record }) => record);
  });
  after(() => emulator.stop());

  it("gives every run of the workspace once, whole and valid", () => {
    const runs = [...emulator.workspace("a").runs.keys()];
    assert.deepEqual([...jobs.keys()].sort(), runs.sort());
    assert.deepEqual([...jobs.values()].flatMap(({ faults }) => faults), []);
    for (const record of records) jobSchema.parse(record);
  });

  it("tells every kind of root and every role", () => {
    const roots = records.filter(({ parent }) => parent === null);
    const types = new Set(roots.map(({ type }) => type));
    for (
      const type of ["command", "pipeline", "sweep", "automl", "labeling", "finetuning", "quantum", "run"]
    ) {
      assert.ok(types.has(type), `${type} among ${[...types]}`);
    }
    assert.deepEqual(tally(records.filter(({ role }) => role !== null), ({ role }) => `${role}`), {
      step: 9,
      nested_pipeline: 2,
      sweep_trial: 12,
      automl_trial: 20,
      run: 5,
    });
  });

  it("gives parents before children, one root's records together, at their depth", () => {
    const seen = new Map<string, JobRecord>();
    let root: string | null | undefined = null;
    const done = new Set<string | null | undefined>();
    for (const record of records) {
      if (record.root !== root) {
        assert.ok(!done.has(record.root), `${record.root} comes in one piece`);
        done.add(root);
        root = record.root;
      }
      const parent = seen.get(record.parent ?? "");
      if (record.parent === null) assert.equal(record.depth, 0);
      else assert.equal(record.depth, (parent?.depth ?? NaN) + 1, `${record.id} comes after its parent`);
      seen.set(record.id, record);
    }
    assert.equal(Math.max(...records.map(({ depth }) => depth ?? 0)), 3);
  });

  it("carries names, times, params and definitions", () => {
    const record = jobs.get("brave_apple_k3x9q2")?.record;
    assert.equal(record?.experiment, "churn");
    assert.equal(record?.created_at, "2024-03-04T09:00:00.0004567Z");
    assert.deepEqual(record?.params, { learning_rate: "0.05", max_depth: "6", objective: "binary:logistic" });
    assert.ok(record?.definition !== null && record?.definition !== undefined);
    assert.equal(jobs.get("odd_names_job")?.record.display_name, 'Größe & Maß <1> "zitiert"');
    assert.equal(jobs.get("0d5f8f0e-7a3b-4c56-9d1e-2b3c4d5e6f70")?.record.definition, null);
    assert.equal(jobs.get("sweep_lr_search_3")?.record.params?.["--lr"], "0.004");
    assert.deepEqual(
      tally(records, ({ archived }) => `${archived}`),
      { true: 1, false: records.length - 1 },
    );
  });

  it("reads whole metric histories with steps, times and values that are no numbers", async () => {
    const { points, faults } = await metricsOf(jobs.get("brave_apple_k3x9q2"));
    assert.deepEqual(faults, []);
    assert.equal(points["loss"]?.length, 1000);
    const series = emulator.workspace("a").runs.get("brave_apple_k3x9q2")?.metrics;
    for (const name of Object.keys(points)) {
      const rows = [...series?.values() ?? []].find((one) => one.name === name)?.rows;
      assert.ok(rows !== undefined, name);
      const expected = points[name]?.map((_, i) => {
        const { step, time, data } = rows.at(i);
        const value = data[name];
        return [step ?? 0, time, typeof value === "number" && !Number.isFinite(value) ? `${value}` : value];
      });
      assert.deepEqual(points[name], expected, name);
    }
    const last = await metricsOf(jobs.get("brave_apple_k3x9q2"), "last");
    assert.deepEqual(last.points["loss"], [points["loss"]?.at(-1)]);
  });

  it("reads tables, images and confusion matrices, and their files are there", async () => {
    const job = jobs.get("evaluate_tables_images");
    const { tables } = await metricsOf(job);
    assert.deepEqual(tables.map(({ name, artifact, rows }) => [name, artifact ?? rows?.length]), [
      ["per_class", 2],
      ["thresholds", 3],
      ["roc_curve", "roc_curve_1709546400.png"],
      ["confusion", "confusion"],
    ]);
    const files = (await filesOf(job)).map((file) => file.split(" ")[0]);
    for (const { artifact } of tables) {
      assert.ok(artifact === undefined || files.includes(artifact), artifact);
    }
  });

  it("finds files where their bytes are: unregistered, of a reused step, in another store, with odd names", async () => {
    assert.deepEqual(await filesOf(jobs.get("far_store_job")), [
      "outputs/here.txt 5",
      "outputs/shared/table.csv 8 elsewhere",
    ]);
    const reused = (await jobs.get("fccae07e-378c-46fc-9996-db9b5412b137")?.artifacts())?.artifacts;
    assert.equal(reused?.store?.prefix, "ExperimentRun/dcid.6eb984bb-f453-41d2-9ec7-b8c8372feb2b/");
    assert.equal(reused?.files.length, 3);
    assert.deepEqual(await filesOf(jobs.get("odd_names_job")), [
      "outputs/Größe #1/50% fertig.txt 6",
      "outputs/percent%20literal.txt 12",
      "outputs/with space/a+b&c=d.csv 8",
      "outputs/日本語/モデル.bin 256",
    ]);
    const big = (await jobs.get("brave_apple_k3x9q2")?.artifacts())?.artifacts;
    const hashes = new Map(big?.files.map(({ path, md5 }) => [path, md5]));
    assert.match(hashes.get("outputs/model.pkl") ?? "", /^[0-9a-f]{32}$/);
    assert.equal(hashes.get("user_logs/std_log.txt"), undefined);
    assert.deepEqual(await filesOf(jobs.get("plain_pebble_empty")), []);
  });

  it("lists archived jobs only when asked", async () => {
    assert.ok(!(await jobsById(source)).has("old_oak_archived"));
    assert.deepEqual([...(await jobsById(source, { archived: "only" })).keys()], ["old_oak_archived"]);
  });

  it("gives named jobs of any depth with what is below them", async () => {
    const include = ["b1a2c3d4-0001-4000-8000-000000000020", "nobody", "sweep_lr_search_3"];
    const all = await found(source, { include });
    assert.deepEqual(
      all.map((one) =>
        one.kind === "job" ? `${one.job.record.display_name} ${one.job.record.depth}` : one.code
      ),
      ["evaluate_group 2", "score 3", "report 3", "not_found", "sweep_lr_search_3 1"],
    );
    const [group] = jobsOf(all);
    assert.equal(group?.record.role, "nested_pipeline");
    assert.equal(group?.record.root, "train_and_deploy_3levels");
    assert.equal(jobsOf(all).at(-1)?.record.params?.["--conv_size"], "2");
  });

  it("gives the same from a service that refuses bulk calls, lists trials, or writes bare NaN", async () => {
    const settings = emulator.settings;
    const usual = { ...settings };
    const other: readonly Partial<typeof settings>[] = [
      { orQueries: false },
      { batchRunData: false },
      { trialsInArmList: true },
      { historyPageSize: 2, historyMaxPageSize: 2, armPageSize: 2, metricPageSize: 7 },
    ];
    for (const change of other) {
      Object.assign(settings, change);
      const again = [...(await jobsById(source, { archived: "include" })).values()].map(({ record }) =>
        record
      );
      Object.assign(settings, usual);
      assert.deepEqual(sorted(again), sorted(records), JSON.stringify(change));
    }
    const strings = await metricsOf(jobs.get("brave_apple_k3x9q2"));
    settings.nonFinite = "tokens";
    assert.deepEqual(await metricsOf(jobs.get("brave_apple_k3x9q2")), strings);
    settings.nonFinite = usual.nonFinite;
  });

  it("says what could not be read and goes on", async () => {
    emulator.fault({ match: "history.experimentids.query", action: { kind: "fail", status: 403 }, times: 1 });
    const all = await found(source);
    emulator.clearFaults();
    const faulty = jobsOf(all).filter(({ faults }) => faults.length > 0);
    assert.ok(faulty.length > 0);
    for (const { faults, record } of faulty) {
      assert.deepEqual(faults.map(({ part }) => part), ["children"], record.id);
    }
    const roots = records.filter(({ parent, archived }) => parent === null && archived === false);
    assert.equal(jobsOf(all).filter(({ record }) => record.parent === null).length, roots.length);
  });

  it("makes no request that changes anything", () => {
    const writes = emulator.requests().filter(({ effect }) => effect === "write");
    assert.deepEqual(writes, []);
  });
});

function sorted(records: readonly JobRecord[]): JobRecord[] {
  return [...records].sort((a, b) => a.id < b.id ? -1 : 1);
}

describe("runs that no tree of a workspace brings", () => {
  it("are given with their true parent and root, before and behind every size of page", async () => {
    const emulator = await start();
    try {
      const state = emulator.workspace("a");
      const far = state.ensureExperiment("far away").experimentId;
      const near = state.ensureExperiment("near by").experimentId;
      state.addRun({ runId: "lost_root", experimentId: near });
      state.addRun({ runId: "lost_child", experimentId: near, parentRunId: "lost_root", status: "Failed" });
      state.addRun({ runId: "lost_leaf", experimentId: far, parentRunId: "lost_child" });
      state.addRun({ runId: "far_step", experimentId: far, parentRunId: "train_and_deploy_3levels" });
      state.addRun({ runId: "far_leaf", experimentId: near, parentRunId: "far_step" });
      state.removeRun("lost_root");
      for (const page of [500, 2]) {
        emulator.settings.historyMaxPageSize = page;
        const jobs = await jobsById(await sourceOf(emulator), { archived: "include" });
        assert.deepEqual([...jobs.keys()].sort(), [...state.runs.keys()].sort());
        const facts = ["lost_child", "lost_leaf", "far_step", "far_leaf"].map((id) => {
          const record = jobs.get(id)?.record;
          return [record?.parent, record?.root, record?.depth, record?.experiment, record?.role];
        });
        assert.deepEqual(facts, [
          ["lost_root", "lost_root", null, "near by", "run"],
          ["lost_child", "lost_root", null, "far away", "run"],
          ["train_and_deploy_3levels", "train_and_deploy_3levels", 1, "far away", "step"],
          ["far_step", "train_and_deploy_3levels", 2, "near by", "run"],
        ]);
        assert.deepEqual([...jobs.values()].flatMap(({ faults }) => faults), []);
      }
    } finally {
      await emulator.stop();
    }
  });
});

describe("what it costs to read an Azure ML workspace", () => {
  const cases: readonly [string, EmulatorOptions["settings"]][] = [
    ["pages of 100 jobs", {}],
    ["pages of 10 jobs, some of them empty", { armPageSize: 10, emptyPageEvery: 3, historyMaxPageSize: 100 }],
  ];
  for (const [name, settings] of cases) {
    it(`lists 200 pipelines of 5 steps in 0.2 calls a record: ${name}`, async () => {
      const emulator = await start({
        generate: { pipelines: 200, steps: 5 },
        ...(settings === undefined ? {} : { settings }),
      });
      try {
        const source = await sourceOf(emulator);
        const before = source.usage().calls;
        const all = jobsOf(await found(source));
        const calls = source.usage().calls - before;
        assert.equal(all.length, 1200);
        assert.ok(calls / all.length <= 0.2, `${calls} calls for ${all.length} records`);
      } finally {
        await emulator.stop();
      }
    });
  }
});
