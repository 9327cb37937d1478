import assert from "node:assert/strict";
import { isJsonObject, type JsonObject } from "../../../src/records/json.ts";
import type { Found } from "../../../src/stages/ports.ts";
import { fakeWork, listed } from "./fake_work.ts";
import { armJob, type Handler, jobsOf, recordsOf, refused, reply, Rig, run } from "./reading_rig.ts";

const child = (id: string, parent: string, root: string, minute = 0, more: JsonObject = {}) =>
  run(id, { parentRunId: parent, rootRunId: root, runType: "azureml.StepRun", ...more }, minute);

/** A workspace: a pipeline of three levels, a command, an archived one, and two bare runs of two experiments. */
const RUNS: readonly JsonObject[] = [
  run("pipe", {}, 1),
  child("step2", "pipe", "pipe", 3),
  child("step1", "pipe", "pipe", 2),
  child("inner", "step1", "pipe", 4),
  run("cmd", {}, 5),
  run("old", { hidden: true }, 6),
  run("bare", { experimentId: "e2", runTypeV2: { traits: ["mlflow"] } }, 7),
  child("bare_child", "bare", "bare", 8, { experimentId: "e2", runType: null }),
  run("bare_old", { experimentId: "e2", hidden: true }, 9),
];
const JOBS: readonly JsonObject[] = [
  armJob("pipe", { jobType: "Pipeline" }),
  armJob("cmd"),
  armJob("old", { isArchived: true }),
];
const EXPERIMENTS = [{ experimentId: "e1", name: "exp one" }, { experimentId: "e2", name: "exp two" }];

const SERVICE = fakeWork({ runs: RUNS, jobs: JOBS, experiments: EXPERIMENTS });

function answered(service: Readonly<Record<string, Handler>>, route: string, ...asked: Parameters<Handler>) {
  const handler = service[route];
  assert.ok(handler !== undefined);
  return handler(...asked);
}

const rigOf = (changes: Readonly<Record<string, Handler>> = {}) => new Rig({ ...SERVICE, ...changes });
const ids = (found: readonly Found[]) => recordsOf(found).map(({ id }) => id);

Deno.test("all trees: jobs of ARM and then bare runs, each in pre-order, with depth, parent, root and experiment", async () => {
  const records = recordsOf(await rigOf().found());
  assert.deepEqual(
    records.map((r) => [r.id, r.type, r.role, r.parent, r.root, r.depth, r.experiment]),
    [
      ["pipe", "pipeline", null, null, "pipe", 0, "exp one"],
      ["step1", "pipeline", "nested_pipeline", "pipe", "pipe", 1, "exp one"],
      ["inner", "command", "step", "step1", "pipe", 2, "exp one"],
      ["step2", "command", "step", "pipe", "pipe", 1, "exp one"],
      ["cmd", "command", null, null, "cmd", 0, "exp one"],
      ["bare", "run", null, null, "bare", 0, "exp two"],
      ["bare_child", "run", "run", "bare", "bare", 1, "exp two"],
    ],
  );
  assert.equal(records.find(({ id }) => id === "bare")?.definition, null);
});

Deno.test("archived jobs are in the view that was asked for, bare runs too", async () => {
  const all = ["pipe", "step1", "inner", "step2", "cmd", "old", "bare", "bare_child", "bare_old"];
  assert.deepEqual(ids(await rigOf().found({ archived: "include" })), all);
  assert.deepEqual(ids(await rigOf().found({ archived: "only" })), ["old", "bare_old"]);
});

Deno.test("a limit counts trees and stops the paging", async () => {
  const rig = rigOf();
  assert.deepEqual(ids(await rig.found({ limit: 1 })), ["pipe", "step1", "inner", "step2"]);
  // The list of experiments, and the other one: what lies there of the tree comes with it.
  assert.deepEqual(rig.counts(), {
    "arm.jobs": 1,
    "history.batchRunData": 1,
    "history.queryExperiments": 1,
    "history.queryRunsById": 2,
  });
  assert.deepEqual(ids(await rigOf().found({ limit: 0 })), []);
});

Deno.test("what is not kept costs no calls of its own, and a depth cuts below each root", async () => {
  const rig = rigOf();
  assert.deepEqual(ids(await rig.found({ keep: ({ experiment }) => experiment === "exp two" })), [
    "bare",
    "bare_child",
  ]);
  assert.equal(rig.sent.filter(({ body }) => `${body["filter"]}`.includes("RootRunId")).length, 1);
  assert.deepEqual(ids(await rigOf().found({ maxDepth: 1 })), [
    "pipe",
    "step1",
    "step2",
    "cmd",
    "bare",
    "bare_child",
  ]);
  const flat = rigOf();
  assert.deepEqual(ids(await flat.found({ maxDepth: 0 })), ["pipe", "cmd", "bare"]);
  assert.ok(!flat.sent.some(({ body }) => `${body["filter"]}`.includes("RootRunId")));
});

Deno.test("selection sees the facts that the record tells", async () => {
  const seen: unknown[] = [];
  const records = recordsOf(
    await rigOf().found({
      keep: (facts) => {
        seen.push(facts);
        return facts.id === "cmd";
      },
    }),
  );
  const [record] = records;
  assert.ok(record !== undefined);
  const { id, experiment, status, type, tags = null, archived, created_at } = record;
  assert.deepEqual(seen[1], { id, experiment, status, type, tags, archived, created_at });
});

Deno.test("a job that the list shows twice comes once; a listed child comes with its root alone", async () => {
  const jobs = [armJob("pipe", { jobType: "Pipeline" }), armJob("pipe"), armJob("step2"), armJob("cmd")];
  const found = ids(await rigOf({ "arm.jobs": listed(jobs) }).found());
  assert.deepEqual(found, ["pipe", "step1", "inner", "step2", "cmd", "bare", "bare_child"]);
});

Deno.test("a job that run history has not got is a record and no fault", async () => {
  const jobs = [armJob("draft", { displayName: "Draft", status: "NotStarted" })];
  const [job] = jobsOf(await rigOf({ "arm.jobs": listed(jobs) }).found());
  assert.deepEqual([job?.record.id, job?.record.display_name, job?.record.type], [
    "draft",
    "Draft",
    "command",
  ]);
  assert.deepEqual(job?.faults, []);
});

Deno.test("a page that run history cannot answer makes faults, and the stream goes on", async () => {
  let pages = 0;
  const rig = rigOf({
    "history.batchRunData": (request, body) => {
      if (++pages === 1) throw refused(503, "ServiceUnavailable");
      return answered(SERVICE, "history.batchRunData", request, body);
    },
  });
  const jobs = jobsOf(await rig.found());
  assert.deepEqual(
    jobs.map(({ record, faults }) => [record.id, faults.map(({ part, code }) => `${part} ${code}`)]),
    [
      ["pipe", ["params ServiceUnavailable", "children ServiceUnavailable"]],
      ["cmd", []],
      ["bare", []],
      ["bare_child", []],
      ["step1", []],
      ["inner", []],
      ["step2", []],
    ],
  );
});

Deno.test("a service without the bulk call is asked run by run", async () => {
  const rig = rigOf({
    "history.batchRunData": () => {
      throw refused(404);
    },
    "history.run": ({ vars }) => RUNS.find(({ runId }) => runId === vars?.["runId"]) ?? reply(404),
  });
  assert.deepEqual(ids(await rig.found()), ["pipe", "step1", "inner", "step2", "cmd", "bare", "bare_child"]);
  assert.equal(rig.counts()["history.batchRunData"], 1);
});

Deno.test("an experiment whose runs cannot be listed is said, the others go on", async () => {
  const found = await rigOf({
    "history.queryRunsById": (request, body) => {
      if (request.vars?.["experimentId"] === "e1" && body["filter"] === undefined) {
        throw refused(500, "Boom");
      }
      return answered(SERVICE, "history.queryRunsById", request, body);
    },
  }).found();
  assert.deepEqual(found.map((one) => one.kind === "job" ? one.job.record.id : one.code).slice(-3), [
    "Boom",
    "bare",
    "bare_child",
  ]);
});

Deno.test("a list of ARM that breaks off is the end", async () => {
  const rig = rigOf({
    "arm.jobs": () => {
      throw refused(500, "Boom");
    },
  });
  await assert.rejects(rig.found(), { name: "Failure" });
});

Deno.test("named jobs of any depth come with what is below them, at their true depth", async () => {
  const rig = rigOf();
  const found = await rig.found({ include: ["step1", "nowhere", "cmd", "inner", "bare_child"] });
  const brief = found.map((one) =>
    one.kind === "job" ? `${one.job.record.id}:${one.job.record.depth}` : `${one.id} ${one.code}`
  );
  assert.deepEqual(brief, ["step1:1", "inner:2", "nowhere not_found", "cmd:0", "bare_child:1"]);
  const records = recordsOf(found);
  assert.deepEqual(records.map(({ root }) => root), ["pipe", "pipe", "cmd", "bare"]);
  assert.equal(records[2]?.definition === null, false);
  assert.deepEqual(records.map(({ experiment }) => experiment), ["exp one", "exp one", "exp one", "exp two"]);
});

Deno.test("a depth, a limit and archiving hold for named jobs", async () => {
  assert.deepEqual(ids(await rigOf().found({ include: ["step1"], maxDepth: 0 })), ["step1"]);
  assert.deepEqual(ids(await rigOf().found({ include: ["pipe"], maxDepth: 0 })), ["pipe"]);
  assert.deepEqual(ids(await rigOf().found({ include: ["step2", "cmd"], limit: 1 })), ["step2"]);
  assert.deepEqual(ids(await rigOf().found({ include: ["old", "cmd"], archived: "only" })), ["old"]);
  assert.deepEqual(ids(await rigOf().found({ include: ["old"] })), ["old"]);
});

Deno.test("an abort ends the listing without a failure", async () => {
  const rig = rigOf();
  const found = await rig.found({
    keep: () => {
      rig.stop.abort();
      return true;
    },
  });
  assert.ok(found.length < 7, `${found.length}`);
});

Deno.test("what was spent is told, and each found job reads its own container", async () => {
  const rig = rigOf({ "artifact.list": () => ({ value: [] }), "metric.list": () => ({ value: [] }) });
  const [job] = jobsOf(await rig.found({ include: ["cmd"] }));
  assert.ok(job !== undefined);
  assert.equal((await job.artifacts()).artifacts.store?.prefix, "ExperimentRun/dcid.cmd/");
  assert.equal(rig.sent.at(-1)?.request.vars?.["container"], "dcid.cmd");
});

Deno.test("run history's spelling of an id holds: a job listed or named in another case comes once", async () => {
  const spelled = (id: string) => id.toLowerCase();
  const anyCase: Handler = (request, { requests }) => {
    const ids = Object.keys(requests ?? {});
    const answer = answered(SERVICE, "history.batchRunData", request, {
      requests: Object.fromEntries(ids.map((id) => [spelled(id), {}])),
    });
    assert.ok(typeof answer === "object" && answer !== null && "successfulResults" in answer);
    const good = answer["successfulResults"];
    assert.ok(isJsonObject(good));
    const successfulResults = Object.fromEntries(
      ids.flatMap((id) => good[spelled(id)] === undefined ? [] : [[id, good[spelled(id)] ?? null] as const]),
    );
    return { successfulResults, failedResults: answer["failedResults"] ?? null };
  };
  const changes = {
    "arm.jobs": listed([armJob("PIPE", { jobType: "Pipeline" }), armJob("cmd")]),
    "history.batchRunData": anyCase,
  };
  const all = ["pipe", "step1", "inner", "step2", "cmd", "bare", "bare_child"];
  assert.deepEqual(ids(await rigOf(changes).found()), all);
  assert.deepEqual(ids(await rigOf(changes).found({ include: ["STEP1"] })), ["step1", "inner"]);
});

Deno.test("ids that differ in case alone are two runs", async () => {
  const runs = [run("Twin", {}, 1), run("twin", {}, 2)];
  const jobs = [armJob("Twin"), armJob("twin")];
  assert.deepEqual(ids(await new Rig(fakeWork({ runs, jobs, experiments: EXPERIMENTS })).found()), [
    "Twin",
    "twin",
  ]);
});

Deno.test("an answer that is no list is said, and not taken for an empty one; a list of null is empty", async () => {
  const broken = await rigOf({
    "history.queryRunsById": (request, body) =>
      body["filter"] === undefined
        ? request.vars?.["experimentId"] === "e1" ? { value: null } : "<html>"
        : answered(SERVICE, "history.queryRunsById", request, body),
  }).found();
  assert.deepEqual(broken.flatMap((one) => one.kind === "missing" ? [one.code] : []), ["no_list"]);
  await assert.rejects(rigOf({ "arm.jobs": () => null }).found(), { message: /no list/ });
});

Deno.test("a run without times, and with values that are no texts, is whole", async () => {
  const odd = run("odd", {
    createdUtc: null,
    tags: { n: null, b: true },
    properties: { o: { a: [1] } },
    parameters: { lr: 0.1, list: [1, 2], none: null },
  });
  const [record] = recordsOf(await new Rig(fakeWork({ runs: [odd], experiments: EXPERIMENTS })).found());
  assert.equal(record?.created_at, null);
  assert.deepEqual(record?.tags, { n: "", b: "true" });
  assert.deepEqual(record?.properties, { o: '{"a":[1]}' });
  assert.deepEqual(record?.params, { lr: "0.1", list: "[1,2]", none: "" });
});

Deno.test("a run that was deleted between listing and reading says that its metrics are gone", async () => {
  const gone = rigOf({ "metric.list": () => reply(404), "history.run": () => reply(404) });
  const [job] = jobsOf(await gone.found({ include: ["cmd"] }));
  assert.ok(job !== undefined);
  const parts = await Array.fromAsync(job.metrics("full"));
  assert.deepEqual(parts.map((part) => part.kind === "fault" ? part.fault.code : part.kind), ["run_gone"]);
});
