import assert from "node:assert/strict";
import { Tally } from "../../src/records/tally.ts";
import { assertArrived, assertSameState } from "./arrived.ts";
import { countBy, Lab, ofKind, type TargetSide } from "./lab.ts";
import { recordsOf } from "./shell.ts";

/** Three pipelines of four steps and nine jobs. */
const RUNS = 24;

let lab: Lab;
/** Holds what one clean run makes. */
let clean: TargetSide;

Deno.test.beforeAll(async () => {
  lab = await Lab.start({
    generate: { pipelines: 3, steps: 4, jobs: 9, points: 5, files: 2 },
    settings: { latencyMs: 5, armPageSize: 3, historyPageSize: 4, historyMaxPageSize: 4 },
    targets: 20,
  });
  clean = lab.target();
  const { code, stderr } = await lab.run(
    `azml extract --source a.json > all.ndjson && azml submit --target ${clean.config} < all.ndjson`,
  );
  assert.equal(code, 0, stderr);
});
Deno.test.afterAll(() => lab.stop());

/** How often a route was asked for. */
const asked = (route: string) => lab.emulator.requests().filter((line) => line.route === route).length;

const lastOf = (stdout: string) => recordsOf(stdout).at(-1);

for (const [name, code] of [["INT", 130], ["TERM", 143]] as const) {
  Deno.test(`SIG${name} to extract: whole lines, an end that says it is not complete, exit ${code}`, async () => {
    lab.emulator.forgetRequests();
    const done = await lab.signal(
      "azml extract --concurrency 1 --source a.json",
      name,
      () => asked("metric.list") >= 4,
    );
    assert.equal(done.code, code, done.stderr);
    const end = lastOf(done.stdout);
    assert.deepEqual([end?.["kind"], end?.["complete"]], ["end", false]);
    const whole = new Map(ofKind(await lab.shell.read("all.ndjson"), "job").map((job) => [job["id"], job]));
    const jobs = ofKind(done.stdout, "job");
    assert.ok(jobs.length > 0 && jobs.length < RUNS, `${jobs.length} jobs`);
    for (const job of jobs) assert.deepEqual(job, whole.get(job["id"]));
    assert.match(done.stderr, new RegExp(`SIG${name} came: letting what is under way settle`));
    assert.doesNotMatch(done.stderr, /this is a bug/);
  });
}

Deno.test("an interrupted extract --output leaves the file that was there", async () => {
  await lab.shell.write("kept.ndjson", "yesterday\n");
  lab.emulator.forgetRequests();
  const { code, stderr } = await lab.signal(
    "azml extract --concurrency 1 --source a.json --output kept.ndjson",
    "INT",
    () => asked("metric.list") >= 4,
  );
  assert.equal(code, 130);
  assert.match(stderr, /kept\.ndjson was not written: interrupted\n/);
  assert.equal(await lab.shell.read("kept.ndjson"), "yesterday\n");
  const { stdout } = await lab.run("ls | grep -c partial");
  assert.equal(stdout.trim(), "0");
});

/**
 * Fails unless some runs were brought to their end, and whatever else was begun was stopped while its files were being
 * copied, and says so. Answers what each receipt tells, by its unit.
 */
function assertDrained(stdout: string): ReadonlyMap<unknown, unknown> {
  const receipts = ofKind(stdout, "receipt");
  const created = receipts.filter(({ outcome }) => outcome === "created").length;
  assert.ok(created > 0 && created < RUNS, `${created} created`);
  for (const { outcome, reason } of receipts.filter(({ outcome }) => outcome !== "created")) {
    assert.deepEqual([outcome, reason], ["failed", "interrupted"]);
  }
  return new Map(receipts.map(({ unit, outcome }) => [unit, outcome]));
}

const NEXT: Readonly<Record<string, string>> = { created: "unchanged", failed: "adopted" };

/** Fails unless the next run left alone what had landed, completed what was cut short, and made the rest. */
function assertContinued(before: ReadonlyMap<unknown, unknown>, stdout: string): void {
  const receipts = ofKind(stdout, "receipt");
  assert.equal(receipts.length, RUNS);
  for (const { unit, outcome } of receipts) {
    assert.equal(outcome, NEXT[String(before.get(unit))] ?? "created", String(unit));
  }
}

for (const [name, code] of [["INT", 130], ["TERM", 143]] as const) {
  Deno.test(`SIG${name} to submit: what is under way settles, nothing new starts, and the next run goes on`, async () => {
    const { state, config } = lab.target();
    lab.emulator.forgetRequests();
    const submit = `azml submit --concurrency 2 --target ${config} < all.ndjson`;
    const done = await lab.signal(submit, name, () => asked("history.run.modify") >= 3);
    assert.equal(done.code, code, done.stderr);
    const end = lastOf(done.stdout);
    assert.deepEqual([end?.["kind"], end?.["complete"]], ["end", false]);
    const begun = assertDrained(done.stdout);
    assert.equal(state.runs.size, begun.size);
    const again = await lab.run(submit);
    assert.equal(again.code, 0, again.stderr);
    assertContinued(begun, again.stdout);
    await assertSameState(clean.state, state);
  });
}

Deno.test("Ctrl-C on a whole pipe: every stage ends on purpose, the last one tells of all, and the next run goes on", async () => {
  const { state, config } = lab.target();
  lab.emulator.forgetRequests();
  const line =
    `azml extract --concurrency 1 --source a.json | azml filter | azml plan | azml submit --concurrency 1 --target ${config}`;
  const done = await lab.signal(
    `${line}; echo "\${PIPESTATUS[*]}" > codes`,
    "INT",
    () => asked("history.run.modify") >= 2,
  );
  const end = lastOf(done.stdout);
  assert.deepEqual([end?.["kind"], end?.["stage"], end?.["complete"]], ["end", "submit", false]);
  const begun = assertDrained(done.stdout);
  const again = await lab.run(line);
  assert.equal(again.code, 0, again.stderr);
  assertContinued(begun, again.stdout);
  await assertArrived(lab.source, state);
});

Deno.test("replay is interrupted as submit is", async () => {
  const { state, config } = lab.target();
  lab.emulator.forgetRequests();
  const line = `azml replay --concurrency 2 --source a.json --target ${config}`;
  const done = await lab.signal(line, "INT", () => asked("history.run.modify") >= 3);
  assert.equal(done.code, 130, done.stderr);
  assert.equal(lastOf(done.stdout)?.["complete"], false);
  assert.ok(state.runs.size < RUNS);
  const again = await lab.run(line);
  assert.equal(again.code, 0, again.stderr);
  await assertArrived(lab.source, state);
});

Deno.test("a second Ctrl-C stops at once, and the next run completes what was cut", async () => {
  const { state, config } = lab.target();
  lab.emulator.fault({ match: "history.run.modify", action: { kind: "delay", ms: 4000 } });
  lab.emulator.forgetRequests();
  await lab.shell.write("told", "");
  const told = () => Deno.readTextFileSync(`${lab.shell.dir}/told`);
  const submit = `azml submit --target ${config} < all.ndjson`;
  const underWay = () => asked("metric.batchsync") >= 4;
  const done = await lab.signal(`${submit} 2> told`, "INT", underWay, () => /once more to stop/.test(told()));
  assert.equal(done.code, 130, told());
  assert.equal(asked("history.run.modify"), 0, "it did not wait for what was under way");
  lab.emulator.clearFaults();
  const again = await lab.run(submit);
  assert.equal(again.code, 0, again.stderr);
  await assertSameState(clean.state, state);
});

/** Where in its work submit is killed: a route, and after how many requests of it. */
const MOMENTS: readonly (readonly [route: string, times: number])[] = [
  ["history.experiments.create", 1],
  ["history.experiments.run.upsert", 7],
  ["metric.batchsync", 10],
  ["blob.put_from_url", 5],
  ["artifact.createMany", 4],
  ["history.run.modify", 1],
  ["history.run.modify", 12],
];

for (const [route, times] of MOMENTS) {
  Deno.test(`kill -9 of submit at request ${times} of ${route}: the next run ends as one clean run would`, async () => {
    const { state, config } = lab.target();
    lab.emulator.forgetRequests();
    const submit = `azml submit --concurrency 4 --target ${config} < all.ndjson`;
    const done = await lab.signal(submit, "KILL", () => asked(route) >= times);
    assert.equal(done.code, 137, done.stderr);
    assert.ok(ofKind(done.stdout, "end").length === 0, "it had not come to its end");
    const again = await lab.run(submit);
    assert.equal(again.code, 0, again.stderr);
    const { failed = 0, skipped = 0, ...others } = countBy(again.stdout, "receipt", "outcome");
    assert.deepEqual([failed, skipped], [0, 0]);
    assert.equal(Object.values(others).reduce((all, n) => all + n, 0), RUNS);
    await assertSameState(clean.state, state);
    const third = await lab.run(submit);
    assert.deepEqual(countBy(third.stdout, "receipt", "outcome"), { unchanged: RUNS });
  });
}

Deno.test("--max-duration ends it as Ctrl-C does, with exit 5", async () => {
  const { state, config } = lab.target();
  // From its third run on the target answers so late that the time is over, however fast or slow the machine is.
  lab.emulator.fault({ match: "history.run.modify", after: 2, action: { kind: "delay", ms: 4_000 } });
  const line = `azml submit --concurrency 1 --target ${config} < all.ndjson`;
  const done = await lab.run(line.replace("submit", "submit --max-duration 1.5s"));
  lab.emulator.clearFaults();
  assert.equal(done.code, 5, done.stderr);
  const end = lastOf(done.stdout);
  assert.deepEqual([end?.["kind"], end?.["complete"]], ["end", false]);
  assert.match(done.stderr, /--max-duration is over/);
  assert.ok(state.runs.size < RUNS);
  const again = await lab.run(line);
  assert.equal(again.code, 0, again.stderr);
  await assertSameState(clean.state, state);
});

Deno.test("Ctrl-C ends the wait for a service that does not answer", async () => {
  const good = await lab.shell.read("a.json");
  await lab.shell.write("dead.json", good.replaceAll(/127\.0\.0\.1:\d+/g, "127.0.0.1:1"));
  for (
    const line of [
      "azml extract -v --source dead.json",
      "azml submit -v --target dead.json < all.ndjson",
      "azml verify -v --target dead.json < all.ndjson",
    ]
  ) {
    await lab.shell.write("told", "");
    const told = () => Deno.readTextFileSync(`${lab.shell.dir}/told`);
    const { code, stdout } = await lab.signal(
      `${line} 2> told`,
      "INT",
      () => /again in .*\(try 3\)/.test(told()),
    );
    assert.equal(code, 130, told());
    assert.doesNotMatch(told(), /\(try 5\)/);
    assert.equal(stdout, emptyEnd(line));
  }
});

/** What a command writes that was stopped before it began. */
function emptyEnd(line: string): string {
  const stage = line.split(" ")[1] ?? assert.fail(line);
  return JSON.stringify(new Tally(stage).end(false)) + "\n";
}

Deno.test("--max-duration while a service does not answer: an end, and exit 5", async () => {
  const good = await lab.shell.read("a.json");
  await lab.shell.write("dead.json", good.replaceAll(/127\.0\.0\.1:\d+/g, "127.0.0.1:1"));
  const line = "azml submit --max-duration 0.2s --target dead.json < all.ndjson";
  const { code, stdout, stderr } = await lab.run(line);
  assert.equal(code, 5, stderr);
  assert.equal(stdout, emptyEnd(line));
  assert.match(stderr, /submit stopped when --max-duration was over \[max_duration\]/);
});
