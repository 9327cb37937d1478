import assert from "node:assert/strict";
import type { JsonValue } from "../../src/records/json.ts";
import { type Contract, readContract } from "./dataplane_contract.ts";
import { BEYOND } from "./own_requests/beyond_contract.ts";
import { bodyShape } from "./own_requests/body_shape.ts";
import { INTENTS, type Shown } from "./own_requests/intents.ts";
import { officialRequests } from "./own_requests/official_requests.ts";
import { type Ran, runScenes } from "./own_requests/recorded_line.ts";
import { requestFaults } from "./own_requests/request_faults.ts";
import { REQUEST_LIMITS } from "./own_requests/request_limits.ts";
import { routeEffect } from "./own_requests/route_effect.ts";
import { named, type Sent } from "./own_requests/sent.ts";
import { UNRECORDED } from "./own_requests/unrecorded.ts";

let contract: Contract;
let official: readonly Shown[];
let ran: readonly Ran[];
let sent: readonly Sent[];

Deno.test.beforeAll(async () => {
  [contract, official] = await Promise.all([readContract(), officialRequests()]);
  ran = await runScenes();
  sent = ran.flatMap((one) => one.sent);
});

const described = ({ method, path, body, line }: Sent) =>
  `${method} ${path} ${JSON.stringify(body).slice(0, 300)} by: ${line}`;

Deno.test("every line of every scene ends as it should, and asked services for something", () => {
  for (const { scene, line, code, stderr, sent } of ran) {
    assert.equal(code, line.code ?? 0, `${scene.name}: ${line.line}\n${stderr}`);
    assert.ok(sent.length > 0, line.line);
  }
});

Deno.test("every scene uses the routes that it is there for, fallbacks too", () => {
  for (const [scene, lines] of Map.groupBy(ran, (one) => one.scene)) {
    const routes = new Set(lines.flatMap((one) => one.sent.map(({ route }) => route)));
    assert.deepEqual(scene.uses.filter((route) => !routes.has(route)), [], scene.name);
  }
});

Deno.test("every request is one of the published contract, or of the list of others: path, query, content type, body", () => {
  const faults = sent.flatMap((one) =>
    requestFaults(contract, one).map((fault) => `${fault}: ${described(one)}`)
  );
  assert.deepEqual([...new Set(faults)], []);
});

Deno.test("the checker of requests does refuse", () => {
  const [made] = sent.filter(({ method, path }) =>
    method === "PATCH" && /experiments\/.*\/runs\//.test(path)
  );
  assert.ok(made !== undefined);
  const cases: readonly (readonly [change: Partial<Sent>, fault: RegExp])[] = [
    [{ path: "/history/v1.0{ws}/run" }, /no such operation/],
    [{ query: [["api-version", "1"]] }, /query parameter api-version/],
    [{ contentType: "text/plain" }, /content type/],
    [{ body: { runId: null } }, /must be string/],
    [{ body: { run_id: "a" } }, /additional properties \(run_id\)/],
    [{ body: { startTimeUtc: "2024-01-01" } }, /must match format/],
    [{ body: null }, /no body/],
  ];
  for (const [change, fault] of cases) {
    assert.match(requestFaults(contract, { ...made, ...change }).join("\n"), fault);
  }
});

Deno.test("every operation beyond the published contract is one that azml does use", () => {
  const unused = BEYOND.filter((operation) =>
    !sent.some((one) => requestFaults(contract, one, [operation]).length === 0)
  );
  assert.deepEqual(unused, []);
});

for (const { name, max, source, reached, sizes } of REQUEST_LIMITS) {
  Deno.test(`no request has more than ${max} ${name} (${source})`, () => {
    const all = sent.flatMap((one) => sizes(one).map((size) => ({ size, one })));
    assert.ok(all.length > 0, "no request has it");
    for (const { size, one } of all) assert.ok(size <= max, `${size}: ${described(one)}`);
    if (reached) assert.equal(Math.max(...all.map(({ size }) => size)), max, "the limit is tried");
  });
}

Deno.test("a metric stands once in a request, and its rows fit its columns", () => {
  for (const { path, body } of sent) {
    if (!/\/metric\/v2\.0.*\/(batch|batchsync)$/.test(path)) continue;
    const { values } = Object(body);
    assert.equal(new Set(values.map(({ name }: { name: string }) => name)).size, values.length);
    for (const { columns, value } of values) {
      assert.ok(value.length > 0);
      for (const { data } of value) {
        for (const column of Object.keys(data)) assert.ok(Object.hasOwn(columns, column), column);
      }
    }
  }
});

Deno.test("what only reads sends no write, by azml's own table of routes and by the emulator's", () => {
  for (const { line, sent, writes } of ran.filter(({ line }) => line.effect === "read")) {
    assert.deepEqual(writes, [], `the emulator saw a write: ${line.line}`);
    const judged = sent.filter(({ method, path }) => routeEffect(method, path) !== "read").map(described);
    assert.deepEqual(judged, [], line.line);
  }
});

Deno.test("both tables of routes say the same of every request, and the lines that write do write", () => {
  for (const one of sent) assert.equal(routeEffect(one.method, one.path), one.effect, described(one));
  for (const { line, writes } of ran.filter(({ line }) => line.effect === "write")) {
    assert.ok(writes.length > 0, line.line);
  }
});

Deno.test("what no recorded client sends stands in a table with its reason", () => {
  const known = new Set(official.map(operationName));
  const unknown = new Set(sent.map(operationName).filter((name) => !known.has(name)));
  assert.deepEqual([...unknown].sort(), Object.keys(UNRECORDED).sort());
});

for (const { name, isOurs, isTheirs, parts, ours, theirs } of INTENTS) {
  Deno.test(`to ${name}, azml sends the fields that official clients send, or a reason is listed`, () => {
    const mine = sent.filter(isOurs).flatMap((one) => parts?.(one) ?? [one.body]);
    const recorded = official.filter(isTheirs).map(({ body }) => body);
    assert.ok(mine.length > 0, "azml does this");
    assert.ok(recorded.length > 0, "an official client does this");
    const [here, there] = [shapeOf(mine), shapeOf(recorded)];
    assert.deepEqual(
      { ours: [...here.difference(there)].sort(), theirs: [...there.difference(here)].sort() },
      { ours: Object.keys(ours).sort(), theirs: Object.keys(theirs).sort() },
    );
  });
}

function shapeOf(bodies: readonly JsonValue[]): Set<string> {
  return new Set(bodies.flatMap((body) => [...bodyShape(body)]));
}

/** The operation of a request, names of experiments, runs and the like left out. */
function operationName({ method, path }: Shown): string {
  const operation = contract.operationOf(method, path) ?? BEYOND.find((one) => one.isFor(method, path));
  return operation === undefined ? named(method, path) : named(operation.method, operation.path);
}
