import assert from "node:assert/strict";
import { Failure } from "../../../src/records/failure.ts";
import { readOnly } from "../../../src/wire/read_only.ts";
import type { Route } from "../../../src/wire/wire.ts";
import { ROUTES } from "../../../src/wire/routes.ts";

const rows = Object.entries(ROUTES).flatMap(([group, routes]) =>
  Object.entries<Route>(routes).map(([name, route]) => ({ name: `${group}.${name}`, route }))
);

Deno.test("a dry run sends every route that reads and none that writes", async () => {
  const sent: Route[] = [];
  const wire = readOnly({
    trust: () => {},
    calls: () => sent.length,
    send: ({ route }) => {
      sent.push(route);
      return Promise.resolve({ status: 200, body: null, headers: new Map(), requestId: null });
    },
    open: ({ route }) => {
      sent.push(route);
      return Promise.resolve({
        status: 200,
        body: new ReadableStream(),
        headers: new Map(),
        requestId: null,
      });
    },
  });
  for (const { name, route } of rows) {
    const outcome = await wire.send({ route }).then(() => "sent", (error: unknown) => error);
    if (route.effect === "read") assert.equal(outcome, "sent", name);
    else assert.ok(outcome instanceof Failure && outcome.facts.code === "write_in_dry_run", name);
  }
  assert.equal(wire.calls(), rows.filter(({ route }) => route.effect === "read").length);
  assert.ok(wire.calls() < rows.length);
});

Deno.test("what appends may not be repeated, what reads may, and ARM paths name their version", () => {
  for (const { name, route } of rows) {
    if (route.effect === "read") assert.ok(route.repeatable, name);
    if (name.startsWith("arm.")) assert.match(route.path, /\?api-version=\d{4}-\d\d-\d\d$/, name);
  }
  assert.deepEqual(
    rows.filter(({ route }) => !route.repeatable).map(({ name }) => name),
    ["metric.batchSync", "metric.batch"],
  );
});
