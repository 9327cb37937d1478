import assert from "node:assert/strict";
import { createMlflowTarget } from "../../../src/mlflow/target.ts";
import type { MlflowTargetOptions } from "../../../src/mlflow/target_scope.ts";
import { pathFault } from "../../../src/mlflow/artifact_upload_path.ts";
import type { JobRecord } from "../../../src/records/job.ts";
import { submit } from "../../../src/stages/submit.ts";
import { job, stream, surroundings } from "../stages/samples.ts";
import { plainServer } from "./registry_server.ts";
import { type StandIn, standIn } from "./tracking_stand_in.ts";

const ID = "aaaa1111";
const MLMODEL = `run_id: ${ID}\nartifact_path: model\n`;

async function carry(to: StandIn, jobs: readonly JobRecord[], options: Partial<MlflowTargetOptions> = {}) {
  const server = plainServer(to.address);
  const ctx = surroundings();
  const target = createMlflowTarget(server, {
    stores: () =>
      Promise.resolve({
        endpoint: "x",
        name: "y",
        head: () => Promise.resolve(null),
        read: () => Promise.resolve(new Blob([MLMODEL]).stream()),
      }),
    copyArtifacts: true,
    dryRun: false,
    concurrency: 2,
    log: ctx.log,
    signal: ctx.signal,
    ...options,
  });
  const receipts: Record<string, unknown>[] = [];
  for await (const batch of submit(stream(jobs), target, { concurrency: 1 }, ctx)) {
    for (const { record } of batch) if (record.kind === "receipt") receipts.push({ ...record });
  }
  const outcomes = receipts.map(({ outcome }) => outcome);
  return {
    outcomes,
    receipts,
    asked: server.asked,
    writes: server.asked.filter((a) => a.effect === "write"),
  };
}

function only(to: StandIn) {
  const [run] = to.runs.values();
  assert.ok(run !== undefined && to.runs.size === 1, "there is one run");
  return run;
}

Deno.test("a small run takes three writes, keeps times, user and status, and has its digest in the last", async () => {
  await using to = standIn();
  const { outcomes, writes } = await carry(to, [job("j1")]);
  assert.deepEqual(outcomes, ["created"]);
  assert.deepEqual(writes.map(({ path }) => path.split("/mlflow/")[1]), [
    "experiments/create",
    "runs/create",
    "runs/update",
    "runs/log-batch",
  ]);
  const { info, tags, params } = only(to);
  assert.equal(info.start_time, Date.parse("2024-01-01T00:01:00Z"));
  assert.equal(info.end_time, Date.parse("2024-01-01T00:02:00Z"));
  assert.deepEqual([info.status, info.user_id, params.get("lr")], ["FINISHED", "Ada", "0.1"]);
  assert.match(tags.get("azml_digest") ?? "", /^[0-9a-f]{64}$/);
});

Deno.test("a second time nothing is written", async () => {
  await using to = standIn();
  await carry(to, [job("j1"), job("j2", { archived: true })]);
  const { outcomes, writes } = await carry(to, [job("j1"), job("j2", { archived: true })]);
  assert.deepEqual([outcomes, writes], [["unchanged", "unchanged"], []]);
});

Deno.test("a run that was cut short is adopted, also where the server refuses a NaN that it holds", async () => {
  await using to = standIn();
  const jobs = [
    job("j1", { metrics: { loss: [[0, 5, "NaN"], [1, 6, 0.5], ["9007199254740993", 7, "NaN"]] } }),
  ];
  await carry(to, jobs);
  only(to).tags.delete("azml_digest");
  const { outcomes } = await carry(to, jobs);
  assert.deepEqual(outcomes, ["adopted"]);
  assert.equal(only(to).points.size, 3);
  assert.ok(to.bodies.some((body) => body.includes('"step":9007199254740993')), "all digits were sent");
});

Deno.test("a run whose making was answered with an error, although it was made, is not made twice", async () => {
  await using to = standIn();
  to.loseNext = true;
  const { outcomes } = await carry(to, [job("j1")]);
  assert.deepEqual(outcomes, ["created"]);
  assert.ok(only(to).tags.has("azml_digest"));
});

Deno.test("an archived run is deleted last, and deleted again when that was cut off", async () => {
  await using to = standIn();
  const jobs = [job("j1", { archived: true })];
  await carry(to, jobs);
  const { info } = only(to);
  assert.equal(info.lifecycle_stage, "deleted");
  info.lifecycle_stage = "active";
  assert.deepEqual((await carry(to, jobs)).outcomes, ["adopted"]);
  assert.equal(info.lifecycle_stage, "deleted");
});

Deno.test("a run that somebody deleted in the target is neither brought back nor made again", async () => {
  await using to = standIn();
  await carry(to, [job("j1")]);
  only(to).info.lifecycle_stage = "deleted";
  assert.deepEqual((await carry(to, [job("j1")])).outcomes, ["unchanged"]);
  assert.equal(only(to).info.lifecycle_stage, "deleted");
});

Deno.test("a deleted experiment is an error that says so, unless it shall be restored", async () => {
  await using to = standIn();
  to.experiments.set("churn", { id: "9", stage: "deleted" });
  const refused = await carry(to, [job("j1")]);
  assert.deepEqual(refused.receipts.map(({ outcome, reason }) => [outcome, reason]), [
    ["failed", "experiment_deleted"],
  ]);
  assert.deepEqual((await carry(to, [job("j1")], { restoreDeleted: true })).outcomes, ["created"]);
  assert.equal(to.experiments.get("churn")?.stage, "active");
});

Deno.test("a target for a dry run sends no write, whatever it is asked", async () => {
  await using to = standIn();
  await assert.rejects(carry(to, [job("j1")], { dryRun: true }), { message: /this is a dry run/ });
  assert.deepEqual([to.runs.size, to.experiments.size], [0, 1]);
});

Deno.test("MLmodel files and the model history name the new run, unless the bytes shall stay", async () => {
  for (const keepMlmodel of [false, true]) {
    await using to = standIn();
    const files = [{ path: "model/MLmodel", size: MLMODEL.length }];
    const history = JSON.stringify([{ run_id: ID, artifact_path: "m" }]);
    const one = job(ID, {
      artifacts: { store: { kind: "x" }, files },
      tags: { "mlflow.log-model.history": history },
    });
    await carry(to, [one], { keepMlmodel });
    assert.equal(
      to.files.get("0/run0/artifacts/model/MLmodel"),
      keepMlmodel ? MLMODEL : MLMODEL.replace(ID, "run0"),
    );
    assert.equal(only(to).tags.get("mlflow.log-model.history"), history.replace(ID, "run0"));
  }
});

Deno.test("paths that MLflow would store under another name, or that lead out of the run, are refused", () => {
  const refused = ["", "/a", "../a", "a/./b", "a//b", "a#b", "p%41", "a?", "a;", "a\nb", "HTTP:a", "C:/a"];
  for (const path of refused) assert.notEqual(pathFault(path), null, path);
  for (const path of ["a.txt", "c %.png", "ü?é.txt", "a:b", "x/y z+&=.txt"]) {
    assert.equal(pathFault(path), null, path);
  }
});
