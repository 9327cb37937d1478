import assert from "node:assert/strict";
import { Failure } from "../../../src/records/failure.ts";
import type { JsonValue } from "../../../src/records/json.ts";
import { followLinks, followTokens } from "../../../src/wire/paging.ts";
import type { Wire, WireRequest } from "../../../src/wire/wire.ts";
import { GET, QUERY } from "./rig.ts";

function answering(
  answers: (request: WireRequest, number: number) => JsonValue,
): Wire & { sent: WireRequest[] } {
  const sent: WireRequest[] = [];
  return {
    sent,
    trust: () => {},
    calls: () => sent.length,
    open: () => Promise.reject(new Error("pages are not read as streams")),
    send: (request) => {
      const body = answers(request, sent.push(request) - 1);
      return Promise.resolve({ status: 200, body, headers: new Map(), requestId: null });
    },
  };
}

Deno.test("links are followed as they came, with the headers and audience of the first request", async () => {
  const wire = answering((_request, number) =>
    number < 2 ? { value: [number], nextLink: `https://h/p?$skip=${number}` } : { value: null }
  );
  const pages = await Array.fromAsync(
    followLinks(wire, {
      route: GET,
      base: "https://h",
      vars: { name: "n" },
      query: { a: 1 },
      audience: "ml",
    }),
  );
  assert.deepEqual(pages, [[0], [1], []]);
  assert.deepEqual(wire.sent.slice(1), [
    { route: GET, audience: "ml", url: "https://h/p?$skip=0" },
    { route: GET, audience: "ml", url: "https://h/p?$skip=1" },
  ]);
});

Deno.test("tokens go into the next request until there is none", async () => {
  const wire = answering((request) => {
    const { continuationToken } = Object(request.body);
    return {
      value: [],
      continuationToken: continuationToken === null ? "t1" : continuationToken === "t1" ? "t2" : "",
    };
  });
  const pages = followTokens(wire, (continuationToken) => ({ route: QUERY, body: { continuationToken } }));
  assert.equal((await Array.fromAsync(pages)).length, 3);
  assert.deepEqual(wire.sent.map((request) => request.body), [
    { continuationToken: null },
    { continuationToken: "t1" },
    { continuationToken: "t2" },
  ]);
});

Deno.test("a link without a host is below the host of the first request", async () => {
  const wire = answering((_request, number) =>
    number === 0 ? { value: [], nextLink: "/jobs?$skip=2%20x" } : {}
  );
  await Array.fromAsync(followLinks(wire, { route: GET, base: "https://h", vars: { name: "n" } }));
  assert.equal(wire.sent[1]?.url, "https://h/jobs?$skip=2%20x");
});

Deno.test("a token that stands in the link alone is taken from it; a link without one is a Failure", async () => {
  const follow = async (link: string) => {
    const wire = answering((_request, number) => ({ value: [], nextLink: number === 0 ? link : null }));
    await Array.fromAsync(
      followTokens(wire, (token) => ({ route: QUERY, base: "https://h", body: { token } })),
    );
    return wire.sent.at(-1)?.body;
  };
  for (
    const link of [
      "https://h/p?a=1&$continuationtoken=t%2B1",
      "/p?continuationToken=t%2B1",
      "?$skipToken=t%2B1",
    ]
  ) {
    assert.deepEqual(await follow(link), { token: "t+1" }, link);
  }
  await assert.rejects(follow("https://h/p?page=2"), { name: "Failure", message: /which/ });
});

for (const period of [1, 2, 3, 7]) {
  Deno.test(`pages that repeat every ${period} are a Failure, not for ever`, async () => {
    const wire = answering((_request, number) => ({ value: [], continuationToken: `t${number % period}` }));
    const work = Array.fromAsync(followTokens(wire, () => ({ route: QUERY })));
    await assert.rejects(work, (error) => error instanceof Failure && error.facts.code === "paging_loop");
    assert.ok(wire.sent.length < 6 * period + 4);
  });
}

Deno.test("a consumer that stops asks for no further page", async () => {
  const wire = answering((_request, number) => ({ value: [number], nextLink: `https://h/${number}` }));
  for await (const page of followLinks(wire, { route: GET, base: "https://h" })) if (page[0] === 1) break;
  assert.equal(wire.calls(), 2);
});
