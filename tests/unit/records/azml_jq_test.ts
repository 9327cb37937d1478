import assert from "node:assert/strict";

const CONFIG = decodeURIComponent(new URL("../../../config", import.meta.url).pathname);

/** Null when there is no jq to test with. */
async function jq(program: string, input: string): Promise<string[] | null> {
  try {
    const child = new Deno.Command("jq", {
      args: ["-c", "-L", CONFIG, `include "azml"; ${program}`],
      stdin: "piped",
      stdout: "piped",
      stderr: "piped",
    }).spawn();
    const writer = child.stdin.getWriter();
    await writer.write(new TextEncoder().encode(input));
    await writer.close();
    const { code, stdout, stderr } = await child.output();
    assert.equal(code, 0, new TextDecoder().decode(stderr));
    return new TextDecoder().decode(stdout).split("\n").slice(0, -1);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return null;
    throw error;
  }
}

const here = await jq(".", "") !== null;
const test = here
  ? Deno.test
  : (name: string, work: () => Promise<void>) =>
    Deno.test({ name: `${name} (ignored: no jq on PATH)`, ignore: true, fn: work });

const stream = [
  '{"kind":"job","v":1,"id":"a","status":"Completed"}',
  '{"kind":"points","v":1,"job":"a"}',
  '{"kind":"job","v":1,"id":"b","status":"Failed"}',
  '{"kind":"points","v":1,"job":"b"}',
  '{"kind":"error","v":1,"stage":"extract"}',
  '{"kind":"unit","v":1,"id":"u","as":"runs"}',
  '{"kind":"receipt","v":1,"unit":"u","outcome":"failed"}',
  '{"kind":"horse"}',
  '{"kind":"end","v":1,"stage":"extract"}',
];

const filters: readonly [program: string, gone: number[]][] = [
  ['jobs(.status == "Completed")', [2]],
  ["jobs(false)", [0, 2]],
  ["jobs(true)", []],
  ['jobs(.id == "b") | jobs(.status == "Failed")', [0]],
  ['units(.as == "jobs")', [5]],
  ['receipts(.outcome != "failed")', [6]],
  ["select(control)", [0, 1, 2, 3, 5, 6, 7]],
];

for (const [program, gone] of filters) {
  test(`azml.jq: ${program}`, async () => {
    const left = await jq(program, stream.join("\n") + "\n");
    assert.deepEqual(left, stream.filter((_, i) => !gone.includes(i)));
  });
}
