import assert from "node:assert/strict";
import { Failure } from "../../../src/records/failure.ts";
import type { Route } from "../../../src/wire/wire.ts";
import { GET, KEEPS_CONNECTIONS, startRig } from "./rig.ts";

const PUT: Route = { method: "PUT", path: "/files/{name}", effect: "write", repeatable: true };

function test(name: string, fn: () => Promise<void>) {
  Deno.test({ name, fn, ...KEEPS_CONNECTIONS });
}

async function failureOf(work: Promise<unknown>): Promise<Failure> {
  const error = await work.then(() => null, (error: unknown) => error);
  assert.ok(error instanceof Failure, `a Failure was expected, not ${error}`);
  return error;
}

async function textOf(body: ReadableStream<Uint8Array>): Promise<string> {
  return await new Response(body).text();
}

/** A server that sends these bytes to whoever connects, and closes; what it was sent is dropped. */
function rawServer(
  text: string,
  keepsOpen = false,
): { base: string; served: () => number } & AsyncDisposable {
  const listener = Deno.listen({ port: 0, hostname: "127.0.0.1" });
  const open: Deno.Conn[] = [];
  const accepting = (async () => {
    for await (const connection of listener) {
      open.push(connection);
      await connection.read(new Uint8Array(65536));
      await connection.write(new TextEncoder().encode(text));
      if (!keepsOpen) connection.close();
    }
  })();
  return {
    base: `http://127.0.0.1:${listener.addr.port}`,
    served: () => open.length,
    async [Symbol.asyncDispose]() {
      listener.close();
      if (keepsOpen) { for (const connection of open) connection.close(); }
      await accepting;
    },
  };
}

test("an answer is opened as a stream after passing faults, and comes byte by byte as it is", async () => {
  const big = "é".repeat(300_000);
  await using rig = startRig((_seen, number) =>
    number === 0 ? new Response(null, { status: 503 }) : new Response(big)
  );
  const answer = await rig.wire.open({ route: GET, base: rig.base, vars: { name: "n" } });
  assert.equal(answer.status, 200);
  assert.equal(await textOf(answer.body), big);
  assert.equal(rig.seen.length, 2);
  assert.equal(rig.seen[1]?.headers.get("accept-encoding"), "identity");
});

test("a refusal is a failure as with send, and an accepted status has its body", async () => {
  await using rig = startRig(() =>
    Response.json({ error_code: "RESOURCE_DOES_NOT_EXIST", message: "No such thing" }, { status: 404 })
  );
  const request = { route: GET, base: rig.base, vars: { name: "n" } };
  const failure = await failureOf(rig.wire.open(request));
  assert.deepEqual([failure.facts.code, failure.facts.status], ["RESOURCE_DOES_NOT_EXIST", 404]);
  const answer = await rig.wire.open({ ...request, accept: [404] });
  assert.match(await textOf(answer.body), /No such thing/);
});

test("an empty answer is an empty stream", async () => {
  await using rig = startRig(() => new Response(null, { status: 204 }));
  const answer = await rig.wire.open({ route: GET, base: rig.base, vars: { name: "n" } });
  assert.equal(await textOf(answer.body), "");
});

for (const length of ["content-length: 10\r\n", "transfer-encoding: chunked\r\n"]) {
  test(`a body that breaks off is no whole body (${length.split(":")[0]})`, async () => {
    await using rig = startRig(() => new Response());
    const part = length.startsWith("content") ? "hello" : "5\r\nhello\r\n";
    await using server = rawServer(`HTTP/1.1 200 OK\r\n${length}\r\n${part}`);
    rig.wire.trust(server.base);
    const answer = await rig.wire.open({ route: GET, base: server.base, vars: { name: "n" } });
    const failure = await failureOf(textOf(answer.body));
    assert.deepEqual([failure.facts.code, failure.facts.retryable, failure.facts.reach], [
      "cut_body",
      true,
      "record",
    ]);
    assert.match(failure.message, /GET \/thing\/n at 127\.0\.0\.1:\d+ broke off after 5/);
  });
}

test("a body that stops coming is given up", async () => {
  await using rig = startRig(() => new Response(), { tryMs: 30 });
  await using server = rawServer("HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\nhello", true);
  rig.wire.trust(server.base);
  const answer = await rig.wire.open({ route: GET, base: server.base, vars: { name: "n" } });
  assert.equal((await failureOf(textOf(answer.body))).facts.code, "stalled");
});

test("an abort ends the reading of a body, as an interruption", async () => {
  const aborter = new AbortController();
  await using rig = startRig(() => new Response(), { signal: aborter.signal });
  await using server = rawServer("HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\nhello", true);
  rig.wire.trust(server.base);
  const answer = await rig.wire.open({ route: GET, base: server.base, vars: { name: "n" } });
  const reader = answer.body.getReader();
  assert.equal(new TextDecoder().decode((await reader.read()).value), "hello");
  const rest = failureOf(reader.read());
  aborter.abort(new Error("stop"));
  assert.equal((await rest).facts.code, "interrupted");
});

test("bytes to send are made anew for each try and arrive as they are", async () => {
  let opened = 0;
  await using rig = startRig((_seen, number) => new Response(null, { status: number === 0 ? 500 : 200 }));
  const bytes = new TextEncoder().encode("bytes ü\n");
  await rig.wire.send({
    route: PUT,
    base: rig.base,
    vars: { name: "a b%#.txt" },
    content: {
      type: "application/octet-stream",
      size: bytes.length,
      open() {
        opened++;
        return Promise.resolve(ReadableStream.from([bytes.slice(0, 3), bytes.slice(3)]));
      },
    },
  });
  assert.equal(opened, 2);
  assert.deepEqual(rig.seen.map(({ body, path, headers }) => [path, body, headers.get("content-length")]), [
    ["/files/a%20b%25%23.txt", "bytes ü\n", "9"],
    ["/files/a%20b%25%23.txt", "bytes ü\n", "9"],
  ]);
  assert.equal(rig.seen[0]?.headers.get("content-type"), "application/octet-stream");
});

test("bytes of unknown size are sent in chunks, none at all as none", async () => {
  await using rig = startRig(() => new Response());
  for (const [text, size] of [["some", null], ["", 0], ["", null]] as const) {
    const open = () => Promise.resolve(new Blob([text]).stream());
    await rig.wire.send({
      route: PUT,
      base: rig.base,
      vars: { name: "n" },
      content: { type: "text/plain", size, open },
    });
  }
  assert.deepEqual(rig.seen.map(({ body }) => body), ["some", "", ""]);
});

test("a source that breaks is read anew, and its own failure is told in the end", async () => {
  await using rig = startRig(() => new Response());
  let opened = 0;
  const content = {
    type: "text/plain",
    size: 6,
    open() {
      opened++;
      return Promise.resolve(ReadableStream.from(async function* () {
        yield new TextEncoder().encode("abc");
        await Promise.resolve();
        if (opened < 2) {
          throw new Failure("the far side broke", { code: "cut_body", reach: "record", retryable: true });
        }
        yield new TextEncoder().encode("def");
      }()));
    },
  };
  await rig.wire.send({ route: PUT, base: rig.base, vars: { name: "n" }, content });
  assert.equal(opened, 2);
  assert.equal(rig.seen.at(-1)?.body, "abcdef");
  const short = { ...content, size: 7 };
  const failure = await failureOf(
    rig.wire.send({ route: PUT, base: rig.base, vars: { name: "n" }, content: short }),
  );
  assert.equal(failure.facts.code, "content_differs");
  const broken = {
    ...content,
    open: () => Promise.reject(new Failure("gone", { code: "x", reach: "record", retryable: false })),
  };
  const gone = await failureOf(
    rig.wire.send({ route: PUT, base: rig.base, vars: { name: "n" }, content: broken }),
  );
  assert.equal(gone.message, "gone");
});
