import assert from "node:assert/strict";
import { Shell } from "../e2e/shell.ts";
import { type Golden, testGoldens } from "./golden.ts";

const COMMANDS = [
  "extract",
  "filter",
  "plan",
  "submit",
  "replay",
  "verify",
  "tree",
  "schema",
  "version",
  "help",
];
const TOPICS = ["exit-codes", "jq", "config", "environment"];

const GOLDENS: readonly Golden[] = [
  { file: "help.txt", line: "azml --help" },
  { file: "help_topics.txt", line: "azml help" },
  { file: "version.txt", line: "azml --version" },
  ...COMMANDS.map((command) => ({ file: `help_${command}.txt`, line: `azml ${command} --help` })),
  ...TOPICS.map((topic) => ({ file: `topic_${topic}.txt`, line: `azml help ${topic}` })),
];

testGoldens(GOLDENS);

Deno.test("azml, azml -h and azml help begin as azml --help does; azml help <command> is its --help", async () => {
  await using shell = await Shell.make();
  const { stdout: help } = await shell.run("azml --help");
  for (const words of ["azml", "azml -h"]) {
    assert.deepEqual(await shell.run(words), { code: 0, stdout: help, stderr: "", parts: [0] });
  }
  assert.ok((await shell.run("azml help")).stdout.startsWith(help));
  for (const command of COMMANDS) {
    assert.deepEqual(await shell.run(`azml help ${command}`), await shell.run(`azml ${command} --help`));
  }
});

Deno.test("every command of azml --help has its page here, and every topic of azml help", async () => {
  await using shell = await Shell.make();
  const { stdout } = await shell.run("azml help");
  const section = (name: string) => stdout.split(`${name}\n`).at(-1)?.split("\n\n")[0] ?? "";
  const words = (text: string) => [...text.matchAll(/^ {2}([a-z-]+) /gm)].map(([, word]) => word);
  assert.deepEqual(words(section("COMMANDS")), COMMANDS);
  assert.deepEqual(words(section("TOPICS (azml help <topic>)")), TOPICS);
});

Deno.test("the README lists the exit codes that azml help exit-codes explains", async () => {
  await using shell = await Shell.make();
  const { stdout } = await shell.run("azml help exit-codes");
  const explained = [...stdout.matchAll(/^ +(\d+) /gm)].map(([, code]) => Number(code));
  const readme = await Deno.readTextFile(new URL("../../README.md", import.meta.url));
  const rows = readme.split("## Exit codes")[1]?.split("\n## ")[0] ?? "";
  const listed = [...rows.matchAll(/^\| ([\d, ]+?) +\|/gm)].flatMap(([, codes = ""]) =>
    codes.split(",").map(Number)
  );
  assert.deepEqual(listed.sort((a, b) => a - b), explained.sort((a, b) => a - b));
  assert.deepEqual(explained, [0, 1, 2, 3, 4, 5, 6, 7, 8, 130, 143]);
});

Deno.test("azml schema prints a JSON Schema of each kind that it names", async () => {
  await using shell = await Shell.make();
  const { stdout } = await shell.run("azml schema");
  const kinds = stdout.trim().split("\n");
  const objects = ["experiment", "logged_model", "model", "model_version"];
  assert.deepEqual(kinds, ["job", ...objects, "points", "unit", "receipt", "diff", "error", "end"]);
  for (const kind of kinds) {
    const { code, stdout: page } = await shell.run(`azml schema ${kind}`);
    assert.equal(code, 0);
    assert.equal(JSON.parse(page).properties.kind.const, kind);
  }
});

Deno.test("pages end quietly when their reader goes, and with exit 8 when the disk is full", async () => {
  await using shell = await Shell.make();
  for (const words of ["help", "help jq", "schema job", "version", "plan --help"]) {
    const closed = await shell.run(`azml ${words} | true`);
    assert.deepEqual([closed.parts, closed.stderr], [[0, 0], ""], words);
  }
  for (const words of ["help jq", "schema job", "version"]) {
    const full = await shell.run(`azml ${words} > /dev/full`);
    assert.equal(full.code, 8, words);
    assert.match(full.stderr, /standard output cannot be written: No space left on device/);
  }
});
