import assert from "node:assert/strict";
import type { EndRecord } from "../../../src/records/end.ts";
import { Failure } from "../../../src/records/failure.ts";
import type { AnyRecord, Item, Stream } from "../../../src/records/item.ts";
import { Tally } from "../../../src/records/tally.ts";
import { filter } from "../../../src/stages/filter.ts";
import { readSelection, type SelectionWords } from "../../../src/stages/selection.ts";
import { drain, fakeContext, jobRecord, streamOf } from "./fakes.ts";

const END: AnyRecord = new Tally("extract").end(true);

/** Two pipelines of three levels and a lone job, in pre-order. */
const TREES: readonly AnyRecord[] = [
  jobRecord({ id: "p", parent: null, root: "p", depth: 0, experiment: "churn", status: "Completed" }),
  jobRecord({ id: "p.a", parent: "p", root: "p", depth: 1, experiment: "churn", status: "Failed" }),
  jobRecord({ id: "p.b", parent: "p", root: "p", depth: 1, experiment: "churn", status: "Completed" }),
  jobRecord({ id: "p.b.x", parent: "p.b", root: "p", depth: 2, experiment: "churn", status: "Failed" }),
  jobRecord({ id: "q", parent: null, root: "q", depth: 0, experiment: "fraud", status: "Failed" }),
  jobRecord({ id: "q.a", parent: "q", root: "q", depth: 1, experiment: "fraud", status: "Completed" }),
  jobRecord({ id: "lone", experiment: "churn", status: "Running", archived: true }),
];

const ALL = TREES.map(({ id }) => String(id));

async function run(records: readonly AnyRecord[] | Stream, words: SelectionWords) {
  const ctx = fakeContext();
  const input = Symbol.asyncIterator in records ? records : streamOf(records, 3);
  const { items, thrown } = await drain(filter(input, { selection: readSelection(words) }, ctx));
  assert.equal(ctx.spools.open, 0);
  const end = items.pop()?.record;
  assert.equal(end?.kind, "end");
  // It was made by the stage itself, a moment ago.
  return { items, ids: items.map(name), thrown, ctx, end: end as EndRecord };
}

function name({ record }: Item): string {
  if (record.kind === "points") return `points of ${record["job"]} ${record["seq"]}`;
  return record.kind === "job" ? String(record["id"]) : record.kind;
}

function points(job: string, seq = 0): AnyRecord {
  return { kind: "points", v: 1, job, metric: "m", seq, points: [[0, 0, 0]] };
}

const CASES: readonly [words: SelectionWords, kept: readonly string[]][] = [
  [{}, ALL],
  [{ experiment: ["churn"] }, ["p", "p.a", "p.b", "p.b.x", "lone"]],
  [{ experiment: ["f*"] }, ["q", "q.a"]],
  [{ status: ["completed"] }, ["p", "p.a", "p.b", "p.b.x"]],
  [{ status: ["failed,running"] }, ["q", "q.a", "lone"]],
  [{ experiment: ["churn"], status: ["running"] }, ["lone"]],
  [{ archived: "exclude" }, ALL.filter((id) => id !== "lone")],
  [{ archived: "only" }, ["lone"]],
  [{ maxDepth: 0 }, ["p", "q", "lone"]],
  [{ maxDepth: 1 }, ALL.filter((id) => id !== "p.b.x")],
  [{ limit: 1 }, ["p", "p.a", "p.b", "p.b.x"]],
  [{ limit: 2 }, ALL.filter((id) => id !== "lone")],
  [{ experiment: ["churn"], limit: 2 }, ["p", "p.a", "p.b", "p.b.x", "lone"]],
  [{ include: ["p.b"] }, ["p.b", "p.b.x"]],
  [{ include: ["p.b", "q"] }, ["p.b", "p.b.x", "q", "q.a"]],
  [{ include: ["p", "p.b"] }, ["p", "p.a", "p.b", "p.b.x"]],
  [{ include: ["p.b"], maxDepth: 0 }, ["p.b"]],
  [{ include: ["p", "p.b.x"], maxDepth: 0 }, ["p", "p.b.x"]],
  [{ include: ["p.a", "p.b"], status: ["completed"] }, ["p.b", "p.b.x"]],
  [{ include: ["p.a", "p.b", "q"], limit: 2 }, ["p.a", "p.b", "p.b.x"]],
  [{ include: ["q", "p"], limit: 1 }, ["q", "q.a"]],
  [{ include: ["nobody", "lone", "p.b", "q"], limit: 2 }, ["p.b", "p.b.x", "lone"]],
  [{ include: ["p.b", "q", "p.a"], limit: 2 }, ["p.a", "p.b", "p.b.x"]],
  [{ include: ["p.b.x", "p", "q"], limit: 1 }, ["p", "p.a", "p.b", "p.b.x"]],
  [{ include: ["q", "lone"], experiment: ["churn"], limit: 1 }, ["lone"]],
  [{ include: ["nobody"] }, []],
];

for (const [words, kept] of CASES) {
  Deno.test(`of ${ALL.length} jobs ${JSON.stringify(words)} lets ${kept.length} pass, and counts the others`, async () => {
    const { ids, end, ctx } = await run([...TREES, END], words);
    assert.deepEqual(ids, kept);
    assert.equal(end.counts.in["job"], ALL.length);
    assert.equal(end.counts.out["job"] ?? 0, kept.length);
    assert.equal(end.counts.dropped, ALL.length - kept.length);
    assert.equal(end.complete, true);
    assert.deepEqual(end.upstream.map((one) => one["stage"]), ["extract"]);
    // Which ids were named first is known of the whole stream alone.
    assert.equal(ctx.spools.made, words.include !== undefined && words.limit !== undefined ? 1 : 0);
    const said = kept.length > 0 ? [] : [`warn: no tree matched: ${ALL.length} jobs left out`];
    assert.deepEqual(ctx.log.lines, said);
  });
}

for (const [words, kept] of CASES.filter(([words]) => words.limit === undefined)) {
  Deno.test(`a stream that runs backwards gives the same jobs for ${JSON.stringify(words)}`, async () => {
    const { ids, end } = await run([...TREES].reverse().concat(END), words);
    assert.deepEqual(ids.toSorted(), kept.toSorted());
    assert.equal(end.counts.dropped, ALL.length - kept.length);
  });
}

Deno.test("lines go on as they came, keys and numbers untouched", async () => {
  const raw = '{"v":1, "kind":"job","id":"a","zzz":1.0,"big":12345678901234567890}';
  async function* input(): Stream {
    yield [{ record: JSON.parse(raw), raw }];
    yield [{ record: END }];
  }
  assert.deepEqual((await run(input(), {})).items.map((item) => item.raw), [raw]);
});

Deno.test("a held line comes back as it came, too", async () => {
  const child = '{"id":"a.b", "kind":"job","v":1,"parent":"a","root":"a"}';
  const root = '{"id":"a", "kind":"job","v":1}';
  async function* input(): Stream {
    yield [{ record: JSON.parse(child), raw: child }, { record: JSON.parse(root), raw: root }, {
      record: END,
    }];
  }
  assert.deepEqual((await run(input(), {})).items.map((item) => item.raw), [root, child]);
});

Deno.test("points follow their job, and are left out with it or away from it", async () => {
  const [p, a, , , q] = TREES;
  assert.ok(p && a && q);
  const records = [p, points("p"), points("p", 1), a, points("p", 2), q, points("q"), points("nobody"), END];
  const { ids, end } = await run(records, { experiment: ["churn"] });
  assert.deepEqual(ids, ["p", "points of p 0", "points of p 1", "p.a"]);
  assert.deepEqual(end.counts.in, { job: 3, points: 5 });
  assert.deepEqual(end.counts.out, { job: 2, points: 2 });
  assert.equal(end.counts.dropped, 4);
});

Deno.test("points of a held job are held with it", async () => {
  const [p, a] = TREES;
  assert.ok(p && a);
  const { ids } = await run([a, points("p.a"), p, points("p"), END], { experiment: ["churn"] });
  assert.deepEqual(ids, ["p", "points of p 0", "p.a", "points of p.a 0"]);
});

Deno.test("points of a unit pass with it", async () => {
  const { ids } = await run([{ kind: "unit", v: 1, id: "u" }, points("u"), END], { experiment: ["churn"] });
  assert.deepEqual(ids, ["unit", "points of u 0"]);
});

Deno.test("jobs whose parents were filtered away follow their root", async () => {
  const { ids, ctx } = await run(TREES.filter(({ id }) => id !== "p.b").concat(END), { maxDepth: 1 });
  assert.deepEqual(ids, ["p", "p.a", "q", "q.a", "lone"]);
  assert.equal(ctx.spools.made, 0);
});

Deno.test("jobs without anything above them are judged as roots, which is told", async () => {
  const { ids, ctx } = await run(TREES.filter(({ depth }) => depth !== 0).concat(END), {
    status: ["failed"],
  });
  assert.deepEqual(ids, ["p.a"]);
  assert.deepEqual(ctx.log.lines, [
    "warn: 3 jobs came without anything above in the stream: judged by their own words, as roots",
  ]);
});

Deno.test("parents that go round in a circle are judged, and end", async () => {
  const circle = ["a", "b", "c"].map((id, at, ids) =>
    jobRecord({ id, parent: ids[(at + 1) % 3] ?? null, root: "gone" })
  );
  const own = jobRecord({ id: "s", parent: "s", root: "s" });
  const { ids, end } = await run([...circle, own, END], {});
  assert.deepEqual(ids, ["a", "b", "c", "s"]);
  assert.equal(end.counts.dropped, 0);
});

Deno.test("an archive joined twice counts its trees once", async () => {
  const { ids } = await run([...TREES, ...TREES, END], { limit: 1 });
  assert.deepEqual(ids, ["p", "p.a", "p.b", "p.b.x", "p", "p.a", "p.b", "p.b.x"]);
  const named = await run([...TREES, ...TREES, END], { include: ["q", "lone", "p"], limit: 2 });
  assert.deepEqual(named.ids, ["q", "q.a", "lone", "q", "q.a", "lone"]);
});

Deno.test("the same id in two sources is two jobs", async () => {
  const records = [
    jobRecord({ id: "r", source: "one", status: "Failed" }),
    jobRecord({ id: "r", source: "two", status: "Completed" }),
    jobRecord({ id: "c", source: "one", parent: "r", root: "r" }),
    jobRecord({ id: "c", source: "TWO", parent: "r", root: "r" }),
    END,
  ];
  const { items } = await run(records, { status: ["completed"] });
  assert.deepEqual(items.map(({ record }) => `${record["source"]} ${record["id"]}`), ["two r", "TWO c"]);
});

Deno.test("other kinds, upstream errors and broken records pass, and are counted", async () => {
  const error = { kind: "error", v: 1, stage: "extract", code: "x", message: "y", retryable: false };
  const future = { kind: "job", v: 99, id: "new" };
  const { items, end } = await run([{ kind: "model", v: 1, id: "m" }, error, future, END], {
    experiment: ["x"],
  });
  assert.deepEqual(items.map(name), ["model", "error", "error"]);
  assert.equal(items[2]?.record["code"], "newer_version");
  assert.deepEqual(end.counts.in, { model: 1, error: 1, job: 1 });
  assert.equal(end.counts.failed, 1);
});

Deno.test("a record is refused for a field that filter reads, not for one that it only passes on", async () => {
  const records = [
    { kind: "job", v: 1, id: "a", metrics: 5 },
    { kind: "job", v: 1, id: "b", depth: "deep" },
    END,
  ];
  const { items, end } = await run(records, {});
  assert.deepEqual(items.map(name), ["a", "error"]);
  assert.match(String(items[1]?.record["message"]), /"depth" must be number/);
  assert.equal(end.counts.failed, 1);
});

Deno.test("a stage before it that gives up does not take away what came", async () => {
  const broken = new Failure("listing broke", { code: "x", reach: "unreachable", retryable: true });
  async function* input(): Stream {
    yield* streamOf([...TREES].reverse());
    throw broken;
  }
  const { ids, end, thrown } = await run(input(), { experiment: ["fraud"] });
  assert.deepEqual(ids, ["q", "q.a"]);
  assert.equal(end.complete, false);
  assert.equal(thrown, broken);
});

Deno.test("a depth that was asked for is noted in each job that passes, as extract does, held or not", async () => {
  const [p, a] = TREES;
  assert.ok(p && a);
  const shortened = { ...a, reduced: { metrics: "last", max_depth: 3 }, redacted: ["tags.x"] };
  for (const records of [[p, shortened, END], [shortened, p, END]]) {
    const { items } = await run(records, { maxDepth: 1 });
    const noted = items.toSorted((one, other) => name(one).localeCompare(name(other)));
    assert.deepEqual(noted.map(({ record, raw }) => [record["id"], record["reduced"], raw]), [
      ["p", { max_depth: 1 }, undefined],
      ["p.a", { metrics: "last", max_depth: 1 }, undefined],
    ]);
    assert.deepEqual(noted[1]?.record["redacted"], ["tags.x"]);
  }
});

Deno.test("a job that was cut as much before goes on as it came", async () => {
  const raw = '{"kind":"job","v":1,"id":"a", "reduced":{"max_depth":1}}';
  async function* input(): Stream {
    yield [{ record: JSON.parse(raw), raw }, { record: END }];
  }
  assert.deepEqual((await run(input(), { maxDepth: 2 })).items.map((item) => item.raw), [raw]);
  assert.deepEqual((await run(input(), { maxDepth: 0 })).items.map(({ record }) => record["reduced"]), [
    { max_depth: 0 },
  ]);
});
