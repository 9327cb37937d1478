import assert from "node:assert/strict";
import { lossesOf, runOf } from "./arrived.ts";
import { countBy, Lab, ofKind } from "./lab.ts";

let lab: Lab;
Deno.test.beforeAll(async () => {
  lab = await Lab.start({ targets: 6 });
  const { code, stderr } = await lab.run("azml extract --source a.json > all.ndjson");
  assert.equal(code, 0, stderr);
});
Deno.test.afterAll(() => lab.stop());

const blobWrites = () =>
  lab.emulator.requests().filter(({ route, effect }) =>
    effect === "write" && route?.startsWith("blob.put_from")
  );

Deno.test("--no-copy-artifacts leaves bytes where they are and says so; a later run brings them", async () => {
  const { state, config } = lab.target();
  const pick = "azml filter --include sweep_lr_search < all.ndjson | azml submit";
  lab.emulator.forgetRequests();
  const first = await lab.run(`${pick} --no-copy-artifacts --target ${config}`);
  assert.equal(first.code, 0, first.stderr);
  assert.deepEqual(blobWrites(), []);
  const receipt = ofKind(first.stdout, "receipt").find(({ original }) => original === "sweep_lr_search_0");
  assert.equal(lossesOf(receipt).get("artifacts")?.["change"], "dropped");
  const again = await lab.run(`${pick} --no-copy-artifacts --target ${config}`);
  assert.deepEqual(countBy(again.stdout, "receipt", "outcome"), { unchanged: 13 });
  const later = await lab.run(`${pick} --target ${config}`);
  assert.equal(later.code, 0, later.stderr);
  assert.deepEqual(countBy(later.stdout, "receipt", "outcome"), { updated: 13 });
  const { dataContainerId } = runOf(state, "sweep_lr_search_0");
  assert.equal(
    await state.storage.size("azureml", `ExperimentRun/${dataContainerId}/outputs/model.pkl`),
    512,
  );
});

Deno.test("experiments are renamed and prefixed, in plan and in submit alike", async () => {
  const { state, config } = lab.target();
  const options =
    "--rename-experiment 'churn=customers,Übung #1\\, 100 % fertig (日本)=Übung' --experiment-prefix old/";
  const planned = await lab.run(`azml plan ${options} < all.ndjson > units.ndjson`);
  assert.equal(planned.code, 0, planned.stderr);
  const names = new Set(
    ofKind(await lab.shell.read("units.ndjson"), "unit").map(({ experiment }) => experiment),
  );
  assert.ok(names.has("old/customers") && names.has("old/Übung") && names.has("old/notebook runs"));
  assert.ok([...names].every((name) => String(name).startsWith("old/")));
  const done = await lab.run(`azml submit ${options} --target ${config} < all.ndjson`);
  assert.equal(done.code, 0, done.stderr);
  const run = runOf(state, "odd_names_job");
  assert.equal(state.experiment(run.experimentId)?.name, "old/Übung");
  assert.equal(run.tags["original_experiment"], "Übung #1, 100 % fertig (日本)");
  const units = await lab.run(`azml submit --target ${config} < units.ndjson`);
  assert.deepEqual(countBy(units.stdout, "receipt", "outcome"), { unchanged: 66 });
});

Deno.test("plan --tree draws on stderr what goes out on stdout", async () => {
  const { code, stdout, stderr } = await lab.run(
    "azml filter --type pipeline < all.ndjson | azml plan --tree",
  );
  assert.equal(code, 0);
  assert.ok(stderr.includes("train and deploy"));
  for (const { display_name: name } of ofKind(stdout, "unit")) {
    assert.ok(stderr.includes(String(name)), String(name));
  }
});

Deno.test("plan is the same however often it runs, and names nothing but what is in the records", async () => {
  const [one, two] = [
    await lab.run("azml plan < all.ndjson"),
    await lab.run("PATH=$PWD/bin:$PATH azml plan < all.ndjson"),
  ];
  assert.equal(two.stdout, one.stdout);
  lab.emulator.forgetRequests();
  await lab.run("azml plan < all.ndjson");
  assert.deepEqual(lab.emulator.requests(), [], "plan needs no service");
});

Deno.test("units can be edited with a text tool on their way", async () => {
  const { state, config } = lab.target();
  const line =
    'azml filter --include far_store_job < all.ndjson | azml plan | sed \'s/"far_store_job","description"/"moved job","description"/\'';
  const { code, stderr } = await lab.run(`${line} | azml submit --target ${config}`);
  assert.equal(code, 0, stderr);
  assert.equal(runOf(state, "far_store_job").displayName, "moved job");
});

Deno.test("what a target will not take stands in loss, and verify knows it from the receipts", async () => {
  const { config } = lab.target();
  lab.emulator.settings.backdate = "none";
  const pick = "azml filter --include brave_apple_k3x9q2 < all.ndjson";
  const done = await lab.run(`${pick} | azml submit --target ${config} > receipts.ndjson`);
  lab.emulator.settings.backdate = "fields";
  assert.equal(done.code, 0, done.stderr);
  const [receipt] = ofKind(await lab.shell.read("receipts.ndjson"), "receipt");
  const losses = lossesOf(receipt);
  assert.ok(losses.has("times.started") && losses.has("times.ended"), [...losses.keys()].join());
  const untold = await lab.run(`${pick} | azml verify --target ${config}`);
  assert.equal(untold.code, 6, untold.stderr);
  const [diff] = ofKind(untold.stdout, "diff");
  assert.deepEqual(Object(diff?.["fields"]).map(({ field }: { field: string }) => field), [
    "started_at",
    "ended_at",
  ]);
  const told = await lab.run(`${pick} | azml verify --receipts receipts.ndjson --target ${config}`);
  assert.equal(told.code, 0, told.stdout);
  const none = await lab.run(`${pick} | azml verify --receipts all.ndjson --target ${config}`);
  assert.deepEqual([none.code, none.stdout], [2, ""]);
  assert.match(none.stderr, /holds no receipt/);
});

Deno.test("verify of what cannot be read says so, and is no difference: exit 3", async () => {
  const { config } = lab.target();
  const pick = "azml filter --include sweep_lr_search < all.ndjson";
  assert.equal((await lab.run(`${pick} | azml submit --target ${config}`)).code, 0);
  lab.emulator.fault({
    match: "/runs/sweep_lr_search_4-[a-z0-9]+/full",
    action: { kind: "fail", status: 403 },
  });
  const { code, stdout, stderr } = await lab.run(`${pick} | azml verify --target ${config}`);
  lab.emulator.clearFaults();
  assert.equal(code, 3, stderr);
  assert.deepEqual(countBy(stdout, "diff", "symbol"), { "=": 12, "!": 1 });
  const unreadable = ofKind(stdout, "diff").find(({ symbol }) => symbol === "!");
  assert.equal(unreadable?.["id"], "sweep_lr_search_4");
});
