import assert from "node:assert/strict";
import { assertArrived, assertSameState, rowsOf, runOf } from "./arrived.ts";
import { countBy, Lab, ofKind } from "./lab.ts";
import { recordsOf } from "./shell.ts";

let lab: Lab;
Deno.test.beforeAll(async () => {
  lab = await Lab.start({ targets: 6 });
});
Deno.test.afterAll(() => lab.stop());

/** Names in the folder that azml made beside `name`. */
async function leftovers(name: string): Promise<string[]> {
  const names = [];
  for await (const entry of Deno.readDir(lab.shell.dir)) names.push(entry.name);
  return names.filter((one) => one.startsWith(name) && one !== name);
}

Deno.test("--output writes what stdout would hold, and stdout holds nothing", async () => {
  const piped = await lab.run("azml extract --archived include --source a.json");
  const { code, stdout, stderr } = await lab.run(
    "azml extract --archived include --source a.json --output all.ndjson",
  );
  assert.deepEqual([code, stdout], [0, ""], stderr);
  assert.equal(await lab.shell.read("all.ndjson"), piped.stdout);
  assert.deepEqual(await leftovers("all.ndjson"), []);
});

Deno.test("extract says how many files and bytes it names and does not hold", async () => {
  const { stderr, stdout } = await lab.run("azml extract --source a.json");
  const files = ofKind(stdout, "job").flatMap(({ artifacts }) => Object(artifacts).files);
  const bytes = files.reduce((sum: number, { size }: { size: number }) => sum + size, 0);
  assert.match(stderr, new RegExp(`${files.length} files with ${bytes} bytes .* are named and not held`));
  const { counts } = Object(recordsOf(stdout).at(-1));
  assert.deepEqual([counts.files, counts.bytes], [files.length, bytes]);
});

Deno.test("a run that breaks off leaves the file that was there, and nothing beside it", async () => {
  await lab.shell.write("kept.ndjson", "yesterday\n");
  lab.emulator.fault({
    match: "arm.jobs.list",
    action: { kind: "fail", status: 403, code: "AuthorizationFailed" },
  });
  const { code, stderr } = await lab.run("azml extract --source a.json --output kept.ndjson");
  lab.emulator.clearFaults();
  assert.equal(code, 4, stderr);
  assert.equal(await lab.shell.read("kept.ndjson"), "yesterday\n");
  assert.deepEqual(await leftovers("kept.ndjson"), []);
});

Deno.test("a run in which a part could not be read keeps its file: it says so itself", async () => {
  await lab.shell.write("kept.ndjson", "yesterday\n");
  const { code } = await lab.run(
    "azml extract --source a.json --include nobody,odd_names_job --output kept.ndjson",
  );
  assert.equal(code, 3);
  assert.deepEqual(recordsOf(await lab.shell.read("kept.ndjson")).map(({ kind }) => kind), [
    "error",
    "job",
    "end",
  ]);
});

Deno.test("a place that cannot be written is exit 8, told with its name", async () => {
  await lab.run("mkdir -p folder");
  for (const place of ["none/all.ndjson", "folder", "a.json/all.ndjson"]) {
    const { code, stdout, stderr } = await lab.run(`azml extract --source a.json --output ${place}`);
    assert.deepEqual([code, stdout], [8, ""], stderr);
    assert.match(stderr, new RegExp(`cannot write --output ${place}: `));
  }
  assert.deepEqual(await leftovers("folder"), []);
});

Deno.test("a file of records is an archive: submitted days later, moved, joined with another, it lands once", async () => {
  const [straight, later] = [lab.target(), lab.target()];
  await lab.run("azml extract --archived include --source a.json --output all.ndjson");
  const one = await lab.run(`azml replay --archived include --source a.json --target ${straight.config}`);
  assert.equal(one.code, 0, one.stderr);
  const two = await lab.run(
    `mkdir -p away && mv all.ndjson away/ && gzip away/all.ndjson && azml extract --experiment churn --source a.json > new.ndjson && ` +
      `gunzip -c away/all.ndjson.gz | cat - new.ndjson | azml submit --target ${later.config}`,
  );
  assert.equal(two.code, 0, two.stderr);
  assert.deepEqual(countBy(two.stdout, "receipt", "outcome"), { created: lab.source.runs.size });
  await assertSameState(straight.state, later.state);
});

Deno.test("an archive whose job has another content now is told of, and the one that comes first wins", async () => {
  const { state, config } = lab.target();
  await lab.run("azml extract --include busy_bee_running --source a.json > old.ndjson");
  const run = lab.source.runs.get("busy_bee_running");
  assert.ok(run !== undefined);
  run.metrics.get("loss")?.rows.push({ step: 2, time: 1709999999000, data: { loss: 0.1 } });
  await lab.run("azml extract --include busy_bee_running --source a.json > new.ndjson");
  const { code, stdout, stderr } = await lab.run(
    `cat new.ndjson old.ndjson | azml submit --target ${config}`,
  );
  assert.equal(code, 3, stderr);
  assert.deepEqual(countBy(stdout, "error", "code"), { duplicate_differs: 1 });
  assert.equal(rowsOf(runOf(state, "busy_bee_running"), "loss").length, 3);
  const alone = await lab.run(`azml submit --target ${config} < new.ndjson`);
  assert.deepEqual(countBy(alone.stdout, "receipt", "outcome"), { unchanged: 1 });
});

Deno.test("files are read where the archive says, with --source or without it", async () => {
  await lab.run("azml extract --archived include --source a.json --output all.ndjson");
  for (const option of ["", "--source a.json"]) {
    const { state, config } = lab.target();
    const { code, stderr } = await lab.run(`azml submit ${option} --target ${config} < all.ndjson`);
    assert.equal(code, 0, stderr);
    await assertArrived(lab.source, state);
  }
});

Deno.test("tree draws an archive: every job once, children below their parents", async () => {
  await lab.run("azml extract --archived include --source a.json --output all.ndjson");
  const { code, stdout, stderr } = await lab.run("azml tree < all.ndjson");
  assert.deepEqual([code, stderr], [0, ""]);
  const jobs = ofKind(await lab.shell.read("all.ndjson"), "job");
  const lines = stdout.split("\n").slice(0, jobs.length);
  for (const [index, { id, display_name: name, depth }] of jobs.entries()) {
    const [, levels = "", text] = /^([ │├└─]*)\S+ (.*)$/u.exec(lines[index] ?? "") ?? [];
    assert.equal(levels.length / 3, depth, lines[index]);
    const columns = String(text).split("  ");
    assert.equal(columns[0], name ?? id);
    assert.ok(name === null || name === id || columns.includes(String(id)), lines[index]);
  }
  const trees = jobs.filter(({ depth }) => depth === 0).length;
  assert.match(stdout, new RegExp(`\n${trees} trees, ${jobs.length} jobs\n$`));
});
