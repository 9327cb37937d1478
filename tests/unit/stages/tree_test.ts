import assert from "node:assert/strict";
import { Failure } from "../../../src/records/failure.ts";
import type { AnyRecord, Stream } from "../../../src/records/item.ts";
import { Tally } from "../../../src/records/tally.ts";
import { tree } from "../../../src/stages/tree.ts";
import { fakeContext, jobRecord, streamOf } from "./fakes.ts";

const END: AnyRecord = new Tally("extract").end(true);

async function draw(input: readonly AnyRecord[] | Stream) {
  const ctx = fakeContext();
  const tally = new Tally("tree");
  const stream = Symbol.asyncIterator in input ? input : streamOf(input, 2);
  let text = "";
  let thrown: unknown;
  try {
    for await (const piece of tree(stream, ctx, tally)) {
      assert.ok(piece.endsWith("\n"));
      text += piece;
    }
  } catch (error) {
    thrown = error;
  }
  return { lines: text.split("\n").slice(0, -1), thrown, ctx, counts: tally.end(true).counts };
}

function step(id: string, parent: string | null, rest: Partial<AnyRecord> = {}): AnyRecord {
  return { ...jobRecord({ id, parent, root: "p", type: "command", status: "Completed" }), ...rest };
}

Deno.test("a pipeline is drawn with its steps below it, in the order they came", async () => {
  const { lines, counts } = await draw([
    step("p", null, { type: "pipeline", display_name: "nightly", root: "p" }),
    step("a", "p", {
      metrics: { loss: [[0, 0, 1], [1, 0, 1]] },
      more_points: { loss: 3 },
      artifacts: { store: null, files: [{ path: "x", size: 1 }] },
    }),
    { kind: "points", v: 1, job: "a", metric: "loss", seq: 0, points: [[2, 0, 1], [3, 0, 1], [4, 0, 1]] },
    step("b", "p", { status: "Failed", display_name: "train" }),
    step("b1", "b", { status: "Running", archived: true }),
    step("b2", "b", { status: "Weird", incomplete: [{ part: "metrics", code: "x", message: "y" }] }),
    step("c", "p", { status: "Canceled" }),
    jobRecord({ id: "lone" }),
    END,
  ]);
  assert.deepEqual(lines, [
    "✓ nightly  pipeline  Completed  p",
    "├─ ✓ a  command  Completed  5 points  1 file",
    "├─ ✗ train  command  Failed  b",
    "│  ├─ ▶ b1  command  Running  archived",
    "│  └─ • b2  command  Weird  incomplete: metrics",
    "└─ ⊘ c  command  Canceled",
    "• lone",
    "",
    "2 trees, 7 jobs, 1 incomplete",
  ]);
  assert.deepEqual(counts.in, counts.out);
});

Deno.test("units are drawn by their origin, with what they will be called and lose", async () => {
  const unit = (id: string, parent: string | null): AnyRecord => ({
    kind: "unit",
    v: 1,
    id: `${id}-x`,
    origin: { source: "s", id, parent, root: "p", depth: 0, type: "command" },
    as: "runs",
    for: "azureml",
    role: "run",
    target_name: `${id}-x`,
    status: "Completed",
    loss: parent === null ? [] : [{ field: "created_at", change: "moved", reason: "r" }],
  });
  assert.deepEqual((await draw([unit("p", null), unit("a", "p"), END])).lines.slice(0, 2), [
    "✓ p  command  Completed  → p-x",
    "└─ ✓ a  command  Completed  loss: 1  → a-x",
  ]);
});

Deno.test("receipts are drawn with what became of them", async () => {
  const receipt = (outcome: string, rest: Partial<AnyRecord>): AnyRecord => ({
    kind: "receipt",
    v: 1,
    unit: "u",
    original: "a",
    target: null,
    outcome,
    steps: [],
    artifacts: { files: 0, bytes: 0, failed: [] },
    loss: [],
    ...rest,
  });
  const { lines } = await draw([
    receipt("created", { target: "t" }),
    receipt("failed", { unit: "u2", error: { code: "c", message: "m", retryable: false } }),
    receipt("skipped", { unit: "u3", reason: "exists", dry_run: true }),
    END,
  ]);
  assert.deepEqual(lines.slice(0, 3), [
    "+ a  created  → t",
    "✗ a  failed  c: m",
    "⊘ a  would be skipped  exists",
  ]);
});

Deno.test("what comes apart from its tree, or in a circle, is drawn apart and says so", async () => {
  const { lines } = await draw([
    jobRecord({ id: "p" }),
    jobRecord({ id: "x", parent: "gone", root: "gone" }),
    jobRecord({ id: "y", parent: "x" }),
    jobRecord({ id: "c1", parent: "c2", root: "r" }),
    jobRecord({ id: "c2", parent: "c1", root: "r" }),
    END,
  ]);
  assert.deepEqual(lines.slice(0, 5), [
    "• p",
    "• x  (below gone, which is not above it here)",
    "└─ • y",
    "• c1  (below c2, which is not above it here)",
    "└─ • c2",
  ]);
});

Deno.test("names cannot reach the terminal's controls", async () => {
  const name = "a\u001b[2J\nb\u202ec\ud800";
  assert.equal(
    (await draw([jobRecord({ id: "p", display_name: name }), END])).lines[0],
    "• a\ufffd[2J\ufffdb\ufffdc\ufffd  p",
  );
});

Deno.test("a tree is drawn as soon as it has passed", async () => {
  const ctx = fakeContext();
  async function* endless(): Stream {
    yield [{ record: jobRecord({ id: "p" }) }];
    yield [{ record: jobRecord({ id: "q" }) }];
    await new Promise(() => {});
  }
  const drawing = tree(endless(), ctx);
  assert.equal((await drawing.next()).value, "• p\n");
});

Deno.test("errors in the stream are told, and what came before a failure is drawn", async () => {
  const broken = new Failure("listing broke", { code: "x", reach: "unreachable", retryable: true });
  async function* input(): Stream {
    yield [{ record: jobRecord({ id: "p" }) }];
    yield [{
      record: { kind: "error", v: 1, stage: "extract", code: "c", message: "no job x", retryable: false },
    }];
    yield [{ record: { kind: "job", v: 1 } }];
    throw broken;
  }
  const { lines, thrown, ctx } = await draw(input());
  assert.deepEqual(lines, ["• p", "", "1 tree, 1 job, 1 could not be read, 1 error before"]);
  assert.equal(thrown, broken);
  assert.equal(ctx.log.lines[0], "error: no job x");
  assert.match(ctx.log.lines[1] ?? "", /^error: job: "id"/);
});

Deno.test("a stream without anything to draw gives no text", async () => {
  assert.deepEqual((await draw([END])).lines, []);
});
