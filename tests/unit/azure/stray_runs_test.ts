import assert from "node:assert/strict";
import type { JsonObject } from "../../../src/records/json.ts";
import type { RootFacts, Want } from "../../../src/stages/ports.ts";
import { Listing } from "../../../src/azure/listing.ts";
import { BareRuns } from "../../../src/azure/bare_runs.ts";
import { strayRuns } from "../../../src/azure/stray_runs.ts";
import { createReaders } from "../../../src/azure/trees.ts";
import { type FakeWork, fakeWork } from "./fake_work.ts";
import { armJob, EVERYTHING, type Handler, recordsOf, refused, Rig, run } from "./reading_rig.ts";

const below = (id: string, parent: string, root: string, minute: number, more: JsonObject = {}) =>
  run(id, { parentRunId: parent, rootRunId: root, ...more }, minute);

const E2 = { experimentId: "e2" };

/**
 * `pipe` (e1) has a step in its experiment and, in another one, a run with a child of its own; of `gone` only runs
 * below it are left, in two experiments; `bare` (e2) comes after its child in e1; `old` is archived with its child.
 */
const WORK: FakeWork = {
  jobs: [armJob("pipe", { jobType: "Pipeline" })],
  experiments: [{ experimentId: "e1", name: "exp one" }, { experimentId: "e2", name: "exp two" }],
  runs: [
    run("pipe", { runType: "azureml.PipelineRun" }, 1),
    below("step", "pipe", "pipe", 2, { runType: "azureml.StepRun" }),
    below("far", "pipe", "pipe", 3, E2),
    below("farther", "far", "pipe", 4, E2),
    below("left", "gone", "gone", 5),
    below("left_child", "left", "gone", 6, E2),
    below("bare_child", "bare", "bare", 7),
    run("bare", E2, 8),
    run("old", { hidden: true }, 9),
    below("old_child", "old", "old", 10, E2),
  ],
};

const rigOf = (changes: Readonly<Record<string, Handler>> = {}) => new Rig({ ...fakeWork(WORK), ...changes });
const ids = async (want: Partial<Want>, rig = rigOf()) =>
  (await rig.found(want)).map((one) => one.kind === "job" ? one.job.record.id : one.code);

Deno.test("children in another experiment and children of a deleted root come behind the trees, with their true kin", async () => {
  const records = recordsOf(await rigOf().found());
  assert.deepEqual(
    records.map((r) => [r.id, r.role, r.parent, r.root, r.depth, r.experiment]),
    [
      ["pipe", null, null, "pipe", 0, "exp one"],
      ["step", "step", "pipe", "pipe", 1, "exp one"],
      ["bare", null, null, "bare", 0, "exp two"],
      ["bare_child", "run", "bare", "bare", 1, "exp one"],
      ["far", "step", "pipe", "pipe", 1, "exp two"],
      ["farther", "run", "far", "pipe", 2, "exp two"],
      ["left", "run", "gone", "gone", null, "exp one"],
      ["left_child", "run", "left", "gone", null, "exp two"],
    ].sort((a, b) => order(a[0]) - order(b[0])),
  );
  function order(id: unknown): number {
    return ["pipe", "step", "bare"].indexOf(`${id}`) + 1 || 9;
  }
});

Deno.test("below a root that is not kept nothing is given; what has no root is judged by itself", async () => {
  const keepOf = (...kept: string[]) => ({ id }: RootFacts) => kept.includes(id);
  const cases: readonly [Partial<Want>, readonly string[]][] = [
    [{ keep: keepOf("bare") }, ["bare", "bare_child"]],
    [{ keep: keepOf("left") }, ["left", "left_child"]],
    [{ keep: keepOf("left_child", "gone") }, []],
    [{ keep: ({ experiment }) => experiment === "exp one" }, [
      "pipe",
      "step",
      "far",
      "farther",
      "left",
      "left_child",
    ]],
    [{ maxDepth: 0 }, ["pipe", "bare", "left"]],
    [{ maxDepth: 1 }, ["pipe", "step", "bare", "far", "bare_child", "left", "left_child"]],
    [{ archived: "only" }, ["old", "old_child"]],
  ];
  for (const [want, expected] of cases) {
    assert.deepEqual((await ids(want)).sort(), [...expected].sort(), JSON.stringify(want));
  }
});

Deno.test("a limit counts trees: strays of a kept root are none, those of a deleted root are one", async () => {
  assert.deepEqual(await ids({ limit: 1 }), ["pipe", "step", "far", "farther"]);
  assert.equal((await ids({ limit: 3 })).length, 8);
  const three = (await ids({ limit: 3, keep: ({ id }) => id !== "bare" })).sort();
  assert.deepEqual(three, ["far", "farther", "left", "left_child", "pipe", "step"]);
  assert.deepEqual(await ids({ limit: 1, maxDepth: 0 }), ["pipe"]);
});

for (const want of [{ limit: 1 }, { include: ["pipe"] }]) {
  Deno.test(`children that cannot be looked for are said to be missing: ${JSON.stringify(want)}`, async () => {
    const experiments = Array.from(
      { length: 201 },
      (_, i) => ({ experimentId: `e${i + 1}`, name: `exp ${i + 1}` }),
    );
    const found = await new Rig(fakeWork({ ...WORK, experiments })).found(want);
    const [pipe, step] = found.map((one) => one.kind === "job" ? one.job : null);
    assert.deepEqual([pipe?.record.id, step?.record.id, found.length], ["pipe", "step", 2]);
    assert.deepEqual(pipe?.faults.map(({ part, code }) => [part, code]), [[
      "children",
      "children_not_looked_for",
    ]]);
    assert.deepEqual(step?.faults, []);
  });
}

Deno.test("children that a query of whole trees left out are found all the same, once", async () => {
  const usual = fakeWork(WORK)["history.queryRunsById"];
  assert.ok(usual !== undefined);
  const found = await ids(
    {},
    rigOf({
      "history.queryRunsById": (request, body) => {
        const answer = usual(request, body);
        if (body["filter"] === undefined) return answer;
        // Only roots come back: an index that lags behind.
        return { value: WORK.runs.filter((one) => one["runId"] === "pipe" || one["runId"] === "bare") };
      },
    }),
  );
  assert.equal(new Set(found).size, found.length);
  assert.ok(found.includes("step") && found.includes("farther"), `${found}`);
});

Deno.test("named jobs come with what lies below them in other experiments, also where their root is gone", async () => {
  assert.deepEqual(await ids({ include: ["pipe"] }), ["pipe", "step", "far", "farther"]);
  assert.deepEqual(await ids({ include: ["pipe"], maxDepth: 0 }), ["pipe"]);
  assert.deepEqual(await ids({ include: ["far"] }), ["far", "farther"]);
  assert.deepEqual(await ids({ include: ["left"] }), ["left", "left_child"]);
  const usual = fakeWork(WORK)["history.queryRunsById"];
  assert.ok(usual !== undefined);
  const busy = rigOf({
    "history.queryRunsById": (request, body) => {
      if (request.vars?.["experimentId"] === "e2") throw refused(503, "Busy");
      return usual(request, body);
    },
  });
  const [pipe] = await busy.found({ include: ["pipe"] });
  assert.ok(pipe?.kind === "job");
  assert.deepEqual(pipe.job.faults.map(({ part, code }) => [part, code]), [["children", "Busy"]]);
});

Deno.test("a workspace without strays is paged through once", async () => {
  const rig = new Rig(fakeWork({ ...WORK, runs: WORK.runs.slice(0, 2) }));
  await rig.found();
  assert.equal(
    rig.sent.filter(({ body, name }) => name.endsWith("queryRunsById") && !body["filter"]).length,
    2,
  );
});

Deno.test("a root of an experiment that could not be read comes with its strays, if it is wanted", async () => {
  const usual = fakeWork(WORK)["history.queryRunsById"];
  assert.ok(usual !== undefined);
  const broken = () =>
    rigOf({
      "history.queryRunsById": (request, body) => {
        if (request.vars?.["experimentId"] === "e2") throw refused(500, "Boom");
        return usual(request, body);
      },
    });
  const found = await ids({}, broken());
  assert.deepEqual(found.filter((id) => id.startsWith("bare")), ["bare", "bare_child"]);
  assert.ok(found.includes("Boom"));
  const unwanted = await ids({ keep: ({ id }) => id !== "bare" }, broken());
  assert.ok(!unwanted.some((id) => id.startsWith("bare")), `${unwanted}`);
});

Deno.test("many strays are read in lots, each root's in one", async () => {
  const rig = rigOf();
  const listing = new Listing(createReaders(rig.plane()), EVERYTHING);
  const bare = new BareRuns(listing);
  for await (const group of bare.groups()) await listing.read(group);
  const roots: string[] = [];
  for await (const group of strayRuns(listing, bare.unseen, 1)) {
    assert.ok("tree" in group);
    roots.push(group.tree.root.id);
  }
  assert.deepEqual(roots.sort(), ["bare", "gone", "pipe"]);
});
