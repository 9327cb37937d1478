import assert from "node:assert/strict";
import type { Found, FoundJob, MetricPart } from "../../../src/stages/ports.ts";
import { Failure } from "../../../src/records/failure.ts";
import { exactRuns } from "../../../src/mlflow/runs_exact.ts";
import { openRunStore } from "../../../src/mlflow/run_store.ts";
import { type FakeRun, RunsServer } from "./runs_server.ts";

function test(name: string, fn: () => Promise<void>) {
  // fetch keeps its connections open.
  Deno.test({ name, fn, sanitizeResources: false, sanitizeOps: false });
}

function id(number: number): string {
  return number.toString(16).padStart(32, "0");
}

const jobsOf = (found: readonly Found[]): FoundJob[] =>
  found.flatMap((one) => one.kind === "job" ? one.job : []);
const shape = (found: readonly Found[]) =>
  found.map((one) => one.kind === "job" ? [one.job.record.id, one.job.record.depth] : [one.id, one.code]);

async function metricsOf(job: FoundJob, mode: "full" | "last" = "full") {
  const parts: MetricPart[] = await Array.fromAsync(job.metrics(mode));
  const points: Record<string, unknown[]> = {};
  for (const part of parts) if (part.kind === "points") (points[part.metric] ??= []).push(...part.points);
  return { points, faults: parts.flatMap((part) => part.kind === "fault" ? part.fault : []) };
}

const FAMILY: readonly FakeRun[] = [
  { id: "root", start: 100 },
  { id: "kid2", start: 300, parent: "root" },
  { id: "kid1", start: 200, parent: "root" },
  { id: "grand", start: 50, parent: "kid1", experiment: "2" },
  { id: "root0", start: 10 },
  { id: "lost2", start: 8, parent: "nobody" },
  { id: "lost1", start: 7, parent: "nobody" },
  { id: "ring1", start: 5, parent: "ring2" },
  { id: "ring2", start: 6, parent: "ring1" },
  { id: "gone", start: 20, deleted: true },
  { id: "orphan", start: 30, parent: "gone" },
];
const EXPERIMENTS = { "1": "2", "2": "a,b/c:d'e" };

test("trees come in pre-order wherever their runs lie, and what no tree brings comes behind them", async () => {
  await using server = new RunsServer(FAMILY, EXPERIMENTS);
  assert.deepEqual(
    shape(await server.jobs()),
    [
      ["root0", 0],
      ["root", 0],
      ["kid1", 1],
      ["grand", 2],
      ["kid2", 1],
      ["lost1", null],
      ["lost2", null],
      ["ring1", null],
      ["ring2", null],
      ["orphan", null],
    ].sort((a, b) => order(a) - order(b)),
  );
});

/** What is left over comes in the order of the topmost one's start. */
function order([name]: readonly unknown[]): number {
  const names = ["root0", "root", "kid1", "grand", "kid2", "ring2", "ring1", "lost1", "lost2", "orphan"];
  return names.indexOf(String(name));
}

const WANTS = [
  {
    name: "deleted runs on request",
    want: { archived: "include" as const },
    first: ["root0", "gone", "orphan"],
  },
  { name: "deleted runs alone", want: { archived: "only" as const }, first: ["gone"] },
  { name: "roots alone", want: { maxDepth: 0 }, first: ["root0", "root", "ring2"] },
  { name: "as many trees as wanted", want: { limit: 1 }, first: ["root0"], count: 1 },
  {
    name: "named runs with what hangs below them, once",
    want: { include: ["kid1", "root", "nix"], archived: "include" as const },
    first: ["nix", "root", "kid1", "grand", "kid2"],
    count: 5,
  },
];
for (const { name, want, first, count } of WANTS) {
  test(`the source gives ${name}`, async () => {
    await using server = new RunsServer(FAMILY, EXPERIMENTS);
    const ids = shape(await server.jobs(want)).map(([one]) => one);
    assert.deepEqual(ids.slice(0, first.length), first);
    if (count !== undefined) assert.equal(ids.length, count);
  });
}

test("a tree that selection does not want brings none of its children", async () => {
  await using server = new RunsServer(FAMILY, EXPERIMENTS);
  const found = await server.jobs({ keep: (root) => root.experiment === "2" && root.id !== "root" });
  assert.ok(!shape(found).some(([one]) => one === "root" || one === "kid1"));
});

test("a record says what the run says", async () => {
  await using server = new RunsServer([{ id: "r", start: 1_700_000_000_001 }]);
  const [job] = jobsOf(await server.jobs());
  const { kind, type, display_name, status, created_at, created_by, experiment, archived, ended_at } =
    job?.record ?? {};
  assert.deepEqual(
    [kind, type, display_name, status, created_at, created_by, experiment, archived, ended_at],
    [
      "job",
      "run",
      "name of r",
      "FINISHED",
      "2023-11-14T22:13:20.001Z",
      "ann",
      "one",
      false,
      null,
    ],
  );
});

test("200 small runs with 3 metrics and 2 files in a folder cost at most 2.1 calls each", async () => {
  const points = Array.from({ length: 20 }, (_, step) => [step, step, step / 2] as const);
  const runs = Array.from({ length: 200 }, (_, n): FakeRun => ({
    id: id(n),
    start: n,
    metrics: { loss: points, acc: points, lr: points },
    files: { "model/a": 1, "model/b": 2 },
  }));
  await using server = new RunsServer(runs);
  for (const job of jobsOf(await server.jobs())) {
    const { points: read, faults } = await metricsOf(job);
    assert.deepEqual([read["loss"]?.length, read["acc"]?.length, read["lr"]?.length, faults], [
      20,
      20,
      20,
      [],
    ]);
    assert.equal((await job.artifacts()).artifacts.files.length, 2);
  }
  assert.ok(server.asked.length <= 2.1 * 200, `${server.asked.length} calls`);
  assert.ok(server.longest <= 4_000, `a request line of ${server.longest} bytes`);
});

test("a bulk answer that was cut off at 25,000 points loses nothing", async () => {
  const sizes = [4_000, 12_000, 13_000, 26_000, 3, 0, 9_000];
  const runs = sizes.map((size, n): FakeRun => ({
    id: id(n),
    start: n,
    // Logged without steps: nothing tells how many there are.
    metrics: { x: Array.from({ length: size }, (_, at) => [at, 0, at] as const), y: [[1, 0, 1]] },
  }));
  await using server = new RunsServer(runs);
  const read = [];
  for (const job of jobsOf(await server.jobs())) {
    const { points } = await metricsOf(job);
    assert.deepEqual(points["x"]?.at(-1), points["x"] && [0, points["x"].length - 1, points["x"].length - 1]);
    read.push(points["x"]?.length ?? 0);
  }
  assert.deepEqual(read, sizes);
});

test("numbers that JSON has no place for arrive as they are", async () => {
  const x = [[1, -3, "NaN"], [2, "1152921504606846977", "-1.7976931348623157e+308"], [2, 1, 2]] as const;
  await using server = new RunsServer([{ id: "a", start: 1, metrics: { x } }, {
    id: "b",
    start: 2,
    metrics: { x },
  }]);
  for (const job of jobsOf(await server.jobs())) {
    assert.deepEqual((await metricsOf(job)).points["x"], [
      [-3, 1, "NaN"],
      ["1152921504606846977", 2, -1.7976931348623157e308],
      [1, 2, 2],
    ]);
  }
});

test("the last points cost no call", async () => {
  await using server = new RunsServer([{ id: "a", start: 1, metrics: { x: [[1, 0, 5], [2, 1, 6]] } }]);
  const [job] = jobsOf(await server.jobs());
  const before = server.asked.length;
  assert.ok(job !== undefined);
  assert.deepEqual((await metricsOf(job, "last")).points, { x: [[1, 2, 6]] });
  assert.equal(server.asked.length, before);
});

test("a server without bulk history is read run by run", async () => {
  const x = [[1, 0, 5], [2, 1, 6]] as const;
  await using server = new RunsServer([{ id: "a", start: 1, metrics: { x } }, {
    id: "b",
    start: 2,
    metrics: { x },
  }]);
  server.instead.set("metrics/get-history-bulk", () => new Response("<!doctype html>", { status: 404 }));
  for (const job of jobsOf(await server.jobs())) assert.equal((await metricsOf(job)).points["x"]?.length, 2);
  assert.equal(server.asked.filter((path) => path === "metrics/get-history-bulk").length, 1);
});

test("a run that vanishes is a fault: its metrics, its files, and itself", async () => {
  const x = [[1, 0, 5]] as const;
  await using server = new RunsServer([{ id: "a", start: 1, metrics: { x } }, {
    id: "b",
    start: 2,
    metrics: { x },
  }]);
  const jobs = jobsOf(await server.jobs());
  server.gone.add("a");
  const [a, b] = jobs;
  assert.ok(a !== undefined && b !== undefined);
  assert.deepEqual((await metricsOf(a)).faults.map(({ code }) => code), ["run_gone"]);
  assert.deepEqual((await metricsOf(b)).points, { x: [[0, 1, 5]] });
  await assert.rejects(a.artifacts(), (error) => error instanceof Failure && error.facts.reach === "record");
});

test("files come with sizes, empty ones too, and a folder that cannot be listed is a fault", async () => {
  const files = { "a.txt": 3, "m/empty": null, "m/deep/x": 7, "bad/y": 1 };
  await using server = new RunsServer([{ id: "a", start: 1, files }]);
  server.instead.set(
    "artifacts/list",
    (url) => url.searchParams.get("path") === "bad" ? new Response("no", { status: 500 }) : null,
  );
  const [job] = jobsOf(await server.jobs());
  const { artifacts, faults } = await job?.artifacts() ?? {};
  assert.deepEqual(artifacts?.files, [
    { path: "a.txt", size: 3 },
    { path: "m/deep/x", size: 7 },
    { path: "m/empty", size: 0 },
  ]);
  assert.deepEqual(artifacts?.store?.container, "a");
  assert.deepEqual(faults?.map(({ part }) => part), ["artifacts"]);
});

test("a look-up of many ids is bulk and says which are not there", async () => {
  await using server = new RunsServer(FAMILY, EXPERIMENTS);
  const found = (await Array.fromAsync(exactRuns(server.readers(), ["kid1", "nix", "gone", "root"]))).flat();
  assert.deepEqual(found.map((one) => one.kind === "job" ? one.job.record.id : one.code), [
    "kid1",
    "not_found",
    "gone",
    "root",
  ]);
  assert.deepEqual(server.asked, ["experiments/search", "runs/search", "runs/get"]);
});

test("a server that refuses the filters is read all the same", async () => {
  await using server = new RunsServer(FAMILY, EXPERIMENTS);
  const usual = shape(await server.jobs());
  server.instead.set(
    "runs/search",
    (_url, body) =>
      body["filter"] === undefined
        ? null
        : Response.json({ error_code: "INVALID_PARAMETER_VALUE", message: "Invalid clause" }, {
          status: 400,
        }),
  );
  assert.deepEqual(shape(await server.jobs()), usual);
});

test("a run store gives sizes and bytes, and refuses names that the server would take for others", async () => {
  await using server = new RunsServer([{ id: "a", start: 1, files: { "m/ü?&+ 100%.bin": 5, "m/b": 2 } }]);
  const store = openRunStore(server.face, "a");
  assert.equal((await store.head("m/ü?&+ 100%.bin"))?.size, 5);
  assert.equal(await store.head("m/nix"), null);
  assert.equal(server.asked.length, 1);
  assert.equal((await new Response(await store.read("m/ü?&+ 100%.bin")).bytes()).length, 5);
  for (const name of ["p%41.txt", "a#b", "../x", ""]) {
    await assert.rejects(
      store.read(name),
      (error) => error instanceof Failure && error.facts.reach === "record",
    );
  }
});
