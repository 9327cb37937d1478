import assert from "node:assert/strict";
import { Failure, type Reach } from "../../../src/records/failure.ts";
import type { AnyRecord } from "../../../src/records/item.ts";
import { targetName } from "../../../src/records/target_name.ts";
import { plan } from "../../../src/stages/plan.ts";
import { submit } from "../../../src/stages/submit.ts";
import type { SubmitOptions } from "../../../src/stages/submit_options.ts";
import { type FakeCall, FakeTarget } from "./fake_target.ts";
import { child, job, points, ran, SOURCE, stream, surroundings, unitOf } from "./samples.ts";

const nameOf = (id: string) => targetName("runs", SOURCE, id);
const FILES = { store: null, files: [{ path: "outputs/m.pkl", size: 10 }, { path: "logs/a.txt", size: 5 }] };

async function submitted(records: readonly AnyRecord[], target: FakeTarget, options: SubmitOptions = {}) {
  const ctx = surroundings();
  const result = await ran(submit(stream(records), target, options, ctx));
  assert.equal(ctx.open.spools, 0, "every spool was closed");
  const receipts = result.of("receipt");
  return { ...result, receipts, said: ctx.said, outcomes: receipts.map(({ outcome }) => outcome) };
}

const tree = () => [
  job("p", { type: "pipeline", artifacts: FILES }),
  child("s", "p", 1, { artifacts: FILES, definition: { command: "train" } }),
  child("t", "s", 2),
  job("q"),
];

function failsOn(call: FakeCall["call"], id: string, reach: Reach = "record") {
  return (made: FakeCall) => {
    if (made.call !== call || !made.names.includes(nameOf(id))) return;
    throw new Failure(`${call} of ${id} was refused`, { code: "refused", reach, retryable: false });
  };
}

/** in = out + dropped + failed over data kinds. */
function assertBalanced(end: AnyRecord & { counts?: Record<string, unknown> }): void {
  const counts = end.counts as {
    in: Record<string, number>;
    out: Record<string, number>;
    dropped: number;
    failed: number;
  };
  const sum = (map: Record<string, number>) =>
    Object.entries(map).reduce((total, [kind, n]) => total + (kind === "error" ? 0 : n), 0);
  assert.equal(sum(counts.in), sum(counts.out) + counts.dropped + counts.failed);
}

Deno.test("job records arrive as runs with parents, points, files, status and digest; receipts in order", async () => {
  const target = new FakeTarget();
  const { receipts, outcomes, end, said } = await submitted(tree(), target);
  assert.deepEqual(receipts.map(({ original }) => original), ["p", "s", "t", "q"]);
  assert.deepEqual(outcomes, ["created", "created", "created", "created"]);
  const run = target.runs.get(nameOf("s")) ?? assert.fail();
  assert.equal(run.record.parent, nameOf("p"));
  assert.equal(run.record.status, "Completed");
  assert.equal(run.record.ended_at, "2024-01-01T00:02:00Z");
  assert.deepEqual(run.points.get("loss"), [[0, 1704067200000, 0.5], [1, 1704067201000, 0.25]]);
  assert.match(run.digest ?? "", /^[0-9a-f]{64}$/);
  assert.deepEqual(receipts[1]?.["steps"], ["create", "metrics", "artifacts", "original", "finish"]);
  assert.equal(end.counts?.["files"], 4);
  assert.equal(end.counts?.["bytes"], 30);
  assert.equal(end.complete, true);
  assert.ok(said.some((line) => line.startsWith("info 4 units: 4 created;")));
  assert.ok(
    said.some((line) => line.includes(" 30 bytes of artifacts in place")),
    "another count than in end",
  );
  assertBalanced(end);
});

Deno.test("units from plan and the jobs themselves land as the same runs", async () => {
  const [direct, piped] = [new FakeTarget(), new FakeTarget()];
  await submitted(tree(), direct);
  const { of } = await ran(plan(stream(tree()), {}, surroundings()));
  await submitted(of("unit"), piped);
  assert.deepEqual(piped.runs, direct.runs);
});

Deno.test("a second run finds everything unchanged, and asks for all of it in one call", async () => {
  const target = new FakeTarget();
  await submitted(tree(), target);
  target.calls.length = 0;
  const { outcomes, end } = await submitted(tree(), target);
  assert.deepEqual(outcomes, ["unchanged", "unchanged", "unchanged", "unchanged"]);
  assert.ok(target.calls.every(({ call }) => call === "find"));
  assert.ok(target.calls.length <= 3, `${target.calls.length} calls`);
  assertBalanced(end);
});

Deno.test("what a run has no place for lies in azml/original.json", async () => {
  const target = new FakeTarget();
  const long = "x".repeat(2000);
  await submitted([job("a", { definition: { command: "train" }, tags: { long } })], target);
  const text = target.runs.get(nameOf("a"))?.texts.get("azml/original.json") ?? assert.fail();
  const kept = JSON.parse(text);
  assert.equal(kept.origin.id, "a");
  assert.deepEqual(kept.rest, { definition: { command: "train" } });
  assert.ok(kept.loss.some((one: { original?: string }) => one.original === long));
});

Deno.test("a leaner record takes nothing out of azml/original.json; what it names itself is replaced", async () => {
  const target = new FakeTarget();
  const [long, other] = ["x".repeat(2000), "y".repeat(2000)];
  const rest = { definition: { command: "train" }, properties: { a: "1" } };
  await submitted([job("a", { ...rest, tags: { long, other } })], target);
  const lean = job("a", { properties: { a: "2" }, tags: { other: "short" } });
  assert.deepEqual((await submitted([lean], target)).outcomes, ["updated"]);
  const kept = JSON.parse(target.runs.get(nameOf("a"))?.texts.get("azml/original.json") ?? "");
  assert.deepEqual(kept.rest, { definition: { command: "train" }, properties: { a: "2" } });
  const originals = kept.loss.map((one: { original?: string }) => one.original);
  assert.deepEqual([originals.includes(long), originals.includes(other)], [true, false]);
});

Deno.test("an azml/original.json that is not this job's is kept aside, once", async () => {
  for (const foreign of ["no JSON {", '{"origin":{"id":"z","source":"elsewhere"}}']) {
    const target = new FakeTarget();
    await submitted([job("a", { properties: { a: "1" } })], target);
    const texts = target.runs.get(nameOf("a"))?.texts ?? assert.fail();
    for (const value of ["2", "3"]) {
      texts.set("azml/original.json", foreign);
      await submitted([job("a", { properties: { a: value } })], target);
      assert.deepEqual(JSON.parse(texts.get("azml/original.json") ?? "").rest.properties, { a: value });
    }
    assert.deepEqual([...texts.keys()].sort(), ["azml/original-1.json", "azml/original.json"]);
    assert.equal(texts.get("azml/original-1.json"), foreign);
  }
});

Deno.test("a run that was cut short is adopted, an edited one updated, a running one updated when it has ended", async () => {
  const target = new FakeTarget();
  target.before = failsOn("finish", "a");
  assert.deepEqual((await submitted([job("a")], target)).outcomes, ["failed"]);
  target.before = () => {};
  assert.deepEqual((await submitted([job("a")], target)).outcomes, ["adopted"]);
  assert.deepEqual(target.runs.get(nameOf("a"))?.points.get("loss")?.length, 2);
  assert.deepEqual((await submitted([job("a", { tags: { team: "y" } })], target)).outcomes, ["updated"]);
  const running = job("r", { status: "Running", ended_at: null });
  assert.deepEqual((await submitted([running], target)).outcomes, ["created"]);
  assert.equal(target.runs.get(nameOf("r"))?.record.ended_at, null);
  assert.deepEqual((await submitted([job("r")], target)).outcomes, ["updated"]);
  assert.equal(target.runs.get(nameOf("r"))?.record.ended_at, "2024-01-01T00:02:00Z");
});

Deno.test("a run of that name which is not azml's is a conflict, handled as asked", async () => {
  for (
    const [onConflict, outcome] of [["skip", "skipped"], ["update", "updated"], ["fail", "failed"]] as const
  ) {
    const target = new FakeTarget();
    await submitted([job("a")], target);
    const run = target.runs.get(nameOf("a")) ?? assert.fail();
    run.record.tags = { theirs: "yes" };
    const { outcomes, receipts, end } = await submitted([job("a"), child("b", "a")], target, { onConflict });
    assert.equal(outcomes[0], outcome);
    assert.equal(run === target.runs.get(nameOf("a")), onConflict !== "update", "touched only when asked");
    assert.deepEqual(
      receipts.map(({ reason }) => reason),
      {
        skip: ["conflict", "parent_skipped"],
        update: [undefined, undefined],
        fail: ["conflict", "parent_failed"],
      }[
        onConflict
      ],
    );
    assertBalanced(end);
  }
});

Deno.test("a parent that fails takes its children with it, retryable, and nobody else", async () => {
  const target = new FakeTarget();
  target.before = failsOn("open", "p");
  const { receipts, of, end, thrown } = await submitted(tree(), target);
  assert.deepEqual(receipts.map(({ outcome, reason }) => [outcome, reason]), [
    ["failed", "refused"],
    ["failed", "parent_failed"],
    ["failed", "parent_failed"],
    ["created", undefined],
  ]);
  assert.deepEqual(of("error").map(({ code, retryable }) => [code, retryable]), [
    ["refused", false],
    ["parent_failed", true],
    ["parent_failed", true],
  ]);
  assert.equal(end.complete, true);
  assert.equal(end.counts?.["failed"], 3);
  assert.equal(thrown, undefined);
});

Deno.test("a child waits for its parent to exist, not for its parent's files", async () => {
  const target = new FakeTarget();
  const files = Promise.withResolvers<void>();
  target.before = async ({ call, names }) => {
    if (call === "artifacts" && names[0] === nameOf("p")) await files.promise;
    if (call === "finish" && names[0] === nameOf("t")) files.resolve();
  };
  const { outcomes } = await submitted(tree(), target, { concurrency: 4 });
  assert.deepEqual(outcomes, ["created", "created", "created", "created"]);
});

Deno.test("a unit whose parent did not pass hangs below what the target holds, else is a root with a warning", async () => {
  const target = new FakeTarget();
  const lone = [unitOf(child("s", "p"))];
  const first = await submitted(lone, target);
  assert.equal(target.runs.get(nameOf("s"))?.record.parent, null);
  assert.ok(first.said.some((line) => line.startsWith("warn 1 units name a parent")));
  assert.deepEqual((await submitted(lone, target)).outcomes, ["unchanged"]);
  await submitted([job("p")], target);
  const second = await submitted(lone, target);
  assert.deepEqual(second.outcomes, ["updated"]);
  assert.equal(target.runs.get(nameOf("s"))?.record.parent, nameOf("p"));
});

Deno.test("units in any order find their parents; one that is its own parent is a root", async () => {
  const target = new FakeTarget();
  const self = { ...unitOf(job("x")), parent_target: nameOf("x") };
  await submitted([unitOf(child("t", "s", 2)), self, unitOf(child("s", "p")), unitOf(job("p"))], target);
  assert.equal(target.runs.get(nameOf("t"))?.record.parent, nameOf("s"));
  assert.equal(target.runs.get(nameOf("s"))?.record.parent, nameOf("p"));
  assert.equal(target.runs.get(nameOf("x"))?.record.parent, null);
});

Deno.test("a unit that comes twice is unchanged the second time, an edited double is an update", async () => {
  const target = new FakeTarget();
  const unit = unitOf(job("a"));
  const { outcomes } = await submitted([unit, unit, { ...unit, description: "edited" }], target);
  assert.deepEqual(outcomes, ["created", "unchanged", "updated"]);
});

Deno.test("120,000 points stream into the run as they come, and are never held whole", async () => {
  const target = new FakeTarget();
  const lines = Array.from({ length: 7 }, (_, i) => points("a", "loss", i * 10_000, 10_000));
  const first = (points("a", "loss", 0, 50_000)["points"] ?? []) as never[];
  let read = 0;
  let ahead = 0;
  async function* slowly() {
    yield [{ record: { ...job("a", { metrics: { loss: first }, more_points: { loss: 70_000 } }) } }];
    for (const record of lines) {
      read++;
      yield [{ record }];
    }
    yield* stream([job("b")]);
  }
  let carried = 0;
  target.before = ({ call }) => {
    if (call === "points") ahead = Math.max(ahead, read - carried++);
  };
  const ctx = surroundings();
  const { of, end } = await ran(submit(slowly(), target, {}, ctx));
  assert.equal(target.runs.get(nameOf("a"))?.points.get("loss")?.length, 120_000);
  assert.deepEqual(of("receipt").map(({ outcome }) => outcome), ["created", "created"]);
  assert.deepEqual(end.counts?.["out"], { receipt: 2, points: 7 });
  assert.ok(ahead <= 7);
});

Deno.test("announced points that do not come: failed without a digest, and adopted by a full run", async () => {
  const target = new FakeTarget();
  const whole = [
    job("a", { more_points: { loss: 20 } }),
    points("a", "loss", 0, 10),
    points("a", "loss", 10, 10),
  ];
  const { receipts, of, end } = await submitted([...whole.slice(0, 2), job("b")], target);
  assert.deepEqual(receipts.map(({ outcome, reason }) => [outcome, reason]), [
    ["failed", "points_missing"],
    ["created", undefined],
  ]);
  assert.equal(receipts[0]?.["target"], nameOf("a"), "the run is there and named");
  assert.equal(of("error").length, 1);
  assert.equal(target.runs.get(nameOf("a"))?.digest, null);
  assertBalanced(end);
  assert.deepEqual((await submitted(whole, target)).outcomes, ["adopted"]);
  assert.equal(target.runs.get(nameOf("a"))?.points.get("loss")?.length, 22);
});

Deno.test("files that fail are named, make the run incomplete, and the next run completes it", async () => {
  const target = new FakeTarget();
  target.brokenFiles.add("logs/a.txt");
  const jobs = [job("a", { artifacts: FILES })];
  const { receipts, of, end } = await submitted(jobs, target);
  assert.equal(receipts[0]?.["outcome"], "created");
  assert.deepEqual(receipts[0]?.["artifacts"], {
    files: 1,
    bytes: 10,
    failed: [{ path: "logs/a.txt", code: "gone", message: "the blob is gone" }],
  });
  assert.deepEqual(of("error").map(({ code }) => code), ["artifacts_failed"]);
  assert.equal(end.counts?.["incomplete"], 1);
  assert.equal(target.runs.get(nameOf("a"))?.record.status, "Completed");
  target.brokenFiles.clear();
  assert.deepEqual((await submitted(jobs, target)).outcomes, ["adopted"]);
  assert.deepEqual((await submitted(jobs, target)).outcomes, ["unchanged"]);
});

Deno.test("files that no further try brings are told with what mends it, and the last line counts the units", async () => {
  const cases = [
    [
      { code: "store_not_trusted", hint: "h", retryable: false },
      "submit --source with the config of that workspace",
    ],
    [{ code: "BlobNotFound", hint: "look there", retryable: false }, "look there"],
    [{ code: "BlobNotFound", retryable: false }, undefined],
    [{ code: "timeout", retryable: true }, "run it again: what has arrived is not copied twice"],
  ] as const;
  for (const [by, hint] of cases) {
    const target = new FakeTarget();
    target.brokenFiles.add("logs/a.txt");
    target.brokenBy = by;
    const { of, said } = await submitted([job("a", { artifacts: FILES }), job("b")], target);
    assert.deepEqual(of("error").map(({ hint, retryable }) => [hint, retryable]), [[hint, by.retryable]]);
    assert.ok(said.some((line) => line.includes("; 1 units lack files (see errors)")), said.join("\n"));
  }
});

Deno.test("units that lack files count for --max-errors and --on-error stop", async () => {
  for (const [options, units] of [[{ onError: "stop" }, 1], [{ maxErrors: 2 }, 2]] as const) {
    const target = new FakeTarget();
    target.brokenFiles.add("logs/a.txt");
    const jobs = Array.from({ length: 20 }, (_, i) => job(`j${i}`, { artifacts: FILES }));
    const { receipts, end } = await submitted(jobs, target, { ...options, concurrency: 1 });
    assert.equal(receipts.length, units);
    assert.equal(end.complete, false);
    assertBalanced(end);
  }
});

Deno.test("the last line tells runs left open, and what moved apart from what changed", async () => {
  const line = ({ said }: { said: readonly string[] }) =>
    said.find((one) => /^info \d+ units/.test(one)) ?? "";
  const ended = await submitted([job("a")], new FakeTarget());
  assert.match(line(ended), /; 2 values moved to azml\/original.json or tags$/);
  const running = job("r", { status: "Running", ended_at: null });
  const left = await submitted([running, job("a", { tags: { long: "x".repeat(2000) } })], new FakeTarget());
  assert.match(
    line(left),
    /; 1 values were truncated, dropped, renamed or rewritten \(see loss\); 4 values moved /,
  );
  assert.match(
    line(left),
    /; 1 runs were left open, .* extracting and submitting again later finishes them$/,
  );
});

Deno.test("records of the target itself are refused before anything is sent, unless experiments get other names", async () => {
  const target = new FakeTarget();
  const own = job("a", { source: target.id.toUpperCase().replace("AZUREML:", "azureml:") });
  const { thrown, end, outcomes } = await submitted([own, job("b")], target, { concurrency: 1 });
  assert.ok(thrown instanceof Failure);
  assert.deepEqual([thrown.facts.code, thrown.facts.reach], ["target_is_source", "usage"]);
  assert.deepEqual([outcomes, end.complete], [["failed"], false]);
  assert.equal(target.count("open"), 0);
  const mixed = await submitted([job("b"), own, job("c")], target, { concurrency: 1 });
  assert.deepEqual(mixed.outcomes, ["created", "failed", "created"]);
  assert.deepEqual([mixed.receipts[1]?.["reason"], mixed.thrown], ["target_is_source", undefined]);
  for (const plan of [{ experimentPrefix: "copy-" }, { renames: [{ from: "churn", to: "churn2" }] }]) {
    assert.deepEqual((await submitted([own], new FakeTarget(), { plan })).outcomes, ["created"]);
  }
});

Deno.test("without copying, files are said to be left out, and a later run that copies has something to do", async () => {
  const target = new FakeTarget();
  const jobs = [job("a", { artifacts: FILES })];
  const { receipts } = await submitted(jobs, target, { copyArtifacts: false });
  assert.equal(target.count("artifacts"), 0);
  assert.ok((receipts[0]?.["loss"] as { field: string }[]).some(({ field }) => field === "artifacts"));
  assert.deepEqual((await submitted(jobs, target, { copyArtifacts: false })).outcomes, ["unchanged"]);
  assert.deepEqual((await submitted(jobs, target)).outcomes, ["updated"]);
});

Deno.test("losses found at the target stand in the receipt beside the unit's", async () => {
  const target = new FakeTarget();
  target.losses.open = [{ field: "started_at", change: "moved", reason: "not honoured" }];
  target.losses.points = [{ field: "metrics.loss", change: "rewritten", reason: "NaN" }];
  target.losses.finish = [{ field: "ended_at", change: "moved", reason: "not honoured" }];
  const { receipts } = await submitted([job("a")], target);
  const fields = (receipts[0]?.["loss"] as { field: string }[]).map(({ field }) => field);
  assert.deepEqual(fields, ["created_at", "created_by", "started_at", "metrics.loss", "ended_at"]);
});

Deno.test("an edited unit is checked against the limits again, and what gives way stands in its receipt", async () => {
  const target = new FakeTarget();
  const unit = unitOf(job("a"));
  const edited = { ...unit, display_name: "n".repeat(300), tags: { ...unit.tags, long: "v".repeat(1001) } };
  const { receipts } = await submitted([edited], target);
  const fields = (receipts[0]?.["loss"] as { field: string; change: string }[])
    .filter(({ change }) => change === "truncated").map(({ field }) => field);
  assert.deepEqual(fields, ["display_name", "tags.long"]);
  assert.equal(target.runs.get(nameOf("a"))?.record.display_name?.length, 256);
  assert.deepEqual((await submitted([edited], target)).outcomes, ["unchanged"]);
});

Deno.test("a unit planned as a job is refused by itself", async () => {
  const { receipts, outcomes } = await submitted(
    [{ ...unitOf(job("a")), as: "jobs" }, job("b")],
    new FakeTarget(),
  );
  assert.deepEqual(outcomes, ["failed", "created"]);
  assert.equal(receipts[0]?.["reason"], "as_jobs_unsupported");
});

Deno.test("a dry run writes the receipts that would be and calls nothing but find", async () => {
  const target = new FakeTarget();
  await submitted(
    [job("q"), job("p", { type: "pipeline", display_name: "older", artifacts: FILES })],
    target,
  );
  target.calls.length = 0;
  const records = [...tree(), job("m", { more_points: { loss: 10 } }), points("m", "loss", 0, 10)];
  const { receipts, outcomes, end } = await submitted(records, target, { dryRun: true });
  assert.deepEqual(outcomes, ["updated", "created", "created", "unchanged", "created"]);
  assert.ok(receipts.every(({ dry_run }) => dry_run === true));
  assert.deepEqual(receipts.map(({ target }) => target), [nameOf("p"), null, null, nameOf("q"), null]);
  assert.ok(target.calls.length > 0 && target.calls.every(({ call }) => call === "find"));
  assertBalanced(end);
});

Deno.test("--limit counts trees; what is left out has a receipt that says so", async () => {
  const target = new FakeTarget();
  const { receipts, end } = await submitted([...tree(), child("u", "q"), job("z")], target, { limit: 1 });
  assert.deepEqual(receipts.map(({ outcome, reason }) => [outcome, reason]), [
    ...Array(3).fill(["created", undefined]),
    ...Array(3).fill(["skipped", "limit"]),
  ]);
  assertBalanced(end);
});

Deno.test("--on-error stop and --max-errors start nothing new after enough failures", async () => {
  const jobs = Array.from({ length: 50 }, (_, i) => job(`j${i}`));
  for (const [options, failures] of [[{ onError: "stop" }, 1], [{ maxErrors: 2 }, 2]] as const) {
    const target = new FakeTarget();
    target.before = ({ call }) => {
      if (call === "open") throw new Failure("no", { code: "no", reach: "record", retryable: false });
    };
    const { receipts, end, thrown } = await submitted(jobs, target, { ...options, concurrency: 1 });
    assert.equal(receipts.length, failures);
    assert.equal(end.complete, false);
    assert.equal(thrown, undefined);
    assertBalanced(end);
  }
});

Deno.test("a target that refuses sign-in, or is gone, ends the stage; what is under way settles", async () => {
  for (const reach of ["auth", "unreachable"] as const) {
    const target = new FakeTarget();
    target.before = failsOn("open", "j3", reach);
    const jobs = Array.from({ length: 60 }, (_, i) => job(`j${i}`));
    const { receipts, outcomes, end, thrown } = await submitted(jobs, target, { concurrency: 2 });
    assert.ok(thrown instanceof Failure);
    assert.equal(thrown.facts.reach, reach);
    assert.equal(end.complete, false);
    assert.deepEqual(outcomes.slice(0, 4), ["created", "created", "created", "failed"]);
    assert.ok(receipts.length < 10, "nothing new was started");
    assertBalanced(end);
  }
});

Deno.test("a look-up that fails for good fails the units that asked and ends the stage", async () => {
  const target = new FakeTarget();
  target.before = () => {
    throw new Failure("find was refused", { code: "denied", reach: "auth", retryable: false });
  };
  const { outcomes, end, thrown } = await submitted([job("a")], target);
  assert.deepEqual(outcomes, ["failed"]);
  assert.equal(end.complete, false);
  assert.ok(thrown instanceof Failure);
});

Deno.test("an abort in the middle starts nothing new, settles what is under way, and ends incomplete", async () => {
  const target = new FakeTarget();
  const ctx = surroundings();
  target.before = ({ call, names }) => {
    if (call === "open" && names[0] === nameOf("j2")) ctx.abort();
  };
  const jobs = Array.from({ length: 30 }, (_, i) => job(`j${i}`));
  const { of, end, thrown } = await ran(submit(stream(jobs), target, { concurrency: 1 }, ctx));
  assert.deepEqual(of("receipt").map(({ original }) => original), ["j0", "j1", "j2"]);
  assert.match(target.runs.get(nameOf("j2"))?.digest ?? "", /^[0-9a-f]{64}$/);
  assert.equal(end.complete, false);
  assert.equal(thrown, undefined);
});

Deno.test("an abort while points are still to come ends without waiting for a silent input", async () => {
  const target = new FakeTarget();
  const ctx = surroundings();
  const silence = Promise.withResolvers<void>();
  async function* input() {
    yield [{ record: { ...job("a", { more_points: { loss: 10 } }) } }, { record: points("a", "loss", 0, 5) }];
    await silence.promise;
  }
  target.before = ({ call }) => {
    if (call === "points") ctx.abort();
  };
  const { of, end } = await ran(submit(input(), target, {}, ctx));
  assert.deepEqual(of("receipt").map(({ reason }) => reason), ["interrupted"]);
  assert.equal(target.runs.get(nameOf("a"))?.digest, null);
  assert.equal(end.complete, false);
  silence.resolve();
});

Deno.test("a bug in a target comes out as it is, after the end", async () => {
  const target = new FakeTarget();
  target.before = ({ call }) => {
    if (call === "open") throw new TypeError("a slip");
  };
  const { end, thrown } = await submitted([job("a")], target);
  assert.ok(thrown instanceof TypeError);
  assert.equal(end.complete, false);
});

Deno.test("--require-complete sends nothing unless the stream says that it is complete", async () => {
  const target = new FakeTarget();
  async function* cut() {
    yield [{ record: { ...job("a") } }];
  }
  const refused = await ran(submit(cut(), target, { requireComplete: true }, surroundings()));
  assert.ok(refused.thrown instanceof Failure);
  assert.equal(refused.thrown.facts.code, "input_incomplete");
  assert.equal(target.calls.length, 0);
  const { outcomes } = await submitted([job("a"), { kind: "bird", song: 1 }], target, {
    requireComplete: true,
  });
  assert.deepEqual(outcomes, ["created"]);
});
