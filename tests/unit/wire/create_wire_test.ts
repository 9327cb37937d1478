import assert from "node:assert/strict";
import { Failure } from "../../../src/records/failure.ts";
import { createWire } from "../../../src/wire/create_wire.ts";
import type { Route } from "../../../src/wire/wire.ts";
import { APPEND, fakeClock, GET, KEEPS_CONNECTIONS, QUERY, startRig } from "./rig.ts";

function test(name: string, fn: () => Promise<void>) {
  Deno.test({ name, fn, ...KEEPS_CONNECTIONS });
}

async function failureOf(work: Promise<unknown>): Promise<Failure> {
  const error = await work.then(() => null, (error: unknown) => error);
  assert.ok(error instanceof Failure, `a Failure was expected, not ${error}`);
  return error;
}

test("a request carries its path, query, body, token, user agent and client request id", async () => {
  await using rig = startRig(() =>
    Response.json({ loss: 1 }, { status: 201, headers: { "x-ms-request-id": "r1" } })
  );
  const answer = await rig.wire.send({
    route: { method: "PATCH", path: "/a{+ws}/x/{name}?api-version=1", effect: "write", repeatable: true },
    base: rig.base,
    vars: { ws: "/s/b", name: "c d/é" },
    query: { $filter: "A eq b+c", left: undefined },
    body: { k: [1] },
  });
  assert.deepEqual([answer.status, answer.body, answer.requestId], [201, { loss: 1 }, "r1"]);
  const [seen] = rig.seen;
  assert.equal(seen?.path, "/a/s/b/x/c%20d%2F%C3%A9?api-version=1&$filter=A%20eq%20b%2Bc");
  assert.equal(seen?.body, '{"k":[1]}');
  assert.equal(seen?.headers.get("authorization"), "Bearer https://arm#1");
  assert.match(seen?.headers.get("user-agent") ?? "", /^azml\/test /);
  assert.match(seen?.headers.get("x-ms-client-request-id") ?? "", /^[0-9a-f-]{36}$/);
});

test("each try is told when it has ended, without its query", async () => {
  const told: string[] = [];
  await using rig = startRig((_seen, number) => new Response(null, { status: number === 0 ? 503 : 204 }), {
    told: (message) => told.push(message.replace(/\d+ ms$/, "? ms")),
  });
  const { host } = new URL(rig.base);
  await rig.wire.send({ route: GET, base: rig.base, vars: { name: "x" }, query: { sig: "secret" } });
  assert.deepEqual(told, [`GET ${host}/thing/x: 503, ? ms`, `GET ${host}/thing/x: 204, ? ms`]);
});

const CASES: readonly {
  readonly name: string;
  readonly route: Route;
  readonly first: () => Response;
  readonly calls: number;
  readonly wait?: (ms: number) => boolean;
}[] = [
  {
    name: "429 with Retry-After",
    route: APPEND,
    first: busy(429, { "retry-after": "7" }),
    calls: 2,
    wait: (ms) => ms >= 7000 && ms < 7500,
  },
  {
    name: "429 with retry-after-ms",
    route: GET,
    first: busy(429, { "retry-after-ms": "40" }),
    calls: 2,
    wait: (ms) => ms >= 40 && ms < 500,
  },
  {
    name: "429 with x-ms-retry-after-ms",
    route: GET,
    first: busy(429, { "x-ms-retry-after-ms": "50" }),
    calls: 2,
    wait: (ms) => ms >= 50 && ms < 500,
  },
  { name: "429 without a wait", route: APPEND, first: busy(429), calls: 2, wait: (ms) => ms === 1000 },
  { name: "503 with Retry-After", route: APPEND, first: busy(503, { "retry-after": "1" }), calls: 2 },
  { name: "503 without", route: APPEND, first: busy(503), calls: 1 },
  { name: "503 without", route: QUERY, first: busy(503), calls: 2 },
  { name: "500", route: APPEND, first: busy(500), calls: 1 },
  { name: "500", route: GET, first: busy(500), calls: 2 },
  { name: "408", route: APPEND, first: busy(408), calls: 1 },
  { name: "408", route: GET, first: busy(408), calls: 2 },
  { name: "504", route: QUERY, first: busy(504), calls: 2 },
  { name: "501", route: GET, first: busy(501), calls: 1 },
  { name: "404", route: GET, first: busy(404), calls: 1 },
  { name: "a wait beyond all patience", route: GET, first: busy(429, { "retry-after": "3600" }), calls: 1 },
  { name: "a body cut short", route: GET, first: () => new Response('{"a":[1,'), calls: 2 },
  { name: "a body cut short", route: APPEND, first: () => new Response('{"a":[1,'), calls: 1 },
];

function busy(status: number, headers: Record<string, string> = {}): () => Response {
  return () => new Response(null, { status, headers });
}

for (const { name, route, first, calls, wait } of CASES) {
  const kind = route.repeatable ? "repeatable" : "unrepeatable";
  test(`${name}: a ${kind} request is sent ${calls === 2 ? "again" : "once"}`, async () => {
    await using rig = startRig((_seen, number) => number === 0 ? first() : Response.json("fine"));
    const work = rig.wire.send({ route, base: rig.base, vars: { name: "n" } });
    if (calls === 2) assert.equal((await work).body, "fine");
    else await failureOf(work);
    assert.equal(rig.seen.length, calls);
    assert.equal(rig.wire.calls(), calls);
    if (wait !== undefined) assert.ok(rig.waits.some(wait), `waits: ${rig.waits}`);
  });
}

test("a service that throttles for ever is unreachable after six tries", async () => {
  await using rig = startRig(() => new Response(null, { status: 429 }));
  const failure = await failureOf(rig.wire.send({ route: GET, base: rig.base, vars: { name: "n" } }));
  assert.deepEqual([failure.facts.reach, failure.facts.retryable, failure.facts.status], [
    "unreachable",
    true,
    429,
  ]);
  assert.match(failure.facts.hint ?? "", /throttles/);
  assert.equal(rig.wire.calls(), 6);
  assert.ok(rig.waits.reduce((sum, ms) => sum + ms, 0) > 20_000);
});

test("a connection that is refused is tried again, whatever the request, and ends unreachable", async () => {
  const listener = Deno.listen({ port: 0, hostname: "127.0.0.1" });
  const base = `http://127.0.0.1:${listener.addr.port}`;
  listener.close();
  await using rig = startRig(() => new Response());
  rig.wire.trust(base);
  const failure = await failureOf(rig.wire.send({ route: APPEND, base }));
  assert.deepEqual([failure.facts.code, failure.facts.reach], ["econnrefused", "unreachable"]);
  assert.match(failure.message, /POST \/append at 127\.0\.0\.1:\d+ got no answer in 6 tries/);
});

/** A server that takes the request and closes without a word, `cuts` times; then it answers. */
async function cuttingServer(
  cuts: number,
): Promise<{ base: string; served: () => number } & AsyncDisposable> {
  const listener = Deno.listen({ port: 0, hostname: "127.0.0.1" });
  let served = 0;
  const accepting = (async () => {
    for await (const connection of listener) {
      await connection.read(new Uint8Array(65536));
      if (served++ >= cuts) {
        await connection.write(
          new TextEncoder().encode("HTTP/1.1 200 OK\r\ncontent-length: 2\r\nconnection: close\r\n\r\n{}"),
        );
      }
      connection.close();
    }
  })();
  return await Promise.resolve({
    base: `http://127.0.0.1:${listener.addr.port}`,
    served: () => served,
    async [Symbol.asyncDispose]() {
      listener.close();
      await accepting;
    },
  });
}

test("a reset sends a repeatable request again, and an unrepeatable one not", async () => {
  await using server = await cuttingServer(1);
  await using rig = startRig(() => new Response());
  rig.wire.trust(server.base);
  assert.deepEqual((await rig.wire.send({ route: QUERY, base: server.base })).body, {});
  assert.equal(server.served(), 2);

  await using other = await cuttingServer(1);
  rig.wire.trust(other.base);
  const failure = await failureOf(rig.wire.send({ route: APPEND, base: other.base }));
  assert.deepEqual([failure.facts.code, failure.facts.reach, failure.facts.retryable], [
    "reply_lost",
    "record",
    true,
  ]);
  assert.equal(other.served(), 1);
});

test("a try that takes too long is given up and repeated only when that is safe", async () => {
  const never = Promise.withResolvers<Response>();
  await using rig = startRig(
    (seen, number) => number === 0 || seen.path === "/append" ? never.promise : Response.json(1),
    { tryMs: 30 },
  );
  assert.equal((await rig.wire.send({ route: QUERY, base: rig.base })).body, 1);
  const failure = await failureOf(rig.wire.send({ route: APPEND, base: rig.base }));
  assert.equal(failure.facts.code, "reply_lost");
  assert.match(failure.message, /timeout/);
  never.resolve(new Response());
});

test("an abort ends a request under way and a wait, as an interruption", async () => {
  const never = Promise.withResolvers<Response>();
  const asked = Promise.withResolvers<void>();
  const aborter = new AbortController();
  await using rig = startRig(() => {
    asked.resolve();
    return never.promise;
  }, { signal: aborter.signal });
  const work = failureOf(rig.wire.send({ route: GET, base: rig.base, vars: { name: "n" } }));
  await asked.promise;
  aborter.abort(new Error("stop"));
  assert.equal((await work).facts.code, "interrupted");
  assert.equal(
    (await failureOf(rig.wire.send({ route: GET, base: rig.base, vars: { name: "n" } }))).facts.code,
    "interrupted",
  );
  assert.equal(rig.seen.length, 1);
  never.resolve(new Response());
});

test("401 is answered with one fresh token, then it is a matter of sign-in", async () => {
  await using rig = startRig((_seen, number) => new Response("{}", { status: number === 0 ? 401 : 200 }));
  await rig.wire.send({ route: APPEND, base: rig.base });
  assert.deepEqual(rig.seen.map((one) => one.headers.get("authorization")), [
    "Bearer https://arm#1",
    "Bearer https://arm#2",
  ]);

  await using refusing = startRig(() => new Response(null, { status: 401 }));
  const failure = await failureOf(refusing.wire.send({ route: QUERY, base: refusing.base }));
  assert.deepEqual([failure.facts.reach, failure.facts.code, refusing.seen.length], [
    "auth",
    "Unauthorized",
    2,
  ]);
});

test("on the data plane a refused ARM token gives way to the Azure ML audience, once for the host", async () => {
  await using rig = startRig(
    (seen) =>
      new Response("{}", { status: seen.headers.get("authorization")?.includes("//ml#") ? 200 : 401 }),
    { arm: "https://arm.example" },
  );
  await rig.wire.send({ route: QUERY, base: rig.base });
  await rig.wire.send({ route: QUERY, base: rig.base });
  assert.deepEqual(rig.asked, ["https://arm", "https://arm", "https://ml"]);
  assert.equal(rig.seen.length, 4);
});

test("tokens go to no host that nobody named, and never in clear to another machine", async () => {
  await using rig = startRig(() => new Response());
  const stranger = await failureOf(rig.wire.send({ route: QUERY, base: "https://evil.example" }));
  assert.deepEqual([stranger.facts.reach, stranger.facts.code], ["usage", "untrusted_host"]);
  rig.wire.trust("http://management.azure.com");
  const clear = await failureOf(rig.wire.send({ route: QUERY, base: "http://management.azure.com" }));
  assert.deepEqual([clear.facts.reach, clear.facts.code], ["usage", "insecure_address"]);
  assert.deepEqual(rig.asked, []);
  assert.equal(rig.wire.calls(), 0);
});

test("a request without audience goes anywhere and carries no token", async () => {
  await using rig = startRig(() => Response.json({ api: "x" }), { hosts: [] });
  await rig.wire.send({ route: GET, url: `${rig.base}/discovery`, audience: "none" });
  assert.equal(rig.seen[0]?.headers.get("authorization"), null);
  assert.equal(rig.seen[0]?.path, "/discovery");
});

test("an accepted status is an answer", async () => {
  await using rig = startRig(() => new Response(null, { status: 404 }));
  const answer = await rig.wire.send({ route: GET, base: rig.base, vars: { name: "n" }, accept: [404] });
  assert.deepEqual([answer.status, answer.body], [404, null]);
});

test("a redirect is not followed", async () => {
  await using rig = startRig(() => new Response(null, { status: 307, headers: { location: "/elsewhere" } }));
  const failure = await failureOf(rig.wire.send({ route: QUERY, base: rig.base }));
  assert.deepEqual([failure.facts.status, rig.seen.length], [307, 1]);
});

test("403 is about one record, or ends everything where nothing goes on without it; the hint names a role", async () => {
  await using rig = startRig(() =>
    Response.json({ error: { code: "AuthorizationFailed", message: "no Bearer abc.def" } }, { status: 403 })
  );
  const record = await failureOf(rig.wire.send({ route: QUERY, base: rig.base }));
  assert.deepEqual([record.facts.reach, record.facts.code], ["record", "AuthorizationFailed"]);
  assert.match(record.facts.hint ?? "", /AzureML Data Scientist/);
  assert.doesNotMatch(record.message, /abc\.def/);
  const all = await failureOf(rig.wire.send({ route: { ...QUERY, refusal: "auth" }, base: rig.base }));
  assert.equal(all.facts.reach, "auth");
});

test("a bug in the making of a request is no Failure", async () => {
  const clock = fakeClock();
  const wire = createWire({
    tenant: null,
    arm: "https://arm.example",
    resources: { arm: "a", ml: "m", storage: "s" },
    hosts: [],
    tokens: { get: () => Promise.reject(new TypeError("bug")), forget: () => {} },
    pacers: () => ({ limit: () => 1, enter: () => Promise.resolve({ done: () => {} }) }),
    userAgent: "azml/test",
    clock,
  });
  await assert.rejects(wire.send({ route: GET, base: "https://arm.example" }), /needs a value for name/);
  wire.trust("https://arm.example");
  await assert.rejects(wire.send({ route: QUERY, base: "https://arm.example" }), TypeError);
});
