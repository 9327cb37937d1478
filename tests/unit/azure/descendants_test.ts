import assert from "node:assert/strict";
import { Descendants } from "../../../src/azure/descendants.ts";
import type { JsonObject } from "../../../src/records/json.ts";
import { refused, Rig, run } from "./reading_rig.ts";

const child = (id: string, parent: string, root: string) => run(id, { parentRunId: parent, rootRunId: root });

/** Two trees of one experiment. */
const RUNS: readonly JsonObject[] = [
  run("a"),
  child("a1", "a", "a"),
  child("a11", "a1", "a"),
  run("b"),
  child("b1", "b", "b"),
];

function rootsIn(filter: unknown): string[] {
  return `${filter}`.split(/RootRunId eq |[() ]|\bor\b/).filter((word) => word !== "");
}

const query = (_: unknown, { filter }: JsonObject) => {
  const roots = rootsIn(filter);
  return { value: RUNS.filter(({ rootRunId }) => roots.includes(`${rootRunId}`)) };
};

const children = ({ vars }: { readonly vars?: Readonly<Record<string, string>> }) => ({
  value: RUNS.filter(({ parentRunId }) => parentRunId === vars?.["runId"]),
});

async function ids(rig: Rig, times = 1): Promise<Record<string, string[]>> {
  const descendants = new Descendants(rig.plane());
  let found = await descendants.read("e1", ["a", "b"]);
  for (let i = 1; i < times; i++) found = await descendants.read("e1", ["a", "b"]);
  return Object.fromEntries(
    [...found].map(([root, { runs }]) => [root, runs.map(({ id }) => id).filter((id) => id !== root).sort()]),
  );
}

const TREES = { a: ["a1", "a11"], b: ["b1"] };

Deno.test("many trees come in one query", async () => {
  const rig = new Rig({ "history.queryRunsById": query });
  assert.deepEqual(await ids(rig), TREES);
  assert.deepEqual(rig.counts(), { "history.queryRunsById": 1 });
  assert.deepEqual(rig.sent[0]?.body, { filter: "(RootRunId eq a or RootRunId eq b)", top: 500 });
  assert.deepEqual(rig.sent[0]?.request.vars, { ws: rig.workspace.armPath, experimentId: "e1" });
});

Deno.test("a service without `or` is asked one root a query, and not asked for `or` again", async () => {
  const rig = new Rig({
    "history.queryRunsById": (request, body) => {
      if (`${body["filter"]}`.includes(" or ")) throw refused(400, "BadRequest");
      return query(request, body);
    },
  });
  assert.deepEqual(await ids(rig, 2), TREES);
  assert.deepEqual(rig.counts(), { "history.queryRunsById": 1 + 2 + 2 });
});

Deno.test("a service without such queries is asked for the children of each run", async () => {
  const rig = new Rig({
    "history.queryRunsById": () => {
      throw refused(400, "BadRequest");
    },
    "history.children": children,
  });
  assert.deepEqual(await ids(rig), TREES);
  assert.equal(rig.counts()["history.children"], 5);
});

Deno.test("an answer that lacks a root it was asked for is not trusted to be whole", async () => {
  const rig = new Rig({
    "history.queryRunsById": (request, body) => {
      const roots = rootsIn(body["filter"]);
      return query(request, { filter: `(RootRunId eq ${roots[0]})` });
    },
    "history.children": children,
  });
  assert.deepEqual(await ids(rig), TREES);
  assert.deepEqual(rig.counts(), { "history.queryRunsById": 2 });
});

Deno.test("a query that fails is a trouble of its roots, not the end", async () => {
  const rig = new Rig({
    "history.queryRunsById": () => {
      throw refused(500, "ServiceError");
    },
  });
  const found = await new Descendants(rig.plane()).read("e1", ["a", "b"]);
  assert.deepEqual([...found].map(([id, { troubles }]) => [id, troubles.map(({ code }) => code)]), [
    ["a", ["ServiceError"]],
    ["b", ["ServiceError"]],
  ]);
});

Deno.test("large trees make the groups smaller", async () => {
  const many = Array.from({ length: 900 }, (_, i) => child(`s${i}`, "a", "a"));
  const rig = new Rig({ "history.queryRunsById": () => ({ value: [run("a"), ...many] }) });
  const descendants = new Descendants(rig.plane());
  assert.equal(descendants.rootsAtATime(), 25);
  await descendants.read("e1", ["a"]);
  assert.equal(descendants.rootsAtATime(), 1);
});
