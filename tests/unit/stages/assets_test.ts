import assert from "node:assert/strict";
import { Failure } from "../../../src/records/failure.ts";
import type { AnyRecord } from "../../../src/records/item.ts";
import { targetName } from "../../../src/records/target_name.ts";
import { extract } from "../../../src/stages/extract.ts";
import { filter } from "../../../src/stages/filter.ts";
import { plan } from "../../../src/stages/plan.ts";
import type { PlanOptions } from "../../../src/stages/plan_options.ts";
import { readSelection, type SelectionWords } from "../../../src/stages/selection.ts";
import { submit } from "../../../src/stages/submit.ts";
import type { SubmitOptions } from "../../../src/stages/submit_options.ts";
import { verify } from "../../../src/stages/verify.ts";
import { experiment, FakeAssets, model, version } from "./asset_samples.ts";
import { FakeTarget } from "./fake_target.ts";
import { fakeSource } from "./fakes.ts";
import { child, job, ran, SOURCE, stream, surroundings } from "./samples.ts";

const HISTORY = [
  experiment("churn"),
  job("r"),
  model("m"),
  version("m", 1, { run_id: "r" }),
  version("m", 3),
];

async function planned(records: readonly AnyRecord[], options: PlanOptions = {}) {
  return await ran(plan(stream(records), options, surroundings()));
}

async function submitted(records: readonly AnyRecord[], assets: FakeAssets, options: SubmitOptions = {}) {
  const target = Object.assign(new FakeTarget(), { assets });
  const ctx = surroundings();
  const result = await ran(submit(stream(records), target, options, ctx));
  const receipts = result.records.filter(({ kind }) => kind === "receipt");
  return { ...result, said: ctx.said, outcomes: receipts.map((one) => [one["original"], one["outcome"]]) };
}

Deno.test("a version's unit names its model, the version before it and its run as what it needs", async () => {
  const { records } = await planned(HISTORY);
  const of = (role: string) => records.filter((record) => record["role"] === role);
  assert.deepEqual(records.map(({ role, kind }) => role ?? kind), [
    "experiment",
    "run",
    "model",
    "model_version",
    "model_version",
    "end",
  ]);
  const [one, three] = of("model_version");
  const modelName = targetName("model", SOURCE, "m");
  assert.deepEqual(one?.["refs"], { run: targetName("runs", SOURCE, "r"), model: modelName });
  assert.deepEqual(one?.["needs"], [targetName("runs", SOURCE, "r"), modelName]);
  assert.deepEqual(three?.["needs"], [modelName, targetName("model_version", SOURCE, "m/1")]);
});

Deno.test("models and experiments get other names where that is asked for; a prefix is a prefix", async () => {
  const { records } = await planned([experiment("a"), experiment("b"), model("m"), version("m", 1)], {
    renames: [{ from: "a", to: "z" }],
    experimentPrefix: "old-",
    modelRenames: [{ from: "m", to: "n" }],
    modelPrefix: "x/",
  });
  assert.deepEqual(records.slice(0, 4).map(({ name }) => name), ["old-z", "old-b", "x/n", "x/n"]);
});

Deno.test("a model that comes while its job waits for a parent is planned behind that job", async () => {
  const { records } = await planned([
    child("c", "p"),
    model("m"),
    version("m", 1, { run_id: "c" }),
    job("p"),
  ]);
  assert.deepEqual(records.map(({ origin, kind }) => Object(origin).id ?? kind), [
    "p",
    "c",
    "m",
    "m/1",
    "end",
  ]);
});

Deno.test("what comes twice lands once, and is told when it differs", async () => {
  const { records, end } = await planned([model("m"), model("m"), { ...model("m"), description: "other" }]);
  assert.deepEqual(records.map(({ kind, code }) => code ?? kind), ["unit", "duplicate_differs", "end"]);
  assert.equal(end.counts?.["dropped"], 1);
  assert.equal(end.counts?.["failed"], 1);
});

Deno.test("a second submit leaves everything unchanged", async () => {
  const assets = new FakeAssets();
  const target = Object.assign(new FakeTarget(), { assets });
  const outcomes: unknown[] = [];
  for (let i = 0; i < 2; i++) {
    const { records } = await ran(submit(stream(HISTORY), target, {}, surroundings()));
    outcomes.push(records.filter(({ kind }) => kind === "receipt").map(({ outcome }) => outcome));
  }
  assert.deepEqual(outcomes, [Array(5).fill("created"), Array(5).fill("unchanged")]);
  assert.deepEqual(assets.begun, ["id-churn", "m", "m/1", "m/3"]);
});

Deno.test("a version waits for the one before it", async () => {
  const assets = new FakeAssets();
  const { promise, resolve } = Promise.withResolvers<void>();
  assets.slow.set("m/1", promise);
  const running = submitted([model("m"), version("m", 1), version("m", 2), model("n")], assets);
  while (assets.begun.length < 3) await new Promise((done) => setTimeout(done, 0));
  assert.deepEqual([...assets.begun].sort(), ["m", "m/1", "n"]);
  resolve();
  assert.deepEqual((await running).outcomes.map(([id]) => id), ["m", "m/1", "m/2", "n"]);
});

Deno.test("versions of a model that failed are not sent, and say so", async () => {
  const assets = new FakeAssets();
  assets.broken.set(
    "m",
    new Failure("no", { code: "refused", reach: "record", retryable: false }),
  );
  const { outcomes, records } = await submitted([model("m"), version("m", 1), model("n")], assets);
  assert.deepEqual(outcomes, [["m", "failed"], ["m/1", "failed"], ["n", "created"]]);
  assert.deepEqual(records.filter(({ kind }) => kind === "error").map(({ code }) => code), [
    "refused",
    "need_failed",
  ]);
});

Deno.test("a version that failed stops the next ones only where versions keep their numbers", async () => {
  for (const keepsNumbers of [false, true]) {
    const assets = Object.assign(new FakeAssets(), { keepsNumbers });
    assets.broken.set("m/1", new Failure("no", { code: "refused", reach: "record", retryable: false }));
    const { outcomes } = await submitted([model("m"), version("m", 1), version("m", 2)], assets);
    const next = keepsNumbers ? "failed" : "created";
    assert.deepEqual(outcomes, [["m", "created"], ["m/1", "failed"], ["m/2", next]]);
  }
});

Deno.test("a model of that name that is not azml's is left alone, with its versions", async () => {
  const assets = new FakeAssets();
  assets.foreign.add("m");
  const { outcomes } = await submitted([model("m"), version("n", 1)], assets);
  assert.deepEqual(outcomes, [["m", "skipped"], ["n/1", "created"]]);
  const failing = await submitted([model("m")], assets, { onConflict: "fail" });
  assert.deepEqual(failing.outcomes, [["m", "failed"]]);
});

Deno.test("a dry run carries nothing, and its receipts say what would be", async () => {
  const assets = new FakeAssets();
  const { records, outcomes } = await submitted(HISTORY, assets, { dryRun: true });
  assert.deepEqual(outcomes.map(([, outcome]) => outcome), Array(5).fill("created"));
  assert.ok(records.filter(({ kind }) => kind === "receipt").every((one) => one["dry_run"] === true));
  assert.deepEqual(assets.begun, []);
});

Deno.test("a target that cannot hold models skips them and says how many", async () => {
  const ctx = surroundings();
  const { records } = await ran(submit(stream(HISTORY), new FakeTarget(), {}, ctx));
  const receipts = records.filter(({ kind }) => kind === "receipt");
  assert.deepEqual(receipts.map(({ outcome, reason }) => reason ?? outcome), [
    "kind_not_supported",
    "created",
    "kind_not_supported",
    "kind_not_supported",
    "kind_not_supported",
  ]);
  assert.match(ctx.said.join("\n"), /2 of kind model_version skipped/);
});

Deno.test("verify finds objects by azml's tags, and names the field that differs", async () => {
  const assets = new FakeAssets();
  await submitted([model("m"), version("m", 1)], assets);
  const target = Object.assign(new FakeTarget(), { assets });
  const changed = { ...model("m"), description: "other" };
  const { records } = await ran(
    verify(stream([changed, version("m", 1), version("m", 2)]), target, { extras: false }, surroundings()),
  );
  const diffs = records.filter(({ kind }) => kind === "diff");
  assert.deepEqual(diffs.map(({ id, symbol }) => [id, symbol]), [["m", "*"], ["m/1", "="], ["m/2", "+"]]);
  assert.deepEqual(Object(diffs[0]?.["fields"]).map(({ field }: { field: string }) => field), [
    "description",
  ]);
});

const SELECTIONS: readonly (readonly [SelectionWords, readonly string[]])[] = [
  [{}, ["id-churn", "r", "m", "m/1", "m/3"]],
  [{ kinds: ["model"] }, ["m"]],
  [{ kinds: ["model,model_version"], models: ["n*"] }, []],
  [{ modelVersions: ["m/3"], kinds: ["model_version"] }, ["m/3"]],
  [{ modelVersions: ["3"], kinds: ["model_version"] }, ["m/3"]],
  [{ stages: ["production"] }, ["id-churn", "r", "m"]],
  [{ experiment: ["other"] }, ["m", "m/1", "m/3"]],
];

for (const [words, ids] of SELECTIONS) {
  Deno.test(`filter ${JSON.stringify(words)} lets pass: ${ids.join(" ") || "nothing"}`, async () => {
    const { records } = await ran(
      filter(stream(HISTORY), { selection: readSelection(words) }, surroundings()),
    );
    assert.deepEqual(records.filter(({ kind }) => kind !== "end").map(({ id }) => id), ids);
  });
}

Deno.test("extract writes experiments, jobs, then models, and says what it leaves", async () => {
  const assets = new FakeAssets();
  await submitted([experiment("churn"), model("m"), version("m", 1)], assets);
  assets.seen["trace"] = 12;
  const source = Object.assign(fakeSource([[{ record: { id: "r" } }]]), { assets });
  const ctx = surroundings();
  const options = { selection: readSelection({}), artifacts: true, metrics: "full", concurrency: 2 } as const;
  const { records, end } = await ran(extract(source, options, ctx));
  assert.deepEqual(records.map(({ kind }) => kind), ["experiment", "job", "model", "model_version", "end"]);
  assert.deepEqual(end.counts?.["left_out"], { trace: 12 });
  assert.match(ctx.said.join("\n"), /left out.*12 trace/);
});

Deno.test("a kind that there is not is a slip that is told", () => {
  assert.throws(() => readSelection({ kinds: ["modle"] }), /--kinds modle is no kind/);
  assert.throws(() => readSelection({ archived: "only", deleted: "include" }), /say two things/);
});
