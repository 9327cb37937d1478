import assert from "node:assert/strict";
import { generate } from "selfsigned";
import { Failure } from "../../../src/records/failure.ts";
import { createPacers } from "../../../src/wire/pacer.ts";
import { createServerWire, type ServerWireOptions } from "../../../src/wire/server_wire.ts";
import type { Wire } from "../../../src/wire/wire.ts";
import { APPEND, fakeClock, GET, KEEPS_CONNECTIONS, startRig } from "./rig.ts";

function test(name: string, fn: () => Promise<void>) {
  Deno.test({ name, fn, ...KEEPS_CONNECTIONS });
}

function wireTo(address: string, options: Partial<ServerWireOptions> = {}): Wire {
  const clock = fakeClock();
  return createServerWire({
    addresses: [address],
    signIn: { authorization: () => Promise.resolve("Basic abc"), headers: { "x-extra": "1" } },
    advice: { signIn: "sign in", refusal: () => "ask for the right", certificate: "name the CA" },
    pacers: createPacers({ clock, start: 8, max: 32 }),
    userAgent: "azml/test",
    clock,
    ...options,
  });
}

async function failureOf(work: Promise<unknown>): Promise<Failure> {
  const error = await work.then(() => null, (error: unknown) => error);
  assert.ok(error instanceof Failure, `a Failure was expected, not ${error}`);
  return error;
}

test("a request to a server carries its sign-in, and one without audience goes anywhere without", async () => {
  await using rig = startRig(() => Response.json(1));
  const wire = wireTo(`${rig.base}/prefix`);
  await wire.send({ route: GET, base: rig.base, vars: { name: "n" } });
  await wire.send({ route: GET, base: rig.base, vars: { name: "n" }, audience: "none" });
  assert.deepEqual(
    rig.seen.map(({ headers }) => [headers.get("authorization"), headers.get("x-extra")]),
    [["Basic abc", "1"], [null, null]],
  );
});

test("refusals tell what helps with that server", async () => {
  for (const [status, hint] of [[401, "sign in"], [403, "ask for the right"]] as const) {
    await using rig = startRig(() => new Response(null, { status }));
    const failure = await failureOf(
      wireTo(rig.base).send({ route: GET, base: rig.base, vars: { name: "n" } }),
    );
    assert.deepEqual([failure.facts.hint, rig.seen.length], [hint, 1]);
  }
});

test("a list in a query repeats its name", async () => {
  await using rig = startRig(() => Response.json(1));
  const query = { run_id: ["a", "b c"], metric_key: "m/n", left: undefined, none: [] };
  await wireTo(rig.base).send({ route: GET, base: rig.base, vars: { name: "n" }, query });
  assert.equal(rig.seen[0]?.path, "/thing/n?run_id=a&run_id=b%20c&metric_key=m%2Fn");
});

test("a certificate of one's own CA is trusted where that is named, or where nothing is checked", async () => {
  const names = [{ type: 7, ip: "127.0.0.1" }] as const;
  const pems = await generate([{ name: "commonName", value: "localhost" }], {
    extensions: [{ name: "basicConstraints", cA: true }, { name: "subjectAltName", altNames: [...names] }],
  });
  const server = Deno.serve(
    { port: 0, hostname: "127.0.0.1", onListen: () => {}, cert: pems.cert, key: pems.private },
    () => Response.json("fine"),
  );
  const base = `https://127.0.0.1:${server.addr.port}`;
  try {
    for (const tls of [{ ca: pems.cert }, { verify: false }]) {
      const wire = wireTo(base, { tls });
      assert.equal((await wire.send({ route: GET, base, vars: { name: "n" } })).body, "fine");
      assert.equal((await wire.send({ route: APPEND, base })).body, "fine");
    }
    const failure = await failureOf(wireTo(base).send({ route: GET, base, vars: { name: "n" } }));
    assert.deepEqual([failure.facts.reach, failure.facts.retryable], ["unreachable", false]);
    assert.match(failure.facts.hint ?? "", /not trusted: name the CA$/);
  } finally {
    await server.shutdown();
  }
});
