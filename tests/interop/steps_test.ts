import assert from "node:assert/strict";
import { azmlCommand } from "../e2e/shell.ts";
import { ofKind } from "../e2e/lab.ts";
import { movesBytes } from "./access_log.ts";
import { assertSame } from "./compare.ts";
import { outcomes, Pair } from "./pair.ts";
import type { Server } from "./server.ts";

const RUNS = 50;
const OUT_AT_MOST = 2.1;
const IN_AT_MOST = 4;

Deno.test("a run that goes on is carried over, and finished by the next move", async () => {
  const route = {
    from: { release: 2, artifacts: "proxied", scene: "tonight" },
    to: { release: 3, artifacts: "unproxied" },
  } as const;
  await using pair = await Pair.start(route);
  const first = await pair.move();
  assert.equal(first.code, 0, first.stderr);
  assert.deepEqual(outcomes(first.stdout), { created: 2 });
  assertSame(await pair.source.readBack(), await pair.target.readBack(), route);

  await pair.source.seed("tonight");
  const second = await pair.move();
  assert.equal(second.code, 0, second.stderr);
  assert.deepEqual(outcomes(second.stdout), { updated: 1, unchanged: 1, created: 1 });
  assertSame(await pair.source.readBack(), await pair.target.readBack(), route);

  const third = await pair.move();
  assert.deepEqual(outcomes(third.stdout), { unchanged: 3 });
});

Deno.test("killed in the middle and started again, a move ends as if it had never been killed", async () => {
  const route = {
    from: { release: 3, artifacts: "proxied", scene: "fifty" },
    to: { release: 3, artifacts: "proxied" },
  } as const;
  await using pair = await Pair.start(route);
  for (const made of [7, 25]) await killedAt(pair, made);
  const { code, stdout, stderr } = await pair.move();
  assert.equal(code, 0, stderr);
  const { unchanged = 0, adopted = 0, created = 0, ...others } = outcomes(stdout);
  assert.deepEqual([unchanged + adopted + created, others], [RUNS, {}]);
  assert.ok(unchanged > 0, "what was whole is left alone");
  assertSame(await pair.source.readBack(), await pair.target.readBack(), route);
});

Deno.test("a run takes few calls out and in, beside the bytes of its files", async () => {
  const route = {
    from: { release: 2, artifacts: "proxied", scene: "fifty" },
    to: { release: 2, artifacts: "unproxied" },
  } as const;
  await using pair = await Pair.start(route);
  const { code, stderr } = await pair.move();
  assert.equal(code, 0, stderr);
  await assertFew(pair.source, RUNS * OUT_AT_MOST);
  await assertFew(pair.target, RUNS * IN_AT_MOST);
  assertSame(await pair.source.readBack(), await pair.target.readBack(), route);
});

Deno.test("a file whose name a server refuses is told, and all else arrives", async () => {
  const route = {
    from: { release: 2, artifacts: "unproxied", scene: "hash" },
    to: { release: 3, artifacts: "proxied" },
  } as const;
  await using pair = await Pair.start(route);
  const { code, stdout } = await pair.move();
  assert.equal(code, 3);
  const failed = ofKind(stdout, "receipt").flatMap(({ artifacts }) => failedFiles(artifacts));
  assert.deepEqual(failed, ["a#1.txt"]);
  const [held, arrived] = [await pair.source.readBack(), await pair.target.readBack()];
  assert.throws(() => assertSame(held, arrived, route), /a#1\.txt/);
  assertSame(without(held, "a#1.txt"), arrived, route);
});

Deno.test("a version at an address that no server can list keeps it, and the move is whole", async () => {
  const route = {
    from: { release: 2, artifacts: "proxied", scene: "uploaded" },
    to: { release: 3, artifacts: "proxied" },
  } as const;
  await using pair = await Pair.start(route);
  const { code, stderr } = await pair.move();
  assert.equal(code, 0, stderr);
  assertSame(await pair.source.readBack(), await pair.target.readBack(), route);
});

/** Starts a move, and kills it as soon as the target has got so many runs from it. */
async function killedAt(pair: Pair, made: number): Promise<void> {
  const [program = "", ...words] = azmlCommand();
  const child = new Deno.Command(program, {
    args: [...words, "replay", "--kinds", "job", "--source", pair.source.url, "--target", pair.target.url],
    stdin: "null",
    stdout: "null",
    stderr: "null",
  }).spawn();
  let ended = false;
  const status = child.status.finally(() => ended = true);
  const until = Date.now() + 60_000;
  const creates = async () =>
    (await pair.target.calls()).filter(({ path }) => path.endsWith("/runs/create")).length;
  while (!ended && Date.now() < until && await creates() < made) {
    await new Promise((resolve) => setTimeout(resolve, 5)); // another process gives no other sign
  }
  child.kill("SIGKILL");
  assert.equal((await status).signal, "SIGKILL", "it was still at work");
}

async function assertFew(server: Server, atMost: number): Promise<void> {
  const calls = (await server.calls()).filter((call) => !movesBytes(call));
  assert.ok(calls.length > 0 && calls.length <= atMost, `${calls.length} calls, at most ${atMost}`);
}

function failedFiles(artifacts: unknown): string[] {
  if (typeof artifacts !== "object" || artifacts === null || !("failed" in artifacts)) return [];
  const { failed } = artifacts;
  return Array.isArray(failed) ? failed.map(({ path }) => path) : [];
}

/** A copy of a read-back without the files of one name. */
function without(value: unknown, file: string): unknown {
  return JSON.parse(JSON.stringify(value), (key, one) => key === file ? undefined : one);
}
