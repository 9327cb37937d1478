import assert from "node:assert/strict";
import { targetName } from "../../../src/records/target_name.ts";
import { replay } from "../../../src/stages/replay.ts";
import { readSelection } from "../../../src/stages/selection.ts";
import { submit } from "../../../src/stages/submit.ts";
import { FakeTarget } from "./fake_target.ts";
import { child, job, ran, stream, surroundings } from "./samples.ts";

const OPTIONS = {
  extract: { selection: readSelection({}), artifacts: true, metrics: "full", concurrency: 2 },
  submit: {},
} as const;

/** A source with a tree of three levels in it. */
async function sourceWithATree(): Promise<FakeTarget> {
  const source = new FakeTarget();
  const history = [job("p", { type: "pipeline" }), child("s", "p"), child("t", "s", 2)];
  await ran(submit(stream(history), source, {}, surroundings()));
  return source;
}

Deno.test("replay brings a tree across in one process, and a second time changes nothing", async () => {
  const [source, target] = [await sourceWithATree(), new FakeTarget()];
  for (const outcome of ["created", "unchanged"]) {
    const { of, end } = await ran(replay(source, target, OPTIONS, surroundings()));
    assert.deepEqual(of("receipt").map((receipt) => receipt["outcome"]), [outcome, outcome, outcome]);
    assert.equal(end.complete, true);
    assert.deepEqual((end["upstream"] as { stage: string }[]).map(({ stage }) => stage), ["extract"]);
  }
  assert.equal(target.runs.size, 3);
  const [, middle, leaf] = [...target.runs.values()];
  assert.equal(leaf?.record.parent, middle?.record.id);
  assert.equal(leaf?.points.get("loss")?.length, 2);
  // The source's own lineage is told apart from that of this replay.
  const id = [...source.runs.keys()][2] ?? assert.fail();
  assert.equal(leaf?.record.tags?.["original_job_id"], id);
  assert.ok(leaf?.record.id.startsWith(id.slice(0, 10)));
  assert.notEqual(leaf?.record.id, targetName("runs", null, "t"));
});
