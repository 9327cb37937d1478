import assert from "node:assert/strict";
import { checkRecord } from "../../../src/records/check.ts";
import { Failure, type Reach } from "../../../src/records/failure.ts";
import type { Item } from "../../../src/records/item.ts";
import type { Point } from "../../../src/records/point.ts";
import { extract, type ExtractOptions } from "../../../src/stages/extract.ts";
import { readSelection } from "../../../src/stages/selection.ts";
import { drain, type FakeContext, fakeContext, type FakeFind, type FakeSource, fakeSource } from "./fakes.ts";

const ALL: ExtractOptions = {
  selection: readSelection({}),
  artifacts: true,
  metrics: "full",
  concurrency: 4,
};

function failure(message: string, reach: Reach, status?: number): Failure {
  const facts = { code: "Refused", reach, retryable: true, hint: "look" };
  return new Failure(message, status === undefined ? facts : { ...facts, status });
}

async function run(
  finds: readonly FakeFind[] | FakeSource,
  options: Partial<ExtractOptions> = {},
  ctx: FakeContext = fakeContext(),
) {
  const source = "jobs" in finds ? finds : fakeSource(finds.map((find) => [find]));
  const { items, thrown } = await drain(extract(source, { ...ALL, ...options }, ctx));
  for (const { record } of items) {
    const check = checkRecord(record);
    assert.ok(check.ok, check.ok ? "" : check.message);
  }
  assert.equal(ctx.spools.open, 0);
  return { items, thrown, ctx, source, end: items.at(-1)?.record };
}

/** What an item is about, in short. */
function short({ record }: Item): string {
  const { kind } = record;
  if (kind === "points") return `points ${record["metric"]} ${record["seq"]}`;
  if (kind === "error") return `error ${record["id"]} ${record["code"]}`;
  return kind === "end" ? `end ${record["complete"]}` : `${kind} ${record["id"]}`;
}

function points(count: number, from = 0): Point[] {
  return Array.from({ length: count }, (_, index) => [from + index, 1_700_000_000_000, index / 2]);
}

Deno.test("a job becomes one line, its fields in the order of the protocol", async () => {
  const { items, end, thrown } = await run([{
    record: {
      id: "a",
      depth: 0,
      status: "Completed",
      tags: { k: "v" },
      source: "s",
      redacted: ["x"],
      extra: 1,
    },
    parts: [
      { kind: "points", metric: "loss", points: points(2) },
      { kind: "points", metric: "__proto__", points: points(1) },
      { kind: "points", metric: "loss", points: points(1, 2) },
      { kind: "table", table: { name: "t", type: "azureml.v1.table", rows: [{ a: 1 }] } },
    ],
    artifacts: { store: null, files: [{ path: "a", size: 3 }, { path: "b", size: null }] },
  }]);
  assert.equal(thrown, undefined);
  const line = JSON.stringify(items[0]?.record);
  assert.equal(
    line,
    '{"kind":"job","v":1,"id":"a","source":"s","depth":0,"status":"Completed","tags":{"k":"v"},' +
      '"metrics":{"loss":[[0,1700000000000,0],[1,1700000000000,0.5],[2,1700000000000,0]],' +
      '"__proto__":[[0,1700000000000,0]]},' +
      '"tables":[{"name":"t","type":"azureml.v1.table","rows":[{"a":1}]}],' +
      '"artifacts":{"store":null,"files":[{"path":"a","size":3},{"path":"b","size":null}]},' +
      '"redacted":["x"],"extra":1}',
  );
  assert.deepEqual(end?.["counts"], {
    in: { job: 1 },
    out: { job: 1 },
    dropped: 0,
    failed: 0,
    incomplete: 0,
    bad_lines: 0,
    calls: 2,
    files: 2,
    bytes: 3,
  });
  assert.equal(end?.["complete"], true);
});

Deno.test("what was left out on request is null and said in reduced", async () => {
  const options = { selection: readSelection({ maxDepth: 1 }), artifacts: false, metrics: "none" } as const;
  const { items, source, ctx } = await run(
    [{ record: { id: "a" }, artifacts: new Error("not asked") }],
    options,
  );
  const record = items[0]?.record;
  assert.deepEqual([record?.["metrics"], record?.["tables"], record?.["artifacts"]], [null, null, null]);
  assert.deepEqual(record?.["reduced"], { metrics: "none", artifacts: "none", max_depth: 1 });
  assert.deepEqual(source.asked, []);
  assert.deepEqual(ctx.log.lines, ["info: archived jobs are left out (--archived include)"]);
});

Deno.test("the last values alone are asked for with metrics last", async () => {
  const { items, source } = await run([{ record: { id: "a" } }], { metrics: "last" });
  assert.deepEqual(items[0]?.record["reduced"], { metrics: "last" });
  assert.deepEqual(source.asked.toSorted(), ["a artifacts", "a metrics last"]);
});

Deno.test("points beyond 50,000 follow their job in lines of 10,000, before its errors", async () => {
  const { items, end, ctx } = await run([
    {
      record: { id: "a" },
      parts: [
        { kind: "points", metric: "loss", points: points(49_999) },
        { kind: "points", metric: "acc", points: points(3) },
        { kind: "points", metric: "loss", points: points(20_000, 49_999) },
        failure("the metric service refused", "record", 403),
      ],
    },
    { record: { id: "b" } },
  ]);
  assert.deepEqual(items.map(short), [
    "job a",
    "points acc 0",
    "points loss 0",
    "points loss 9998",
    "points loss 19998",
    "error a Refused",
    "job b",
    "end true",
  ]);
  const job = items[0]?.record;
  assert.deepEqual(job?.["more_points"], { acc: 2, loss: 20_000 });
  const lines = items.flatMap(({ record }) => record.kind === "points" ? [record] : []);
  const loss = lines.filter((record) => record["metric"] === "loss").flatMap((record) => record["points"]);
  assert.deepEqual(loss, points(20_000, 49_999));
  assert.ok(lines.every((record) => record["job"] === "a"));
  assert.deepEqual((end?.["counts"] as { out: unknown }).out, { job: 2, points: 4 });
  assert.equal(ctx.spools.made, 1);
});

Deno.test("files that are told by half are in the record, and what is not known is incomplete", async () => {
  const { items } = await run([{
    record: { id: "a" },
    artifacts: { store: null, files: [{ path: "a.txt", size: null }] },
    artifactFaults: [{ part: "artifacts", code: "denied", message: "no role", retryable: false }],
  }]);
  assert.deepEqual(items.map(short), ["job a", "error a denied", "end true"]);
  const record = items[0]?.record;
  assert.deepEqual(record?.["artifacts"], { store: null, files: [{ path: "a.txt", size: null }] });
  assert.deepEqual(record?.["incomplete"], [{ part: "artifacts", code: "denied", message: "no role" }]);
});

Deno.test("parts that cannot be read make the job incomplete, with an error each right behind it", async () => {
  const { items, end, ctx, thrown } = await run([
    {
      record: { id: "a" },
      faults: [{
        part: "children",
        code: "Throttled",
        message: "children: too many",
        retryable: true,
        hint: "again",
      }],
      parts: [
        { kind: "points", metric: "loss", points: points(1) },
        {
          kind: "fault",
          fault: { part: "metrics/acc", code: "gone", message: "acc is gone", retryable: false },
        },
        failure("metrics: HTTP 403", "record", 403),
      ],
      artifacts: failure("artifacts: HTTP 429 for half an hour", "unreachable", 429),
    },
    { record: { id: "b" } },
  ]);
  assert.equal(thrown, undefined);
  assert.deepEqual(items.map(short), [
    "job a",
    "error a Throttled",
    "error a gone",
    "error a Refused",
    "error a Refused",
    "job b",
    "end true",
  ]);
  const record = items[0]?.record;
  assert.deepEqual(record?.["metrics"], { loss: points(1) });
  assert.equal(record?.["artifacts"], null);
  assert.deepEqual((record?.["incomplete"] as { part: string }[]).map(({ part }) => part), [
    "children",
    "metrics/acc",
    "metrics",
    "artifacts",
  ]);
  assert.deepEqual(items[1]?.record, {
    kind: "error",
    v: 1,
    stage: "extract",
    id: "a",
    part: "children",
    code: "Throttled",
    message: "children: too many",
    hint: "again",
    retryable: true,
  });
  assert.deepEqual(
    items.slice(2, 5).map(({ record }) => [record["part"], record["message"]]),
    [
      ["metrics/acc", "metrics/acc: acc is gone"],
      ["metrics", "metrics: HTTP 403"],
      ["artifacts", "artifacts: HTTP 429 for half an hour"],
    ],
  );
  assert.equal((end?.["counts"] as { incomplete: number }).incomplete, 1);
  assert.ok(ctx.log.lines.some((line) => line.startsWith("warn: 1 job could not be read")));
});

Deno.test("an id that is not there is an error and counted as failed", async () => {
  const missing = {
    kind: "missing",
    id: "x",
    code: "not_found",
    message: "no job x",
    retryable: false,
  } as const;
  const { items, end } = await run([missing, { record: { id: "a" } }], {
    selection: readSelection({ include: ["x", "a"] }),
  });
  assert.deepEqual(items.map(short), ["error x not_found", "job a", "end true"]);
  const counts = end?.["counts"] as { in: unknown; out: unknown; failed: number };
  assert.deepEqual([counts.in, counts.out, counts.failed], [{ job: 2 }, { job: 1 }, 1]);
});

Deno.test("jobs keep the source's order, whatever each takes, and the first leaves before the listing has ended", async () => {
  const first = Promise.withResolvers<void>();
  const listing = Promise.withResolvers<void>();
  const source = fakeSource([[
    { record: { id: "slow" }, after: first.promise },
    { record: { id: "fast" } },
  ]]);
  const inner = source.jobs.bind(source);
  source.jobs = async function* (want) {
    yield* inner(want);
    await listing.promise;
  };
  const stream = extract(source, ALL, fakeContext());
  const next = stream.next();
  while (source.asked.length < 4) await Promise.resolve();
  first.resolve();
  assert.deepEqual((await next).value?.map(short), ["job slow"]);
  assert.deepEqual((await stream.next()).value?.map(short), ["job fast"]);
  listing.resolve();
  assert.deepEqual((await stream.next()).value?.map(short), ["end true"]);
});

Deno.test("a listing that breaks ends behind what came, with an incomplete end, and is thrown", async () => {
  const broken = failure("listing jobs: nobody answers", "unreachable");
  const { items, thrown } = await run([{ record: { id: "a" } }, { record: { id: "b" } }, broken]);
  assert.deepEqual(items.map(short), ["job a", "job b", "end false"]);
  assert.equal(thrown, broken);
});

Deno.test("a part that shows that nothing can go on stops the reading and loses nothing that was read", async () => {
  const gone = failure("metrics: connection refused", "unreachable");
  const jobs = Array.from({ length: 50 }, (_, index) => ({ record: { id: `j${index}` } }));
  const finds: FakeFind[] = [{ record: { id: "a" } }, { record: { id: "b" }, parts: [gone] }, ...jobs];
  const { items, thrown, source } = await run(finds, { concurrency: 2 });
  assert.equal(thrown, gone);
  const shorts = items.map(short);
  assert.deepEqual(shorts.slice(0, 3), ["job a", "job b", "error b Refused"]);
  assert.equal(shorts.at(-1), "end false");
  assert.ok(source.taken < 10, `${source.taken} were taken`);
});

Deno.test("an interruption ends the stream with an incomplete end and without an error", async () => {
  const ctx = fakeContext();
  const under = Promise.withResolvers<void>();
  const aborted = Object.assign(new Error("aborted"), { name: "AbortError" });
  const cutOff = { after: under.promise, parts: [aborted] };
  const cutShort = {
    after: under.promise,
    parts: [{ kind: "points", metric: "loss", points: points(1) }],
  } as const;
  const source = fakeSource([
    [{ record: { id: "a" } }, { record: { id: "b" }, ...cutOff }, { record: { id: "c" }, ...cutShort }],
    [{ record: { id: "d" } }],
  ]);
  const stream = extract(source, { ...ALL, concurrency: 3 }, ctx);
  assert.deepEqual((await stream.next()).value?.map(short), ["job a"]);
  ctx.abort();
  under.resolve();
  assert.deepEqual((await drain(stream)).items.map(short), ["end false"]);
});

Deno.test("a bug in a source is thrown as it is", async () => {
  const { items, thrown } = await run([{ record: { id: "a" }, parts: [new TypeError("a bug")] }]);
  assert.deepEqual(items, []);
  assert.ok(thrown instanceof TypeError);
});

Deno.test("a reader that stops early leaves no spool open", async () => {
  const ctx = fakeContext();
  const source = fakeSource([Array.from({ length: 8 }, (_, index) => ({
    record: { id: `j${index}` },
    parts: [{ kind: "points" as const, metric: "loss", points: points(50_001) }],
  }))]);
  for await (const _ of extract(source, ALL, ctx)) break;
  assert.ok(ctx.spools.made > 0);
  assert.equal(ctx.spools.open, 0);
});

Deno.test("how many files and bytes are named and not held is said once at the end", async () => {
  const files = [{ path: "a", size: 1536 }, { path: "b", size: null }];
  const { ctx } = await run([
    { record: { id: "a" }, artifacts: { store: null, files } },
    { record: { id: "b" }, artifacts: { store: null, files: [{ path: "c", size: 512 }] } },
  ]);
  assert.deepEqual(ctx.log.lines, [
    "info: 3 files with 2048 bytes (2.0 KiB) are named and not held, 1 of them of unknown size: " +
    "the records say where they lie, and they are read from there; " +
    "archived jobs are left out (--archived include)",
  ]);
});

for (
  const [words, says] of [
    [{}, "no tree matched; archived jobs are left out (--archived include)"],
    [{ archived: "include" }, "no tree matched"],
    [{ archived: "exclude" }, "no tree matched"],
  ] as const
) {
  Deno.test(`a source that has nothing for ${JSON.stringify(words)}: ${says}`, async () => {
    const { ctx } = await run([], { selection: readSelection(words) });
    assert.deepEqual(ctx.log.lines, [`warn: ${says}`]);
  });
}

const WANTED = [
  [{}, { include: null, archived: "exclude", maxDepth: null, limit: null }],
  [{ include: ["a"] }, { include: ["a"], archived: "include", maxDepth: null, limit: null }],
  [{ include: ["a"], archived: "exclude" }, {
    include: ["a"],
    archived: "exclude",
    maxDepth: null,
    limit: null,
  }],
  [{ archived: "only", maxDepth: 2, limit: 3 }, { include: null, archived: "only", maxDepth: 2, limit: 3 }],
] as const;

for (const [words, want] of WANTED) {
  Deno.test(`the source is asked for what ${JSON.stringify(words)} says`, async () => {
    const { source } = await run([], { selection: readSelection(words) });
    const { keep, ...rest } = source.wants[0] ?? assert.fail("not asked");
    assert.deepEqual(rest, want);
    assert.equal(keep({ id: "r", archived: true }), want.archived !== "exclude");
    assert.equal(keep({ id: "r", archived: false }), want.archived !== "only");
  });
}
