import assert from "node:assert/strict";
import type { Run } from "../emulator/state.ts";
import { Lab, type Line, ofKind } from "./lab.ts";
import { recordsOf } from "./shell.ts";

let lab: Lab;
Deno.test.beforeAll(async () => {
  lab = await Lab.start({ targets: 1 });
  const { code, stderr } = await lab.run("azml extract --archived include --source a.json > all.ndjson");
  assert.equal(code, 0, stderr);
});
Deno.test.afterAll(() => lab.stop());

const NESTED = "b1a2c3d4-0001-4000-8000-000000000020";
const STEP = "b1a2c3d4-0001-4000-8000-000000000021";

interface Words {
  readonly words: string;
  /** Which roots are wanted, with their trees. Archived ones are not unless `archived` says so. */
  readonly roots?: (run: Run) => boolean;
  /** Which runs are wanted, where it is not whole trees. */
  readonly runs?: (run: Run) => boolean;
  readonly archived?: "include" | "only";
}

const nameOf = (run: Run) => lab.source.experiment(run.experimentId)?.name ?? "";
const rootOf = (run: Run) => lab.source.runs.get(run.rootRunId) ?? run;
const depthOf = (run: Run): number => {
  const parent = lab.source.runs.get(run.parentRunId ?? "");
  return parent === undefined ? 0 : depthOf(parent) + 1;
};
const isIn = (...names: string[]) => (run: Run) => names.includes(nameOf(run));

const CASES: readonly Words[] = [
  { words: "", roots: () => true },
  { words: "--experiment churn", roots: isIn("churn") },
  { words: "--experiment churn,sdk-cli-v2", roots: isIn("churn", "sdk-cli-v2") },
  { words: "--experiment churn --experiment sdk-cli-v2", roots: isIn("churn", "sdk-cli-v2") },
  { words: "--experiment chur", roots: () => false },
  { words: "--experiment 'c*n'", roots: isIn("churn") },
  { words: "--experiment '[a-c]hur?'", roots: isIn("churn") },
  { words: "--experiment '['", roots: () => false },
  { words: "--experiment CHURN", roots: () => false },
  { words: "--experiment 'Übung #1\\, 100 % fertig (日本)'", roots: isIn("Übung #1, 100 % fertig (日本)") },
  { words: "--experiment 'Übung*'", roots: isIn("Übung #1, 100 % fertig (日本)") },
  { words: "--experiment 'chur\\*'", roots: () => false },
  { words: "--status failed", roots: ({ status }) => status === "Failed" },
  { words: "--status FAILED,Canceled", roots: ({ status }) => status === "Failed" || status === "Canceled" },
  { words: "--type sweep", roots: ({ runId }) => runId === "sweep_lr_search" },
  {
    words: "--type Pipeline,AutoML",
    roots: ({ runType }) => runType === "azureml.PipelineRun" || runType === "automl",
  },
  { words: "--type quantum", roots: ({ runId }) => runId === "from_the_future" },
  { words: "--tag team", roots: ({ tags }) => "team" in tags },
  { words: "--tag team=growth", roots: ({ tags }) => tags["team"] === "growth" },
  { words: "--tag team=sales", roots: () => false },
  { words: "--tag 'größe #1=50 % ✓'", roots: ({ tags }) => "größe #1" in tags },
  { words: "--tag 'key with spaces=a=b&c'", roots: ({ tags }) => "key with spaces" in tags },
  { words: "--tag team=growth,release", roots: ({ tags }) => "team" in tags || "release" in tags },
  { words: "--tag team=growth --tag release", roots: () => false },
  { words: "--tag team --tag empty=", roots: ({ tags }) => "team" in tags && tags["empty"] === "" },
  {
    words: "--created-after 2024-03-04T12:00:00Z",
    roots: ({ createdUtc }) => createdUtc >= "2024-03-04T12:00",
  },
  { words: "--created-before 2024-01-01", roots: ({ createdUtc }) => createdUtc < "2024" },
  {
    words: "--created-after 2024-03-04T09:00:00.0004567Z --created-before 2024-03-04T09:33:20.0004567Z",
    roots: ({ runId }) => runId === "brave_apple_k3x9q2",
  },
  {
    words:
      "--created-after 2024-03-04T14:33:20.0004567+05:30 --experiment churn --status completed --type pipeline",
    roots: ({ runId }) => runId === "train_and_deploy_3levels",
  },
  { words: "--max-depth 0", runs: (run) => depthOf(run) === 0 },
  { words: "--experiment churn --max-depth 2", runs: (run) => nameOf(run) === "churn" && depthOf(run) <= 2 },
  { words: "--archived include", roots: () => true, archived: "include" },
  { words: "--archived only", roots: () => true, archived: "only" },
  { words: `--include ${STEP}`, runs: ({ runId }) => runId === STEP },
  {
    words: `--include ${NESTED}`,
    runs: ({ runId, parentRunId }) => runId === NESTED || parentRunId === NESTED,
  },
  {
    words: `--include ${NESTED},sweep_lr_search_3 --include brave_apple_k3x9q2`,
    runs: ({ runId, parentRunId }) =>
      [NESTED, "sweep_lr_search_3", "brave_apple_k3x9q2"].includes(runId) || parentRunId === NESTED,
  },
  { words: "--include-file ids.txt", runs: ({ runId }) => runId === STEP || runId === "odd_names_job" },
  { words: `--include odd_names_job,${STEP} --limit 1`, runs: ({ runId }) => runId === "odd_names_job" },
  { words: `--include ${STEP},odd_names_job --limit 1`, runs: ({ runId }) => runId === STEP },
  { words: `--include ${NESTED} --max-depth 0`, runs: ({ runId }) => runId === NESTED },
];

function expected({ roots, runs, archived }: Words): string[] {
  return [...lab.source.runs.values()].filter((run) => {
    const { hidden } = rootOf(run);
    if (archived === "only" ? !hidden : archived === undefined && hidden) return false;
    return runs === undefined ? roots?.(rootOf(run)) === true : runs(run);
  }).map(({ runId }) => runId).sort();
}

const idsOf = (stdout: string) => ofKind(stdout, "job").map(({ id }) => String(id)).sort();

/** Of each job the depth that it says it was cut at. */
const depthsNoted = (stdout: string) =>
  Object.fromEntries(
    ofKind(stdout, "job").map(({ id, reduced }) => [String(id), Object(reduced).max_depth ?? null]),
  );

for (const one of CASES) {
  Deno.test(`extract ${one.words || "without words"}: what is wanted, and filter agrees`, async () => {
    await lab.shell.write("ids.txt", `${STEP}\r\n\n  odd_names_job\n`);
    const wanted = expected(one);
    const extracted = await lab.run(
      `azml extract --no-artifacts --metrics none --source a.json ${one.words}`,
    );
    assert.equal(extracted.code, 0, extracted.stderr);
    assert.deepEqual(idsOf(extracted.stdout), wanted);
    const said = one.archived === undefined ? "--archived exclude" : "";
    const filtered = await lab.run(`azml filter ${one.words} ${said} < all.ndjson`);
    assert.equal(filtered.code, 0, filtered.stderr);
    assert.deepEqual(idsOf(filtered.stdout), wanted);
    assert.deepEqual(depthsNoted(filtered.stdout), depthsNoted(extracted.stdout));
  });
}

Deno.test("an archived job that is named comes, and so it does through a filter", async () => {
  for (const line of ["azml extract --source a.json", "cat all.ndjson | azml filter"]) {
    const { code, stdout, stderr } = await lab.run(`${line} --include old_oak_archived`);
    assert.deepEqual([code, idsOf(stdout)], [0, ["old_oak_archived"]], stderr);
  }
});

Deno.test("--limit counts trees, each with all of its own, in extract, filter, submit and replay", async () => {
  const lines = [
    "azml extract --type sweep,pipeline --limit 2 --source a.json",
    "azml filter --type sweep,pipeline --limit 2 < all.ndjson",
    "azml filter --type sweep,pipeline < all.ndjson | azml submit --limit 2 --dry-run --target b.json",
    "azml replay --type sweep,pipeline --limit 2 --dry-run --source a.json --target b.json",
  ];
  for (const line of lines) {
    const { code, stdout, stderr } = await lab.run(line);
    assert.equal(code, 0, stderr);
    const receipts = ofKind(stdout, "receipt").filter(({ outcome }) => outcome !== "skipped");
    const ids = [...ofKind(stdout, "job").map(({ id }) => id), ...receipts.map(({ original }) => original)];
    const roots = new Set(ids.map((id) => lab.source.runs.get(String(id))?.rootRunId));
    assert.equal(roots.size, 2, line);
    const whole = [...lab.source.runs.values()].filter(({ rootRunId }) => roots.has(rootRunId));
    assert.equal(ids.length, whole.length, line);
    for (const skipped of ofKind(stdout, "receipt").filter(({ outcome }) => outcome === "skipped")) {
      assert.equal(skipped["reason"], "limit");
    }
  }
});

Deno.test("a record that was shortened on request says so, and a whole one does not", async () => {
  const one = async (words: string): Promise<Line> => {
    const { code, stdout, stderr } = await lab.run(
      `azml extract --source a.json --include brave_apple_k3x9q2 ${words}`,
    );
    assert.equal(code, 0, stderr);
    const [job] = ofKind(stdout, "job");
    assert.ok(job !== undefined);
    return job;
  };
  const whole = await one("");
  assert.ok(!("reduced" in whole));
  const last = await one("--metrics last");
  assert.deepEqual(last["reduced"], { metrics: "last" });
  const lines = Object.entries(Object(whole["metrics"])).map((
    [name, points],
  ) => [name, Object(points).slice(-1)]);
  assert.deepEqual(last["metrics"], Object.fromEntries(lines));
  const none = await one("--metrics none --no-artifacts");
  assert.deepEqual([none["reduced"], none["metrics"], none["artifacts"]], [
    { metrics: "none", artifacts: "none" },
    null,
    null,
  ]);
  const shallow = await one("--max-depth 3");
  assert.deepEqual(shallow["reduced"], { max_depth: 3 });
});

Deno.test("the definition, params, and files of a nested step that is named are those it has in its tree", async () => {
  const { stdout } = await lab.run(`azml extract --source a.json --include ${STEP}`);
  const inTree = ofKind(await lab.shell.read("all.ndjson"), "job").find(({ id }) => id === STEP);
  assert.deepEqual(ofKind(stdout, "job"), [inTree]);
  assert.deepEqual([inTree?.["depth"], inTree?.["root"], inTree?.["parent"]], [
    3,
    "train_and_deploy_3levels",
    NESTED,
  ]);
});

Deno.test("a job that is not there is an error record, exit 3, and the others come", async () => {
  const { code, stdout } = await lab.run("azml extract --source a.json --include nobody,odd_names_job");
  assert.deepEqual([code, idsOf(stdout)], [3, ["odd_names_job"]]);
  const [error] = ofKind(stdout, "error");
  assert.deepEqual([error?.["id"], error?.["code"]], ["nobody", "not_found"]);
});

Deno.test("--concurrency and --parallel are one word, and change neither records nor their order", async () => {
  const records = async (words: string) => {
    const { code, stdout, stderr } = await lab.run(`azml extract --source a.json ${words}`);
    assert.equal(code, 0, stderr);
    return recordsOf(stdout).filter(({ kind }) => kind !== "end");
  };
  const one = await records("--concurrency 1");
  assert.deepEqual(await records("--concurrency 16"), one);
  assert.deepEqual(await records("--parallel 5"), one);
});

const SLIPS: readonly [words: string, says: RegExp][] = [
  ["--experiment ''", /--experiment names nothing/],
  ["--status ,", /--status names nothing/],
  ["--tag =x", /--tag =x names no tag/],
  ["--created-after yesterday", /neither a time nor a date/],
  ["--created-after 2024-02-30", /neither a time nor a date/],
  ["--created-after 2024-02-02 --created-before 2024-02-01", /is not before/],
  ["--max-depth -1", /whole number of at least 0/],
  ["--limit 0", /whole number of at least 1/],
  ["--archived never", /exclude|include|only/],
  ["--include-file none.txt", /--include-file none\.txt cannot be read/],
  ["--include-file empty.txt", /names no job/],
];

for (const [words, says] of SLIPS) {
  Deno.test(`extract ${words} is refused before anything is asked`, async () => {
    await lab.shell.write("empty.txt", "\n");
    lab.emulator.forgetRequests();
    const { code, stdout, stderr } = await lab.run(`azml extract --source a.json ${words}`);
    assert.deepEqual([code, stdout], [2, ""], stderr);
    assert.match(stderr, says);
    assert.deepEqual(lab.emulator.requests(), []);
  });
}
