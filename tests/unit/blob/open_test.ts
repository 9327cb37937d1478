import assert from "node:assert/strict";
import { openContainer } from "../../../src/blob/open.ts";
import { Failure } from "../../../src/records/failure.ts";

const PACE = { pollMs: 1, retryMs: 1 };

/** The library keeps connections and timers of its own. */
const LIBRARY = { sanitizeOps: false, sanitizeResources: false } as const;

function blobXml(name: string, extra = ""): string {
  return `<Blob><Name>${name}</Name><Properties><Content-Length>3</Content-Length>` +
    `<Content-Type>text/plain</Content-Type><BlobType>BlockBlob</BlobType></Properties>${extra}</Blob>`;
}

function pageXml(blobs: string, next: string): string {
  return `<?xml version="1.0" encoding="utf-8"?><EnumerationResults ContainerName="c"><Blobs>${blobs}</Blobs>` +
    `<NextMarker>${next}</NextMarker></EnumerationResults>`;
}

/** A storage service that answers in turn what it is told. */
function serve(...answers: (() => Response)[]) {
  const asked: { method: string; url: string; authorization: string | null }[] = [];
  const server = Deno.serve({ port: 0, hostname: "127.0.0.1", onListen: () => {} }, async (request) => {
    await request.body?.cancel();
    const { pathname, search } = new URL(request.url);
    asked.push({
      method: request.method,
      url: pathname + search,
      authorization: request.headers.get("authorization"),
    });
    return answers.shift()?.() ?? new Response(null, { status: 400 });
  });
  return {
    asked,
    endpoint: `http://127.0.0.1:${server.addr.port}/acct`,
    [Symbol.asyncDispose]: () => server.shutdown(),
  };
}

Deno.test({
  name:
    "a container opened with tokens sends a bearer token with each request, also in plain http on loopback",
  ...LIBRARY,
  fn: async () => {
    const busy = () => new Response(null, { status: 503, headers: { "x-ms-error-code": "ServerBusy" } });
    const there = () => new Response(null, { status: 200, headers: { "content-type": "text/plain" } });
    await using service = serve(busy, there);
    const meter = { bytes: 0, calls: 0 };
    let given = 0;
    const getToken = () => Promise.resolve({ token: `t${++given}`, expiresOn: Infinity });
    const container = await openContainer(
      { endpoint: `${service.endpoint}/`, container: "c" },
      { kind: "token", getToken },
      meter,
      PACE,
    );
    assert.equal((await container.head("a b#?.txt"))?.contentType, "text/plain");
    assert.deepEqual(
      service.asked,
      [1, 2].map((number) => ({
        method: "HEAD",
        url: "/acct/c/a%20b%23%3F.txt",
        authorization: `Bearer t${number}`,
      })),
    );
    assert.equal(meter.calls, 2);
    assert.deepEqual(await container.copySource("x y"), {
      url: `${service.endpoint}/c/x%20y`,
      authorization: "Bearer t3",
    });
  },
});

Deno.test({
  name: "a listing follows its pages and leaves out the directory stubs of hierarchical accounts",
  ...LIBRARY,
  fn: async () => {
    const xml = (text: string) => () =>
      new Response(text, { headers: { "content-type": "application/xml" } });
    const stub = blobXml("run/outputs", "<Metadata><Hdi_isfolder>true</Hdi_isfolder></Metadata>");
    await using service = serve(
      xml(pageXml(stub + blobXml("run/outputs/a &amp; b.txt"), "next")),
      xml(pageXml("", "more")),
      xml(pageXml(blobXml("run/z.txt", "<Metadata><hdi_isfolder>false</hdi_isfolder></Metadata>"), "")),
    );
    const meter = { bytes: 0, calls: 0 };
    const where = { endpoint: service.endpoint, container: "c" };
    const container = await openContainer(where, { kind: "sas", sas: "?sv=1&sig=s" }, meter, PACE);
    const pages = await Array.fromAsync(container.list("run/"));
    assert.deepEqual(pages.map((page) => page.map(({ name }) => name)), [["run/outputs/a & b.txt"], [
      "run/z.txt",
    ]]);
    assert.deepEqual(pages[0]?.[0], {
      name: "run/outputs/a & b.txt",
      size: 3,
      md5: null,
      contentType: "text/plain",
    });
    assert.deepEqual(service.asked.map(({ url }) => new URLSearchParams(url).get("maxresults")), [
      "5000",
      "5000",
      "5000",
    ]);
    assert.equal(meter.calls, 3);
  },
});

Deno.test({
  name: "names that a URL would fold into another blob's are refused before anything is sent",
  ...LIBRARY,
  fn: async () => {
    const where = { endpoint: "http://127.0.0.1:1/acct", container: "c" };
    const container = await openContainer(where, { kind: "sas", sas: "sig=s" }, { bytes: 0, calls: 0 }, PACE);
    for (const name of ["a/../b", "..", "./a", ""]) {
      const work = async () => await container.head(name);
      await assert.rejects(
        work,
        (thrown) => thrown instanceof Failure && thrown.facts.code === "blob_name_invalid",
        name,
      );
    }
  },
});

Deno.test({
  name: "failures tell status and place, and never the SAS",
  ...LIBRARY,
  fn: async () => {
    await using service = serve(
      () => new Response(null, { status: 404, headers: { "x-ms-error-code": "ContainerNotFound" } }),
      () => new Response(null, { status: 404, headers: { "x-ms-error-code": "BlobNotFound" } }),
    );
    const where = { endpoint: service.endpoint, container: "c" };
    const container = await openContainer(where, { kind: "sas", sas: "sv=1&sig=secret" }, {
      bytes: 0,
      calls: 0,
    }, PACE);
    await assert.rejects(container.head("x"), (thrown) => {
      assert.ok(thrown instanceof Failure);
      assert.deepEqual([thrown.facts.code, thrown.facts.status, thrown.facts.reach], [
        "ContainerNotFound",
        404,
        "record",
      ]);
      assert.doesNotMatch(thrown.message, /secret/);
      return true;
    });
    assert.equal(await container.head("x"), null);
    const nobody = await openContainer(
      { endpoint: "http://127.0.0.1:1/acct", container: "c" },
      { kind: "sas", sas: "sig=secret" },
      { bytes: 0, calls: 0 },
      PACE,
    );
    await assert.rejects(nobody.head("x"), (thrown) => {
      assert.ok(thrown instanceof Failure);
      assert.deepEqual([thrown.facts.reach, thrown.facts.retryable], ["unreachable", true]);
      assert.doesNotMatch(thrown.message, /secret/);
      return true;
    });
  },
});

Deno.test({
  name: "a storage service that throttles with 429 is asked again after the wait that it names",
  ...LIBRARY,
  fn: async () => {
    const throttles = () =>
      new Response(null, {
        status: 429,
        headers: { "x-ms-error-code": "TooManyRequests", "retry-after-ms": "1" },
      });
    const there = () => new Response(null, { status: 200, headers: { "content-type": "text/plain" } });
    await using service = serve(throttles, throttles, there);
    const meter = { bytes: 0, calls: 0 };
    const container = await openContainer(
      { endpoint: `${service.endpoint}/`, container: "c" },
      { kind: "sas", sas: "sv=1&sig=x" },
      meter,
      PACE,
    );
    assert.equal((await container.head("a.txt"))?.contentType, "text/plain");
    assert.equal(service.asked.length, 3);
    assert.equal(meter.calls, 3);
  },
});
