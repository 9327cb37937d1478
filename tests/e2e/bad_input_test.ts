import assert from "node:assert/strict";
import { Lab, type Line, ndjson, ofKind } from "./lab.ts";
import { END, job } from "./records.ts";
import { recordsOf } from "./shell.ts";

let lab: Lab;
Deno.test.beforeAll(async () => {
  lab = await Lab.start({ runs: [], targets: 6 });
});
Deno.test.afterAll(() => lab.stop());

const GOOD = [job("good_1"), job("good_2")];
const good = ndjson([...GOOD, END]);

interface Case {
  readonly name: string;
  readonly input: string;
  readonly code: number;
  /** Codes of the error records. */
  readonly errors?: readonly string[];
  /** Must stand in the message or the hint of the first error, or on stderr where there is none. */
  readonly says?: RegExp;
  /** Line number of the first error. */
  readonly line?: number;
  /** Source ids of the units that come out; the two good jobs when absent. */
  readonly units?: readonly string[];
}

const CASES: readonly Case[] = [
  {
    name: "a broken line",
    input: ndjson(GOOD.slice(0, 1)) + '{"kind":"job",\n' + ndjson([...GOOD.slice(1), END]),
    code: 3,
    errors: ["bad_json"],
    line: 2,
    says: /line 2 is not JSON, column 15/,
  },
  {
    name: "a line that broke off at the end of the input",
    input: good.slice(0, -20),
    code: 3,
    errors: ["bad_json"],
    line: 3,
    says: /cut short/,
  },
  {
    name: "JSON that is no record",
    input: '[1,2]\n"text"\n{"id":"x"}\n' + good,
    code: 3,
    errors: ["not_a_record", "not_a_record", "not_a_record"],
    line: 1,
    says: /it is an array/,
  },
  {
    name: "a text file",
    input: "Dear reader,\nthis is no record.\n",
    code: 7,
    errors: ["bad_json", "bad_json"],
    says: /NDJSON/,
    units: [],
  },
  { name: "nothing at all", input: "", code: 7, says: /held no azml record.*--allow-empty/, units: [] },
  { name: "blank lines alone", input: "\n\r\n \n", code: 7, says: /held no azml record/, units: [] },
  { name: "the end of an empty source alone", input: ndjson([END]), code: 0, units: [] },
  { name: "CRLF", input: good.replaceAll("\n", "\r\n"), code: 0 },
  { name: "a byte order mark", input: "\uFEFF" + good, code: 0 },
  {
    name: "byte order marks of joined files",
    input: "\uFEFF" + good + "\uFEFF" + ndjson([job("good_3"), END]),
    code: 0,
    units: ["good_1", "good_2", "good_3"],
  },
  { name: "a last line without its newline", input: good.trimEnd(), code: 0 },
  {
    name: "a record of a newer version",
    input: ndjson([{ ...job("new"), v: 2 }]) + good,
    code: 3,
    errors: ["newer_version"],
    line: 1,
    says: /reads job records up to version 1.*newer azml/s,
  },
  {
    name: "a job without a version",
    input: ndjson([{ ...job("x"), v: undefined }]) + good,
    code: 3,
    errors: ["bad_version"],
    says: /"v" is missing/,
  },
  {
    name: "a job without an id",
    input: ndjson([{ ...job("x"), id: undefined }]) + good,
    code: 3,
    errors: ["bad_record"],
    says: /"id" is missing/,
  },
  {
    name: "a field of a wrong type",
    input: ndjson([job("x", { params: ["a"] })]) + good,
    code: 3,
    errors: ["bad_record"],
    says: /"params"/,
  },
  {
    name: "a job without metrics",
    input: ndjson([job("bare", { metrics: null })]) + good,
    code: 0,
    units: ["bare", "good_1", "good_2"],
  },
  {
    name: "jobs with nothing but kind, v and id",
    input: ndjson([{ kind: "job", v: 1, id: "a" }, { kind: "job", v: 1, id: "b" }, END]),
    code: 0,
    units: ["a", "b"],
  },
  {
    name: "a child without its parent",
    input: ndjson([job("child", { parent: "nobody", root: "nobody", depth: 1 })]) + good,
    code: 0,
    says: /name a parent that is not in the stream \(child\)/,
    units: ["child", "good_1", "good_2"],
  },
  {
    name: "a child before its parent",
    input: ndjson([job("child", { parent: "top", root: "top", depth: 1 }), job("top"), END]),
    code: 0,
    units: ["child", "top"],
  },
  {
    name: "a cycle",
    input: ndjson([job("a", { parent: "b" }), job("b", { parent: "a" })]) + good,
    code: 3,
    errors: ["parent_cycle"],
    says: /its own ancestor/,
    units: ["a", "b", "good_1", "good_2"],
  },
  {
    name: "a job that is its own parent",
    input: ndjson([job("a", { parent: "a" })]) + good,
    code: 3,
    errors: ["parent_cycle"],
    units: ["a", "good_1", "good_2"],
  },
  { name: "lines twice, as in joined archives", input: good + good, code: 0 },
  {
    name: "a job that comes again with other content",
    input: good + ndjson([job("good_1", { status: "Failed" }), END]),
    code: 3,
    errors: ["duplicate_differs"],
    says: /the first one is kept/,
  },
  {
    name: "points without their job",
    input: ndjson([{ kind: "points", v: 1, job: "gone", metric: "m", seq: 0, points: [[0, 1, 2]] }]) + good,
    code: 0,
  },
  {
    name: "points cut off behind their job",
    input: ndjson([job("long", { more_points: { loss: 3 } }), {
      kind: "points",
      v: 1,
      job: "long",
      metric: "loss",
      seq: 0,
      points: [[0, 1, 2]],
    }]) + good,
    code: 3,
    errors: ["points_missing"],
    says: /2 points of job long did not come/,
    units: ["long", "good_1", "good_2"],
  },
  {
    name: "an error of an earlier stage",
    input: ndjson([{
      kind: "error",
      v: 1,
      stage: "extract",
      id: "x",
      code: "gone",
      message: "not there",
      retryable: false,
    }]) + good,
    code: 3,
    errors: ["gone"],
  },
  {
    name: "an earlier stage that did not come to its end",
    input: ndjson([...GOOD, { ...END, complete: false }]),
    code: 3,
  },
  { name: "a stream without an end", input: ndjson(GOOD), code: 0, says: /may have been cut short/ },
  {
    name: "UTF-16",
    input: "\u0000k\u0000i\u0000n\u0000d\n" + good,
    code: 3,
    errors: ["bad_json"],
    says: /save it as UTF-8/,
  },
];

for (const { name, input, code, errors = [], says, line, units = ["good_1", "good_2"] } of CASES) {
  Deno.test(`plan copes with ${name}`, async () => {
    const done = await lab.run("azml plan --as runs", input);
    const told = ofKind(done.stdout, "error");
    assert.equal(done.code, code, done.stderr);
    assert.deepEqual(told.map((error) => error["code"]), errors);
    const out = ofKind(done.stdout, "unit").map(({ origin }) => String(Object(origin).id));
    assert.deepEqual(out.sort(), [...units].sort());
    const text = told.length > 0 ? `${told[0]?.["message"]} ${told[0]?.["hint"]}` : done.stderr;
    if (says !== undefined) assert.match(text, says);
    if (line !== undefined) assert.equal(told[0]?.["line"], line);
    assertBalanced(recordsOf(done.stdout).at(-1));
  });
}

/** Over all kinds, what came in went out, was dropped or failed. */
function assertBalanced(end: Line | undefined): void {
  assert.equal(end?.["kind"], "end");
  const counts = Object(end?.["counts"]);
  const sum = (kinds: Record<string, number>) => Object.values(kinds).reduce((all, n) => all + n, 0);
  assert.equal(sum(counts.in), sum(counts.out) + counts.dropped + counts.failed, JSON.stringify(counts));
}

Deno.test("--allow-empty makes nothing at all no failure, in every command that reads records", async () => {
  for (const command of ["plan", "filter", "tree", "submit --target b.json", "verify --target b.json"]) {
    assert.equal((await lab.run(`azml ${command} < /dev/null`)).code, 7, command);
    assert.equal((await lab.run(`azml ${command} --allow-empty < /dev/null`)).code, 0, command);
  }
});

Deno.test("a line of 65 MiB is left out with its number, and the rest goes on", async () => {
  await lab.shell.write("good.ndjson", good);
  const { code, stdout, stderr } = await lab.run(
    `(head -n 1 good.ndjson; head -c ${
      65 * 1024 * 1024
    } /dev/zero | tr '\\0' x; echo; tail -n +2 good.ndjson) | azml plan`,
  );
  assert.equal(code, 3, stderr);
  const [error] = ofKind(stdout, "error");
  assert.deepEqual([error?.["code"], error?.["line"]], ["line_too_long", 2]);
  assert.match(String(error?.["message"]), /68157440 bytes/);
  assert.equal(ofKind(stdout, "unit").length, 2);
});

Deno.test("unknown fields and unknown kinds pass a filter as they came", async () => {
  const lines = ndjson([job("x", { my_field: { deep: [1, null] } }), {
    kind: "widget",
    v: 7,
    id: "w",
    any: 1.50,
  }]);
  const { code, stdout } = await lab.run("azml filter", lines);
  assert.equal(code, 0);
  assert.equal(stdout.split("\n").slice(0, 2).join("\n") + "\n", lines);
  const planned = await lab.run("azml plan", lines);
  assert.deepEqual(ofKind(planned.stdout, "widget"), [{ kind: "widget", v: 7, id: "w", any: 1.5 }]);
  const [unit] = ofKind(planned.stdout, "unit");
  assert.deepEqual(Object(unit?.["rest"]).my_field, { deep: [1, null] });
});
