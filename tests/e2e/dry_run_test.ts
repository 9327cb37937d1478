import assert from "node:assert/strict";
import { runOf } from "./arrived.ts";
import { countBy, Lab, type Line, ndjson, ofKind } from "./lab.ts";
import { recordsOf } from "./shell.ts";

let lab: Lab;
let archive: readonly Line[];

Deno.test.beforeAll(async () => {
  lab = await Lab.start({ targets: 5 });
  const { code, stderr } = await lab.run("azml extract --archived include --source a.json > all.ndjson");
  assert.equal(code, 0, stderr);
  archive = recordsOf(await lab.shell.read("all.ndjson"));
});
Deno.test.afterAll(() => lab.stop());

/** Runs a line and fails unless nothing that it asked for changes anything, in any workspace, by the emulator's log. */
async function runDry(line: string, stdin?: string) {
  lab.emulator.forgetRequests();
  const done = await lab.run(line, stdin);
  const requests = lab.emulator.requests();
  assert.deepEqual(requests.filter(({ effect }) => effect === "write"), [], line);
  return { ...done, requests };
}

const outcomes = (stdout: string) =>
  Object.fromEntries(ofKind(stdout, "receipt").map(({ original, outcome }) => [original, outcome]));

const LINES: readonly [name: string, line: (config: string) => string][] = [
  ["records", (config) => `azml submit --dry-run --as runs --target ${config} < all.ndjson`],
  ["units", (config) => `azml plan < all.ndjson | azml submit --dry-run --target ${config}`],
  ["replay", (config) => `azml replay --dry-run --archived include --source a.json --target ${config}`],
];

Deno.test("a dry run into an empty workspace sends no write, and its receipts tell what would be made", async () => {
  const { state, config, key } = lab.target();
  for (const [name, line] of LINES) {
    const { code, stdout, stderr, requests } = await runDry(line(config));
    assert.equal(code, 0, stderr);
    assert.ok(requests.some(({ workspace }) => workspace === key), `${name}: the target is looked at`);
    assert.deepEqual(countBy(stdout, "receipt", "outcome"), { created: lab.source.runs.size }, name);
    assert.deepEqual(countBy(stdout, "receipt", "dry_run"), { true: lab.source.runs.size }, name);
    assert.match(stderr, /dry run: nothing was changed/);
    for (const receipt of ofKind(stdout, "receipt")) assert.equal(receipt["target"], null);
  }
  assert.deepEqual([state.runs.size, state.experiments.size, state.artifacts.size], [0, 0, 0]);
  assert.deepEqual(await state.storage.list("azureml", ""), []);
});

Deno.test("a dry run after a real run tells that everything is unchanged, and leaves it so", async () => {
  const { state, config } = lab.target();
  const real = await lab.run(`azml submit --target ${config} < all.ndjson`);
  assert.equal(real.code, 0, real.stderr);
  const before = structuredClone(
    [...state.runs.values()].map(({ runId, tags, revision }) => [runId, tags, revision]),
  );
  for (const [name, line] of LINES) {
    const { code, stdout, stderr } = await runDry(line(config));
    assert.equal(code, 0, stderr);
    assert.deepEqual(countBy(stdout, "receipt", "outcome"), { unchanged: lab.source.runs.size }, name);
    assert.deepEqual(countBy(stdout, "receipt", "dry_run"), { true: lab.source.runs.size }, name);
  }
  assert.deepEqual(
    [...state.runs.values()].map(({ runId, tags, revision }) => [runId, tags, revision]),
    before,
  );
});

Deno.test("a dry run foretells what a real run does: created, updated, adopted, unchanged, in conflict", async () => {
  const { state, config } = lab.target();
  const jobs = archive.filter(({ kind, parent }) => kind === "job" && parent === null).slice(0, 5);
  const [fresh, edited, cut, same, foreign] = jobs.map(({ id }) => String(id));
  assert.ok(fresh && edited && cut && same && foreign);
  const lines = (list: readonly Line[]) => ndjson([...list, archive.at(-1)]);
  const first = await lab.run(`azml submit --target ${config}`, lines(jobs.slice(1)));
  assert.equal(first.code, 0, first.stderr);
  delete runOf(state, cut).tags["azml_digest"];
  const { tags: theirs } = runOf(state, foreign);
  for (const name of Object.keys(theirs)) delete theirs[name];
  const now = lines(jobs.map((job) => job["id"] === edited ? { ...job, description: "edited" } : job));
  const expected = {
    [fresh]: "created",
    [edited]: "updated",
    [cut]: "adopted",
    [same]: "unchanged",
    [foreign]: "skipped",
  };
  const dry = await runDry(`azml submit --dry-run --target ${config}`, now);
  assert.equal(dry.code, 0, dry.stderr);
  assert.deepEqual(outcomes(dry.stdout), expected);
  const real = await lab.run(`azml submit --target ${config}`, now);
  assert.equal(real.code, 0, real.stderr);
  assert.deepEqual(outcomes(real.stdout), expected);
  assert.equal(runOf(state, edited).description, "edited");
});

Deno.test("what to do where the name is somebody else's is foretold as well", async () => {
  const { state, config } = lab.target();
  const [job] = archive.filter(({ kind, parent }) => kind === "job" && parent === null);
  const input = ndjson([job, archive.at(-1)]);
  assert.equal((await lab.run(`azml submit --target ${config}`, input)).code, 0);
  const [run] = state.runs.values();
  assert.ok(run !== undefined);
  run.tags = { owner: "somebody else" };
  const cases = [["skip", 0, "skipped", "conflict"], ["fail", 3, "failed", "conflict"], [
    "update",
    0,
    "updated",
    undefined,
  ]] as const;
  for (const [word, code, outcome, reason] of cases) {
    const line = `azml submit --on-conflict ${word} --target ${config}`;
    const dry = await runDry(`${line} --dry-run`, input);
    const real = await lab.run(line, input);
    for (const done of [dry, real]) {
      const [receipt] = ofKind(done.stdout, "receipt");
      assert.deepEqual([done.code, receipt?.["outcome"], receipt?.["reason"]], [code, outcome, reason], word);
    }
    if (word !== "update") assert.deepEqual(run.tags, { owner: "somebody else" });
  }
});
