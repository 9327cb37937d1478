import assert from "node:assert/strict";
import { Shell } from "../e2e/shell.ts";
import { testGoldens } from "./golden.ts";

testGoldens([
  { file: "unknown_command.txt", line: "azml exctract" },
  { file: "unknown_command_far.txt", line: "azml frobnicate" },
  { file: "unknown_option.txt", line: "azml extract --sourc a.json" },
  { file: "unknown_value.txt", line: "azml extract --metrics lst" },
  { file: "unknown_topic.txt", line: "azml help exit-code" },
  { file: "unknown_kind.txt", line: "azml schema jobs" },
  { file: "no_config.txt", line: "azml extract" },
  { file: "nothing_came_in.txt", line: "azml plan < /dev/null" },
]);

/** Lines that azml refuses before it does anything, and what it says. */
const REFUSED: readonly (readonly [line: string, says: RegExp])[] = [
  ["azml -v", /there is no command "-v"/],
  ["azml plan extra", /Too many arguments.*"extra"\n {2}azml reads records on stdin: azml plan < extra\n/],
  ["azml extract extra", /Too many arguments.*"extra"\n {2}azml <command> --help/],
  ["azml --version extra", /Too many arguments.*"extra"/],
  ["azml filter --limit", /limit/],
  ["azml filter --limit x", /Expected a whole number of at least 1: "x"/],
  ["azml filter --limit 1.5", /Expected a whole number of at least 1: "1.5"/],
  ["azml extract --concurrency 0", /Expected a whole number of at least 1: "0"/],
  ["azml extract --source a.json --source b.json", /Too many arguments for --source/],
  [
    "azml submit --max-duration 90",
    /error: --max-duration: Expected a duration such as 90m, 2h or 45s: "90"\n/,
  ],
  ["azml submit --on-conflict suffix", /skip\|update\|fail/],
  ["azml submit --on-error stopp", /did you mean "stop"/],
  ["azml plan --as jobs", /Expected "jobs" to be one of \(runs\)/],
  ["azml plan --for azure", /azureml\|mlflow/],
  ["azml plan --rename-experiment a < /dev/null", /--rename-experiment a is not OLD=NEW/],
  ["azml extract --shard 0/2", /No flag registered for --shard/],
  ["azml extract --kinds modle --source a", /--kinds modle is no kind/],
  ["azml extract --shard 0/2", /No flag registered for --shard/],
  ["azml submit --journal j", /No flag registered for --journal/],
  ["azml plan --log-format xml", /text\|json/],
];

for (const [line, says] of REFUSED) {
  Deno.test(`${line} is refused with exit 2, and nothing on stdout`, async () => {
    await using shell = await Shell.make();
    const { code, stdout, stderr } = await shell.run(line);
    assert.deepEqual([code, stdout], [2, ""], stderr);
    assert.match(stderr, says);
    assert.doesNotMatch(stderr, /this is a bug/);
  });
}

Deno.test("--log-format json writes NDJSON on stderr; -q leaves warnings", async () => {
  await using shell = await Shell.make();
  const orphan = '{"kind":"job","v":1,"id":"x","parent":"nobody"}';
  const json = await shell.run("azml plan --log-format json", orphan);
  const lines = json.stderr.trim().split("\n").map((line) => JSON.parse(line));
  assert.equal(lines.length, 2);
  for (const { time, level, stage, message } of lines) {
    assert.match(time, /^\d{4}-\d\d-\d\dT.*Z$/);
    assert.deepEqual([level, stage, typeof message], ["warn", "plan", "string"]);
  }
  const quiet = await shell.run("azml plan -q", orphan);
  assert.equal(quiet.stderr.trim().split("\n").length, 2);
});

Deno.test("what is no option stands behind --", async () => {
  await using shell = await Shell.make();
  const { code, stderr } = await shell.run("azml schema -- --help");
  assert.equal(code, 2);
  assert.match(stderr, /there is no record kind "--help"/);
});
