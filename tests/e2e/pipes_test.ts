import assert from "node:assert/strict";
import { assertArrived, assertSameState } from "./arrived.ts";
import { countBy, HAS_JQ, Lab, ofKind } from "./lab.ts";
import { recordsOf } from "./shell.ts";

let lab: Lab;
Deno.test.beforeAll(async () => {
  lab = await Lab.start({ targets: 6 });
  const { code, stderr } = await lab.run(
    "azml extract --archived include --source a.json > all.ndjson && azml plan < all.ndjson > units.ndjson",
  );
  assert.equal(code, 0, stderr);
});
Deno.test.afterAll(() => lab.stop());

/** Readers that go early: a read-only stage ends with 0 and says nothing. */
const EARLY = [
  "azml extract --source a.json | head -1",
  "azml extract --source a.json | head -c 10",
  "azml extract --source a.json | true",
  "azml filter < all.ndjson | head -1",
  "azml plan < all.ndjson | head -1",
  "azml tree < all.ndjson | head -1",
] as const;

for (const line of EARLY) {
  Deno.test(`${line} ends with 0 and leaves no trace`, async () => {
    lab.emulator.settings.latencyMs = 30; // a service, other than the emulator, is slower than head
    const { parts, stderr } = await lab.run(line);
    lab.emulator.settings.latencyMs = 0;
    assert.deepEqual({ parts, stderr }, { parts: [0, 0], stderr: "" });
  });
}

Deno.test("a whole line of stages ends quietly behind head", async () => {
  const { parts, stderr, stdout } = await lab.run(
    "azml extract -q --source a.json | azml filter --experiment churn | azml plan | head -1",
  );
  assert.deepEqual({ parts, stderr }, { parts: [0, 0, 0, 0], stderr: "" });
  assert.equal(recordsOf(stdout)[0]?.["kind"], "unit");
});

Deno.test("submit goes on when nobody reads its receipts any more", async () => {
  const { state, config } = lab.target();
  const { parts, stderr } = await lab.run(`azml submit --target ${config} < all.ndjson | head -1`);
  assert.deepEqual(parts, [0, 0], stderr);
  await assertArrived(lab.source, state);
});

Deno.test("tee, split, grep, cat and ssh-like detours change nothing", async () => {
  const straight = lab.target();
  const winding = lab.target();
  const one = await lab.run(`azml submit --target ${straight.config} < all.ndjson`);
  assert.equal(one.code, 0, one.stderr);
  const two = await lab.run(
    `tee copy.ndjson < all.ndjson | grep . | split -l 20 - part_ && cat part_* | bash -c 'cat | azml plan' | azml submit --target ${winding.config}`,
  );
  assert.equal(two.code, 0, two.stderr);
  await assertSameState(straight.state, winding.state);
});

Deno.test("records that a machine without end records sends are taken with one plain line on stderr", async () => {
  const { code, stdout, stderr } = await lab.run(`grep '"kind":"job"' all.ndjson | azml plan`);
  assert.equal(code, 0);
  assert.equal(stderr.trim().split("\n").length, 1, stderr);
  assert.match(stderr, /the input has no end record: it may have been cut short/);
  assert.equal(ofKind(stdout, "unit").length, lab.source.runs.size);
});

Deno.test("the last stage's exit code tells what went wrong upstream, without pipefail", async () => {
  const missing = "azml extract --source a.json --include nobody,odd_names_job";
  for (
    const line of [
      `${missing} | azml filter`,
      `${missing} | azml plan`,
      `${missing} | azml plan | azml submit --dry-run --target b.json`,
      `${missing} | azml verify --target b.json`,
    ]
  ) {
    const { parts, stdout } = await lab.run(line);
    assert.deepEqual([parts[0], parts.at(-1)], [3, 3], line);
    assert.deepEqual(countBy(stdout, "error", "code"), { not_found: 1 }, "it is passed on once");
  }
});

Deno.test("a stage whose source cannot be read leaves the next one with nothing: exit 7", async () => {
  const { parts } = await lab.run("azml extract --source none.json | azml plan");
  assert.deepEqual(parts, [2, 7]);
});

Deno.test("an end names the ends before it, and its own counts add up", async () => {
  const { stdout } = await lab.run(
    "azml filter --experiment churn < all.ndjson | azml plan | azml submit --dry-run --target b.json",
  );
  const end = recordsOf(stdout).at(-1);
  assert.deepEqual([end?.["kind"], end?.["stage"]], ["end", "submit"]);
  const upstream = end?.["upstream"];
  assert.ok(Array.isArray(upstream));
  assert.deepEqual(upstream.map(({ stage }) => stage), ["extract", "filter", "plan"]);
  for (const { stage, complete, counts } of [...upstream, Object(end)]) {
    const sum = (kinds: Record<string, number>) => Object.values(kinds).reduce((all, n) => all + n, 0);
    assert.equal(complete, true);
    assert.equal(sum(counts.in), sum(counts.out) + counts.dropped + counts.failed, stage);
  }
});

Deno.test("what a stage did not change goes on as it came, byte for byte", async () => {
  const { code } = await lab.run(
    `azml filter --archived include < all.ndjson | grep -v '"kind":"end"' > through.ndjson; grep -v '"kind":"end"' all.ndjson | cmp - through.ndjson`,
  );
  assert.equal(code, 0);
  const again = await lab.run(
    `azml plan < units.ndjson | grep -v '"kind":"end"' > through.ndjson; grep -v '"kind":"end"' units.ndjson | cmp - through.ndjson`,
  );
  assert.equal(again.code, 0);
});

Deno.test("the first record leaves before the listing has ended", async () => {
  lab.emulator.forgetRequests();
  await lab.run("azml extract --source a.json > /dev/null");
  const all = lab.emulator.requests().length;
  lab.emulator.forgetRequests();
  lab.emulator.settings.latencyMs = 50;
  const { parts } = await lab.run("azml extract --concurrency 1 --source a.json | head -1");
  lab.emulator.settings.latencyMs = 0;
  assert.deepEqual(parts, [0, 0]);
  const early = lab.emulator.requests().length;
  assert.ok(early < all / 2, `${early} requests for the first line, ${all} for all`);
});

Deno.test({
  name: "jobs(f) of config/azml.jq lets control records pass",
  ignore: !HAS_JQ,
  async fn() {
    const config = new URL("../../config", import.meta.url).pathname;
    const { parts, stdout } = await lab.run(
      `jq -c -L '${config}' 'include "azml"; jobs(.experiment=="churn")' all.ndjson | azml plan`,
    );
    assert.deepEqual(parts, [0, 0]);
    const churn = [...lab.source.runs.values()].filter(({ experimentId }) =>
      lab.source.experiment(experimentId)?.name === "churn"
    );
    assert.equal(ofKind(stdout, "unit").length, churn.length);
    assert.equal(Object(recordsOf(stdout).at(-1)?.["upstream"]).length, 1);
  },
});

Deno.test("a full disk behind > is exit 8 and no bug", async () => {
  for (
    const line of [
      "azml extract --source a.json",
      "azml plan < all.ndjson",
      "azml tree < all.ndjson",
      "azml submit --dry-run --target b.json < all.ndjson",
    ]
  ) {
    const { code, stderr } = await lab.run(`${line} > /dev/full`);
    assert.equal(code, 8, stderr);
    assert.match(stderr, /standard output cannot be written: No space left on device/);
  }
});

Deno.test("a folder behind < is exit 8 and no bug", async () => {
  for (const command of ["plan", "filter", "tree", "submit --target b.json"]) {
    const { code, stderr } = await lab.run(`azml ${command} < /tmp`);
    assert.equal(code, 8, stderr);
    assert.match(stderr, /standard input cannot be read/);
  }
});

Deno.test("stderr that nobody reads stops nothing", async () => {
  const { code, stdout } = await lab.run(
    "azml extract --source a.json 2> /dev/full | azml plan 2> /dev/full",
  );
  assert.equal(code, 0);
  assert.ok(ofKind(stdout, "unit").length > 60);
});
