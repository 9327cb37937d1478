import assert from "node:assert/strict";
import { parseRun, type Run } from "../../../src/azure/run.ts";
import { growTree } from "../../../src/azure/run_tree.ts";
import { run } from "./reading_rig.ts";

function child(id: string, parent: string, minute = 0): Run {
  const read = parseRun(run(id, { parentRunId: parent, rootRunId: "root" }, minute));
  assert.ok(read !== null);
  return read;
}

const root = { id: "root", run: parseRun(run("root")), arm: null };
const shape = (runs: readonly Run[]) => growTree(root, runs).map(({ id, depth }) => `${id}:${depth}`);

Deno.test("a tree comes in pre-order, siblings by creation time and then id", () => {
  const runs = [
    child("a2", "a", 1),
    child("b", "root", 2),
    child("a", "root", 5),
    child("a1", "a", 1),
    child("c", "root", 2),
  ];
  assert.deepEqual(shape(runs), ["root:0", "b:1", "c:1", "a:1", "a1:2", "a2:2"]);
});

Deno.test("runs without a way to the root come last, without a depth, and none is lost", () => {
  const runs = [
    child("lost1", "gone", 3),
    child("lost2", "lost1"),
    child("x", "y"),
    child("y", "x"),
    child("ok", "root"),
  ];
  assert.deepEqual(shape(runs), ["root:0", "ok:1", "lost1:null", "lost2:null", "x:null", "y:null"]);
});

Deno.test("the root's own run among the runs is no second root", () => {
  const own = parseRun(run("root"));
  assert.ok(own !== null);
  assert.deepEqual(shape([own, child("a", "root"), child("a", "root")]), ["root:0", "a:1"]);
});
