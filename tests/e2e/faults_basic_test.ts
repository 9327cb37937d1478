import assert from "node:assert/strict";
import type { FaultAction } from "../emulator/faults.ts";
import { assertArrived, runOf, targetRuns } from "./arrived.ts";
import { countBy, Lab, type Line, ofKind } from "./lab.ts";
import { recordsOf } from "./shell.ts";

let lab: Lab;
/** What extract gives of the source when nothing goes wrong. */
let clean: readonly Line[];

Deno.test.beforeAll(async () => {
  lab = await Lab.start({ generate: { pipelines: 2, steps: 3, jobs: 4, points: 5, files: 2 }, targets: 20 });
  const { code, stdout, stderr } = await lab.run("azml extract --source a.json | tee all.ndjson");
  assert.equal(code, 0, stderr);
  clean = withoutEnd(stdout);
  assert.equal(clean.length, 12);
});
Deno.test.afterAll(() => lab.stop());

const withoutEnd = (stdout: string) => recordsOf(stdout).filter(({ kind }) => kind !== "end");

type Rule = readonly [route: string, action: FaultAction, times?: number];

/** Runs a line while faults strike; fails when one of them never did. */
async function runFaulty(rules: readonly Rule[], line: string) {
  lab.emulator.forgetRequests();
  for (const [match, action, times] of rules) {
    lab.emulator.fault({ match, action, ...(times === undefined ? {} : { times }) });
  }
  try {
    const done = await lab.run(line);
    const struck = lab.emulator.requests().filter(({ fault }) => fault !== undefined);
    for (const [match, { kind }] of rules) {
      const hit = struck.some(({ route, path, method, fault }) =>
        fault === kind && (route === match || new RegExp(match, "i").test(`${method} ${path}`))
      );
      assert.ok(hit, `${kind} struck ${match}`);
    }
    return done;
  } finally {
    lab.emulator.clearFaults();
  }
}

const throttle = (retryAfter: number): FaultAction => ({ kind: "throttle", retryAfter });
const fail = (status: number, code?: string): FaultAction => ({
  kind: "fail",
  status,
  ...(code === undefined ? {} : { code }),
});

const READS = [
  "arm.workspace.get",
  "arm.jobs.list",
  "history.batchrundata",
  "history.experimentids.query",
  "history.experiments.query",
  "metric.list",
  "metric.full",
  "artifact.list",
  "arm.datastores.get",
  "arm.datastores.listSecrets",
];

const READING: readonly (readonly [name: string, rules: readonly Rule[]])[] = [
  ["throttled, each twice", READS.map((route): Rule => [route, throttle(0), 2])],
  ["throttled with a second to wait", [["arm.jobs.list", throttle(1), 1], ["metric.full", throttle(1), 3]]],
  ["out of service for a moment", [["history.batchrundata", fail(503), 1], ["metric.list", fail(500), 2], [
    "artifact.list",
    fail(502),
    1,
  ], ["blob.list", fail(503, "ServerBusy"), 1]]],
  ["cut off in the middle of an answer", [["arm.jobs.list", { kind: "cut" }, 1], ["metric.full", {
    kind: "cut",
  }, 2], ["artifact.list", { kind: "cut" }, 1]]],
  ["left without an answer", [["history.experimentids.query", { kind: "drop" }, 1], ["metric.list", {
    kind: "drop",
  }, 1], ["artifact.list", { kind: "reset" }, 1]]],
];

for (const [name, rules] of READING) {
  Deno.test(`extract whose requests are ${name} gives the very same records`, async () => {
    const { code, stdout, stderr } = await runFaulty(rules, "azml extract --source a.json");
    assert.equal(code, 0, stderr);
    assert.deepEqual(withoutEnd(stdout), clean);
  });
}

const WRITES = [
  "history.experiments.create",
  "history.experiments.run.upsert",
  "history.run.upsert",
  "history.run.modify",
  "metric.batchsync",
  "artifact.createMany",
  "blob.put_from_url",
];

const WRITING: readonly (readonly [name: string, rules: readonly Rule[]])[] = [
  [
    "throttled, each twice",
    WRITES.map((route): Rule => [route, throttle(0), 2]),
  ],
  ["throttled with a second to wait", [["history.experiments.run.upsert", throttle(1), 2], [
    "metric.batchsync",
    throttle(1),
    2,
  ]]],
  ["out of service for a moment", [["history.experiments.run.upsert", fail(503), 2], [
    "artifact.createMany",
    fail(500),
    1,
  ], ["blob.put_from_url", fail(503, "ServerBusy"), 1]]],
  ["carried out, and the reply is lost", [["history.experiments.create", { kind: "drop" }, 1], [
    "history.experiments.run.upsert",
    { kind: "drop" },
    2,
  ], ["artifact.createMany", { kind: "drop" }, 1]]],
  ["carried out, and the reply is cut", [["history.run.upsert", { kind: "cut" }, 1], ["history.run.modify", {
    kind: "cut",
  }, 2]]],
  ["cut off before anything was done", [["history.experiments.run.upsert", { kind: "reset" }, 1], [
    "artifact.createMany",
    { kind: "reset" },
    1,
  ]]],
  ["points whose reply is lost", [["metric.batchsync", { kind: "drop" }, 3]]],
  ["points whose reply is cut", [["metric.batchsync", { kind: "cut" }, 3]]],
  ["points that never arrived", [["metric.batchsync", { kind: "reset" }, 3]]],
  ["copies whose reply is lost", [["blob.put_from_url", { kind: "drop" }, 2]]],
];

for (const [name, rules] of WRITING) {
  Deno.test(`submit whose requests are ${name} ends as if nothing had been, no point twice`, async () => {
    const { state, config } = lab.target();
    const { code, stdout, stderr } = await runFaulty(rules, `azml submit --target ${config} < all.ndjson`);
    assert.equal(code, 0, `${stderr}\n${JSON.stringify(ofKind(stdout, "error"))}`);
    await assertArrived(lab.source, state);
    const again = await lab.run(`azml submit --target ${config} < all.ndjson`);
    assert.deepEqual(countBy(again.stdout, "receipt", "outcome"), { unchanged: 12 });
  });
}

/** A part of one job that is refused for good: what is asked for, and what the record then says. */
const PARTS: readonly (readonly [part: string, match: string])[] = [
  ["metrics", "/runs/gen-000001/full"],
  ["artifacts", "ExperimentRun/dcid\\.gen-000001"],
];

for (const [part, match] of PARTS) {
  Deno.test(`${part} that are refused for good: an incomplete job, an error, exit 3, and the others whole`, async () => {
    const { code, stdout, stderr } = await runFaulty(
      [[match, fail(403, "Forbidden")]],
      "azml extract --source a.json",
    );
    assert.equal(code, 3, stderr);
    const [error] = ofKind(stdout, "error");
    assert.equal(ofKind(stdout, "error").length, 1);
    assert.equal(error?.["id"], "gen-000001");
    assert.ok(String(error?.["message"]).includes("403"), String(error?.["message"]));
    const job = ofKind(stdout, "job").find(({ id }) => id === "gen-000001");
    assert.ok(Array.isArray(job?.["incomplete"]));
    const parts = job["incomplete"].map((one) => String(Object(one).part).split("/")[0]);
    assert.deepEqual(parts, [part]);
    const others = (lines: readonly Line[]) => lines.filter(({ id }) => id !== "gen-000001");
    assert.deepEqual(others(ofKind(stdout, "job")), others(clean));
    const { counts, complete } = Object(recordsOf(stdout).at(-1));
    assert.deepEqual([counts.incomplete, complete], [1, true]);
  });
}

Deno.test("an incomplete job is submitted with what there is, exit 3, and completed by the next whole run", async () => {
  const { state, config } = lab.target();
  const first = await runFaulty(
    [["/runs/gen-000001/full", fail(403)]],
    `azml replay --source a.json --target ${config}`,
  );
  assert.equal(first.code, 3, first.stderr);
  assert.equal(state.runs.size, 12);
  assert.equal(runOf(state, "gen-000001").metrics.size, 0);
  const second = await lab.run(`azml replay --source a.json --target ${config}`);
  assert.equal(second.code, 0, second.stderr);
  await assertArrived(lab.source, state);
});

Deno.test("a run that the target refuses for good fails with what hangs below it, the others arrive, and the next run mends it", async () => {
  const { state, config } = lab.target();
  const { code, stdout, stderr } = await runFaulty(
    [["PATCH .*/runs/(genpipe-000001|gen-000002)-", fail(400, "BadArgument")]],
    `azml submit --target ${config} < all.ndjson`,
  );
  assert.equal(code, 3, stderr);
  const failed = ofKind(stdout, "receipt").filter(({ outcome }) => outcome === "failed");
  const below = lab.source.childrenOf("genpipe-000001");
  assert.deepEqual(
    failed.map(({ original }) => original).sort(),
    ["gen-000002", "genpipe-000001", ...below].sort(),
  );
  assert.deepEqual(countBy(stdout, "error", "code"), { BadArgument: 2, parent_failed: below.length });
  assert.equal((await targetRuns(state)).size, 12 - failed.length);
  const again = await lab.run(`azml submit --target ${config} < all.ndjson`);
  assert.deepEqual([again.code, countBy(again.stdout, "receipt", "outcome")], [0, {
    unchanged: 7,
    created: 5,
  }]);
  await assertArrived(lab.source, state);
});

Deno.test("--on-error stop and --max-errors start nothing new after so many failures", async () => {
  for (const option of ["--on-error stop", "--max-errors 1"]) {
    const { state, config } = lab.target();
    const { code, stdout, stderr } = await runFaulty(
      [["PATCH .*/runs/gen", fail(400, "BadArgument")]],
      `azml submit --concurrency 1 ${option} --target ${config} < all.ndjson`,
    );
    assert.equal(code, 3, stderr);
    assert.equal(countBy(stdout, "receipt", "outcome")["failed"], 1);
    assert.equal(recordsOf(stdout).at(-1)?.["complete"], false);
    assert.equal(state.runs.size, 0);
  }
});

Deno.test("a file that cannot be copied is told in its receipt, exit 3, and copied by the next run", async () => {
  const { state, config } = lab.target();
  const { code, stdout, stderr } = await runFaulty(
    [["PUT .*gen-000003-.*model\\.bin", fail(403, "AuthorizationPermissionMismatch")]],
    `azml submit --target ${config} < all.ndjson`,
  );
  assert.equal(code, 3, stderr);
  const receipt = ofKind(stdout, "receipt").find(({ original }) => original === "gen-000003");
  const { files, failed } = Object(receipt?.["artifacts"]);
  assert.deepEqual([files, failed.map(({ path }: { path: string }) => path)], [1, ["outputs/model.bin"]]);
  assert.deepEqual(countBy(stdout, "error", "code"), { artifacts_failed: 1 });
  const again = await lab.run(`azml submit --target ${config} < all.ndjson`);
  assert.deepEqual([again.code, countBy(again.stdout, "receipt", "outcome")], [0, {
    unchanged: 11,
    adopted: 1,
  }]);
  await assertArrived(lab.source, state);
});

Deno.test("a target that throttles past the retry budget ends it: exit 5, and the next run goes on", async () => {
  const { state, config } = lab.target();
  const { code, stdout, stderr } = await runFaulty(
    [["history.run.modify", throttle(0)]],
    `AZML_RETRIES=1 azml submit --target ${config} < all.ndjson`,
  );
  assert.equal(code, 5, stderr);
  assert.match(stderr, /throttles: run it again later to continue/);
  assert.equal(recordsOf(stdout).at(-1)?.["complete"], false);
  const again = await lab.run(`azml submit --target ${config} < all.ndjson`);
  assert.equal(again.code, 0, again.stderr);
  await assertArrived(lab.source, state);
});

Deno.test("a source that throttles past the retry budget ends extract with 5 and an end that says so", async () => {
  const { code, stdout, stderr } = await runFaulty(
    [["arm.jobs.list", throttle(0)]],
    "AZML_RETRIES=1 azml extract --source a.json",
  );
  assert.equal(code, 5, stderr);
  const end = recordsOf(stdout).at(-1);
  assert.deepEqual([end?.["kind"], end?.["complete"]], ["end", false]);
});

Deno.test("a sign-in that is refused midway ends it with 4", async () => {
  const { code, stderr, stdout } = await runFaulty(
    [["metric.full", fail(401, "InvalidAuthenticationToken")]],
    "azml extract --source a.json",
  );
  assert.equal(code, 4, stderr);
  assert.equal(recordsOf(stdout).at(-1)?.["complete"], false);
});
