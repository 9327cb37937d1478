import assert from "node:assert/strict";
import { scalarSeries } from "../emulator/state/metric.ts";
import type { Run } from "../emulator/state.ts";
import { rowsOf, runOf } from "./arrived.ts";
import { countBy, HAS_JQ, Lab, type Line, ndjson, ofKind, type TargetSide } from "./lab.ts";
import { recordsOf } from "./shell.ts";

let lab: Lab;
let clean: TargetSide;
/** What verify says of the target after all of the tampering below. */
let diffs: ReadonlyMap<string, Line>;
let verdict: { code: number; stdout: string; stderr: string };

/** What somebody does to a run behind azml's back, and the field in which verify must see it. */
interface Tampering {
  readonly does: string;
  /** Whose run. */
  readonly job: string;
  readonly tamper: (run: Run, side: TargetSide) => void | Promise<void>;
  readonly field: RegExp;
}

const TAMPERINGS: readonly Tampering[] = [
  {
    does: "a tag is changed",
    job: "brave_apple_k3x9q2",
    tamper: ({ tags }) => void (tags["team"] = "sales"),
    field: /^tags\.team$/,
  },
  {
    does: "a tag is taken away",
    job: "odd_names_job",
    tamper: ({ tags }) => void delete tags["größe #1"],
    field: /^tags\.größe #1$/,
  },
  {
    does: "a lineage tag is changed",
    job: "far_store_job",
    tamper: ({ tags }) => void (tags["original_status"] = "Failed"),
    field: /^tags\.original_status$/,
  },
  {
    does: "a point has another value",
    job: "sweep_lr_search_3",
    tamper: (run) => change(run, "accuracy", 0, { value: 9 }),
    field: /^metrics\.accuracy$/,
  },
  {
    does: "a point has another step",
    job: "sweep_lr_search_4",
    tamper: (run) => change(run, "accuracy", 1, { step: 7 }),
    field: /^metrics\.accuracy$/,
  },
  {
    does: "a point has another time",
    job: "sweep_lr_search_5",
    tamper: (run) => change(run, "accuracy", 1, { time: 5 }),
    field: /^metrics\.accuracy$/,
  },
  {
    does: "a point is there twice",
    job: "sweep_lr_search_6",
    tamper(run) {
      const [row] = rowsOf(run, "accuracy");
      assert.ok(row !== undefined);
      run.metrics.get("accuracy")?.rows.push(row);
    },
    field: /^metrics\.accuracy$/,
  },
  {
    does: "a metric is gone",
    job: "sweep_lr_search_7",
    tamper: ({ metrics }) => void metrics.delete("accuracy"),
    field: /^metrics\.accuracy$/,
  },
  {
    does: "a metric has come",
    job: "sweep_lr_search_8",
    tamper({ metrics }) {
      const more = scalarSeries("more");
      more.rows.push({ step: 0, time: 1, data: { more: 1 } });
      metrics.set("more", more);
    },
    field: /^metrics\.more$/,
  },
  {
    does: "a param is changed",
    job: "9f3c2a71-5d0e-4b7a-9c55-0a1b2c3d4e5f",
    tamper: ({ parameters }) => void (parameters["learning_rate"] = "1"),
    field: /^params\.learning_rate$/,
  },
  {
    does: "the status is another",
    job: "calm_river_canceled",
    tamper: (run) => void (run.status = "Completed"),
    field: /^status$/,
  },
  {
    does: "the end is another",
    job: "plain_pebble_empty",
    tamper: (run) => void (run.endTimeUtc = "2020-01-01T00:00:00.0000000+00:00"),
    field: /^ended_at$/,
  },
  {
    does: "the name is another",
    job: "from_the_future",
    tamper: (run) => void (run.displayName = "from the past"),
    field: /^display_name$/,
  },
  {
    does: "a file has other bytes of the same size",
    job: "sweep_lr_search_1",
    tamper: (run, side) => overwrite(run, side, "outputs/model.pkl", 512),
    field: /^artifacts\.outputs\/model\.pkl$/,
  },
  {
    does: "a file is shorter",
    job: "sweep_lr_search_2",
    tamper: (run, side) => overwrite(run, side, "outputs/model.pkl", 5),
    field: /^artifacts\.outputs\/model\.pkl$/,
  },
  {
    does: "what a run has no place for is cut off",
    job: "sweep_lr_search_9",
    tamper: (run, side) => overwrite(run, side, "azml/original.json", 5),
    field: /^azml\/original\.json$/,
  },
];

function change(
  run: Run,
  metric: string,
  index: number,
  to: { step?: number; time?: number; value?: number },
): void {
  const changed = scalarSeries(metric);
  for (const [at, row] of rowsOf(run, metric).entries()) {
    const { step = row.step, time = row.time, value } = at === index ? to : {};
    changed.rows.push({ step, time, data: value === undefined ? row.data : { [metric]: value } });
  }
  assert.ok(index < changed.rows.length);
  run.metrics.set(metric, changed);
}

async function overwrite(run: Run, { state }: TargetSide, path: string, size: number): Promise<void> {
  const name = `ExperimentRun/${run.dataContainerId}/${path}`;
  assert.notEqual(await state.storage.size("azureml", name), null);
  await state.storage.write("azureml", name, new Uint8Array(size).fill(7));
}

const DELETED = "tagged_tiger_64";
const ADDED = "made_by_hand";

Deno.test.beforeAll(async () => {
  lab = await Lab.start({ targets: 4 });
  clean = lab.target();
  const tampered = lab.target();
  const { code, stderr } = await lab.run(
    `azml extract --source a.json > all.ndjson && azml submit --target ${clean.config} < all.ndjson && azml submit --target ${tampered.config} < all.ndjson`,
  );
  assert.equal(code, 0, stderr);
  for (const { job, tamper } of TAMPERINGS) await tamper(runOf(tampered.state, job), tampered);
  const { runId, experimentId, tags } = runOf(tampered.state, DELETED);
  tampered.state.removeRun(runId);
  const origin = { original_job_id: ADDED, azml_source: tags["azml_source"] ?? "" };
  tampered.state.addRun({ runId: ADDED, experimentId, status: "Completed", tags: origin });
  tampered.state.addRun({ runId: "not_azmls", experimentId, status: "Completed" });
  verdict = await lab.run(`azml verify --target ${tampered.config} < all.ndjson`);
  diffs = new Map(ofKind(verdict.stdout, "diff").map((diff) => [String(diff["id"]), diff]));
});
Deno.test.afterAll(() => lab.stop());

Deno.test("verify of an untouched target: every record the same, exit 0, nothing written", async () => {
  lab.emulator.forgetRequests();
  const { code, stdout, stderr } = await lab.run(`azml verify --target ${clean.config} < all.ndjson`);
  assert.equal(code, 0, stderr);
  const jobs = ofKind(await lab.shell.read("all.ndjson"), "job").length;
  assert.deepEqual(countBy(stdout, "diff", "symbol"), { "=": jobs });
  assert.deepEqual(lab.emulator.requests().filter(({ effect }) => effect === "write"), []);
  const counts = Object(recordsOf(stdout).at(-1)?.["counts"]);
  assert.deepEqual([counts.differences, counts.unreadable, counts.same], [0, 0, jobs]);
});

Deno.test("verify of a target that was tampered with exits 6 and says so", () => {
  assert.equal(verdict.code, 6, verdict.stderr);
  assert.match(verdict.stderr, /differences were found/);
  const counts = Object(recordsOf(verdict.stdout).at(-1)?.["counts"]);
  assert.equal(counts.differences, TAMPERINGS.length + 2);
  const { "=": same, ...different } = countBy(verdict.stdout, "diff", "symbol");
  assert.deepEqual(different, { "*": TAMPERINGS.length, "+": 1, "-": 1 });
  assert.ok((same ?? 0) > 40);
  const summary =
    `${same} same, ${TAMPERINGS.length} differ, 1 only in the source, 1 only in the target, 0 unreadable`;
  assert.ok(verdict.stderr.includes(summary), verdict.stderr);
});

for (const { does, job, field } of TAMPERINGS) {
  Deno.test(`verify sees that ${does}`, () => {
    const diff = diffs.get(job);
    assert.equal(diff?.["symbol"], "*");
    assert.ok(Array.isArray(diff?.["fields"]));
    const fields = diff["fields"].map((one) => String(Object(one).field));
    assert.equal(fields.length, 1, fields.join());
    assert.match(String(fields[0]), field);
  });
}

Deno.test("verify sees a run that is gone, one that is too many, and leaves alone what is not azml's", () => {
  assert.equal(diffs.get(DELETED)?.["symbol"], "+");
  assert.equal(diffs.get(ADDED)?.["symbol"], "-");
  assert.ok(!diffs.has("not_azmls"));
});

Deno.test("submit again mends what verify found changed in the source, and verify agrees", async () => {
  const { state, config } = lab.target();
  const [job] = ofKind(await lab.shell.read("all.ndjson"), "job").filter(({ id }) =>
    id === "sweep_lr_search_3" || id === "brave_apple_k3x9q2"
  );
  const input = ndjson([job]);
  assert.equal((await lab.run(`azml submit -q --target ${config}`, input)).code, 0);
  const edited = ndjson([{ ...job, description: "new words" }]);
  const before = await lab.run(`azml verify --target ${config}`, edited);
  assert.equal(before.code, 6, before.stderr);
  assert.equal((await lab.run(`azml submit --target ${config}`, edited)).code, 0);
  assert.equal(runOf(state, String(job?.["id"])).description, "new words");
  const after = await lab.run(`azml verify --target ${config}`, edited);
  assert.equal(after.code, 0, after.stdout);
});

Deno.test({
  name: "the README's line shows what differs and nothing else",
  ignore: !HAS_JQ,
  async fn() {
    const { parts, stdout } = await lab.run(
      `azml verify --target ${clean.config} < all.ndjson | jq -c 'select(.symbol!="=")'`,
    );
    assert.deepEqual(parts, [0, 0]);
    assert.deepEqual(recordsOf(stdout).map(({ kind }) => kind), ["end"]);
  },
});

Deno.test("a renamed experiment is no difference when verify is told of it, and one when not", async () => {
  const { config } = lab.target();
  const [job] = ofKind(await lab.shell.read("all.ndjson"), "job").filter(({ parent }) => parent === null);
  const input = ndjson([job]);
  const option = "--experiment-prefix old/";
  assert.equal((await lab.run(`azml submit ${option} --target ${config}`, input)).code, 0);
  assert.equal((await lab.run(`azml verify ${option} --target ${config}`, input)).code, 0);
  const untold = await lab.run(`azml verify --target ${config}`, input);
  assert.equal(untold.code, 6, untold.stderr);
  assert.deepEqual(ofKind(untold.stdout, "diff").flatMap(({ fields }) => Object(fields)[0]?.field), [
    "experiment",
  ]);
});
