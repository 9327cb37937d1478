import assert from "node:assert/strict";
import { Failure } from "../../../src/records/failure.ts";
import type { AnyRecord } from "../../../src/records/item.ts";
import { targetName } from "../../../src/records/target_name.ts";
import { submit } from "../../../src/stages/submit.ts";
import { verify } from "../../../src/stages/verify.ts";
import type { VerifyOptions } from "../../../src/stages/verify_options.ts";
import { type FakeRun, FakeTarget } from "./fake_target.ts";
import { child, job, points, ran, SOURCE, stream, surroundings } from "./samples.ts";

const nameOf = (id: string) => targetName("runs", SOURCE, id);
const MD5 = "0123456789abcdef0123456789abcdef";
const FILES = {
  store: null,
  files: [{ path: "outputs/m.pkl", size: 10, md5: MD5 }, { path: "log.txt", size: 5 }],
};
const TABLES = [{ name: "confusion", type: "azureml.v1.table", rows: [{ a: 1 }, { a: 2 }] }];

const history = () => [
  job("p", { type: "pipeline", definition: { jobType: "Pipeline" } }),
  child("s", "p", 1, { artifacts: FILES, tables: TABLES, archived: true, params: { lr: "0.1", k: "v" } }),
];

async function verified(records: readonly AnyRecord[], target: FakeTarget, options: VerifyOptions = {}) {
  const result = await ran(verify(stream(records), target, options, surroundings()));
  const diffs = result.of("diff");
  return {
    ...result,
    diffs,
    symbols: diffs.map(({ symbol }) => symbol),
    fields: (diffs.find(({ symbol }) => symbol !== "=")?.["fields"] ?? []) as {
      field: string;
      source?: unknown;
      target?: unknown;
      message?: string;
    }[],
  };
}

async function filled(records: readonly AnyRecord[] = history()): Promise<FakeTarget> {
  const target = new FakeTarget();
  const { end } = await ran(submit(stream(records), target, {}, surroundings()));
  assert.equal(end.complete, true);
  target.calls.length = 0;
  return target;
}

Deno.test("what submit wrote is the same, looked up in bulk, and ends without differences", async () => {
  const target = await filled();
  const { symbols, end } = await verified(history(), target);
  assert.deepEqual(symbols, ["=", "="]);
  assert.equal(end.counts?.["differences"], 0);
  assert.equal(end.counts?.["unreadable"], 0);
  assert.deepEqual(target.calls.map(({ call }) => call), ["lookUp", "jobs"]);
});

const CHANGES: readonly [string, (run: FakeRun) => void, string][] = [
  ["another parent", (run) => run.record.parent = null, "parent"],
  ["another experiment", (run) => run.record.experiment = "x", "experiment"],
  ["another name", (run) => run.record.display_name = "x", "display_name"],
  ["another status", (run) => run.record.status = "Failed", "status"],
  ["a later start", (run) => run.record.started_at = "2024-01-01T00:01:00.001Z", "started_at"],
  ["no end", (run) => run.record.ended_at = null, "ended_at"],
  ["restored", (run) => run.record.archived = false, "archived"],
  ["a param changed", (run) => run.record.params = { lr: "0.2", k: "v" }, "params.lr"],
  ["a param more", (run) => run.record.params = { lr: "0.1", k: "v", extra: "1" }, "params.extra"],
  ["a tag gone", (run) => delete run.record.tags?.["team"], "tags.team"],
  ["a lineage tag gone", (run) => delete run.record.tags?.["original_status"], "tags.original_status"],
  [
    "a lineage tag more",
    (run) => run.record.tags = { ...run.record.tags, original_pipeline_depth: "3" },
    "tags.original_pipeline_depth",
  ],
  ["a point lost", (run) => run.points.get("loss")?.pop(), "metrics.loss"],
  ["a metric lost", (run) => run.points.delete("loss"), "metrics.loss"],
  ["a metric more", (run) => run.points.set("extra", [[0, 1, 1]]), "metrics.extra"],
  [
    "a value changed",
    (run) => run.points.set("loss", [[0, 1704067200000, 0.5], [1, 1704067201000, 0.26]]),
    "metrics.loss",
  ],
  [
    "a timestamp changed",
    (run) => run.points.set("loss", [[0, 1704067200001, 0.5], [1, 1704067201000, 0.25]]),
    "metrics.loss",
  ],
  [
    "a table changed",
    (run) => run.tables = [{ name: "confusion", type: "azureml.v1.table", rows: [{ a: 1 }] }],
    "tables.confusion",
  ],
  ["a table lost", (run) => run.tables = [], "tables.confusion"],
  ["a file lost", (run) => run.files.delete("log.txt"), "artifacts.log.txt"],
  [
    "a file of other size",
    (run) => run.files.set("log.txt", { path: "log.txt", size: 6 }),
    "artifacts.log.txt",
  ],
  [
    "a file of other hash",
    (run) => run.files.set("outputs/m.pkl", { path: "outputs/m.pkl", size: 10, md5: "0" }),
    "artifacts.outputs/m.pkl",
  ],
  ["a file more", (run) => run.files.set("new.txt", { path: "new.txt", size: 1 }), "artifacts.new.txt"],
];

for (const [what, change, field] of CHANGES) {
  Deno.test(`a difference is found: ${what}`, async () => {
    const target = await filled();
    change(target.runs.get(nameOf("s")) ?? assert.fail());
    const { symbols, fields, end } = await verified(history(), target);
    assert.deepEqual(symbols, ["=", "*"]);
    assert.deepEqual(fields.map((one) => one.field), [field]);
    assert.equal(end.counts?.["differences"], 1);
  });
}

for (const size of [null, 0, 4]) {
  Deno.test(`what a run has no place for must be in its file: ${size ?? "no"} bytes are a difference`, async () => {
    const target = await filled();
    const { files } = target.runs.get(nameOf("p")) ?? assert.fail();
    const path = "azml/original.json";
    const whole = files.get(path)?.size ?? assert.fail();
    files.set(path, { path, size: whole + 50, md5: MD5 });
    assert.deepEqual((await verified(history(), target)).symbols, ["=", "="]);
    if (size === null) files.delete(path);
    else files.set(path, { path, size });
    const { symbols, fields } = await verified(history(), target);
    assert.deepEqual(symbols, ["*", "="]);
    assert.deepEqual(fields, [
      { field: path, source: { size: whole }, target: size === null ? null : { size } },
    ]);
  });
}

Deno.test("the first point that differs is named, with both sides", async () => {
  const target = await filled();
  target.runs.get(nameOf("s"))?.points.set("loss", [[0, 1704067200000, 0.5], [1, 1704067201000, 9]]);
  const { fields } = await verified(history(), target);
  assert.deepEqual(fields, [{
    field: "metrics.loss",
    message: "2 points in the source, 2 in the target",
    source: [1, 1704067201000, 0.25],
    target: [1, 1704067201000, 9],
  }]);
});

Deno.test("what means the same is no difference: time digits, service tags, order of points, NaN, azml's files", async () => {
  const records = [job("a", { metrics: { m: [[0, 1, "NaN"], [1, 2, 3]] }, artifacts: FILES })];
  const target = await filled(records);
  const run = target.runs.get(nameOf("a")) ?? assert.fail();
  run.record.started_at = "2024-01-01T01:01:00.0000000+01:00";
  run.record.tags = { ...run.record.tags, _aml_system_x: "1" };
  run.points.set("m", [[1, 2, 3], [0, 1, "NaN"]]);
  run.files.set("azml/other.json", { path: "azml/other.json", size: 1 });
  run.files.set("log.txt", { path: "log.txt", size: 5, md5: MD5 });
  assert.deepEqual((await verified(records, target)).symbols, ["="]);
});

Deno.test("what only one side has: + in the source, - in the target when it came from this source", async () => {
  const target = await filled();
  await ran(
    submit(stream([job("gone"), job("other", { source: "mlflow+https://x" })]), target, {}, surroundings()),
  );
  const foreign = target.runs.get(nameOf("gone")) ?? assert.fail();
  target.runs.set("theirs", { ...foreign, record: { ...foreign.record, id: "theirs", tags: {} } });
  const { diffs, end } = await verified([...history(), job("new")], target);
  assert.deepEqual(diffs.map(({ id, symbol, target }) => [id, symbol, target]), [
    ["p", "=", nameOf("p")],
    ["s", "=", nameOf("s")],
    ["new", "+", null],
    ["gone", "-", nameOf("gone")],
  ]);
  assert.equal(end.counts?.["differences"], 2);
  assert.deepEqual((await verified(history(), target, { extras: false })).symbols, ["=", "="]);
});

Deno.test("points beyond the line are compared as they stream in", async () => {
  const more = [
    job("a", { more_points: { loss: 30_000 } }),
    ...[0, 1, 2].map((i) => points("a", "loss", i * 10_000, 10_000)),
  ];
  const target = await filled(more);
  const same = await verified(more, target);
  assert.deepEqual(same.symbols, ["="]);
  assert.deepEqual(same.end.counts?.["out"], { diff: 1, points: 3 });
  const held = target.runs.get(nameOf("a"))?.points.get("loss") ?? assert.fail();
  assert.equal(held.length, 30_002);
  held[20_000] = [1, 1, 1];
  assert.deepEqual((await verified(more, target)).fields.map(({ field }) => field), ["metrics.loss"]);
});

Deno.test("a loss that the receipt told of is no difference; what the unit gave way is expected as it is", async () => {
  const records = [job("a", { tags: { long: "x".repeat(2000) } })];
  const target = await filled(records);
  const run = target.runs.get(nameOf("a")) ?? assert.fail();
  run.record.started_at = null;
  const receipts = new Map([[nameOf("a"), ["times.started", "tags.long", "created_at"]]]);
  assert.deepEqual((await verified(records, target)).fields.map(({ field }) => field), ["started_at"]);
  assert.deepEqual((await verified(records, target, { receipts })).symbols, ["="]);
  run.record.tags = { ...run.record.tags, long: "other" };
  assert.deepEqual((await verified(records, target, { receipts })).fields.map(({ field }) => field), [
    "tags.long",
  ]);
});

Deno.test("of an incomplete job what is there is compared", async () => {
  const whole = job("a", { metrics: { m: [[0, 1, 1]], n: [[0, 1, 2]] }, artifacts: FILES });
  const target = await filled([whole]);
  const part = { ...whole, metrics: { m: [[0, 1, 1]] }, artifacts: null, incomplete: [] as object[] };
  part.incomplete = [{ part: "metrics/n", code: "throttled", message: "429" }];
  assert.deepEqual((await verified([part], target)).symbols, ["="]);
});

const notWhole = {
  artifacts: { store: null, files: [] },
  faults: [{ part: "artifacts", code: "denied", message: "403", retryable: false }],
};

for (
  const [what, answer] of [
    [
      "cannot tell",
      () => Promise.reject(new Failure("403", { code: "denied", reach: "record", retryable: false })),
    ],
    ["tells by half", () => Promise.resolve(notWhole)],
  ] as const
) {
  Deno.test(`what the target ${what} is ! and counts as unreadable, and the others are compared`, async () => {
    const target = await filled();
    const lookUp = target.lookUp.bind(target);
    target.lookUp = async function* (ids) {
      for await (const batch of lookUp(ids)) {
        yield batch.map((found) => {
          if (found.kind !== "job" || found.job.record.id !== nameOf("s")) return found;
          return { ...found, job: { ...found.job, artifacts: answer } };
        });
      }
    };
    const { symbols, of, end, thrown } = await verified(history(), target);
    assert.deepEqual(symbols, ["=", "!"]);
    assert.deepEqual(of("error").map(({ code }) => code), ["denied"]);
    assert.equal(end.counts?.["unreadable"], 1);
    assert.equal(thrown, undefined);
  });
}

Deno.test("a target that refuses sign-in ends the stage", async () => {
  const target = await filled();
  target.before = () => {
    throw new Failure("401", { code: "denied", reach: "auth", retryable: false });
  };
  const { end, thrown } = await verified(history(), target);
  assert.ok(thrown instanceof Failure);
  assert.equal(end.complete, false);
});
