import assert from "node:assert/strict";
import { isOfRegistry, MLFLOW_ROUTES } from "../../../src/mlflow/routes.ts";
import type { Route } from "../../../src/wire/wire.ts";

const rows = Object.entries(MLFLOW_ROUTES).flatMap(([group, routes]) =>
  Object.entries<Route>(routes).map(([name, route]) => ({ name: `${group}.${name}`, route }))
);

Deno.test("what makes one more object each time may not be repeated, and what reads may", () => {
  for (const { name, route } of rows) {
    if (route.effect === "read") assert.ok(route.repeatable, name);
    if (route.method === "GET") assert.equal(route.effect, "read", name);
    if (["PUT", "PATCH", "DELETE"].includes(route.method)) assert.equal(route.effect, "write", name);
  }
  assert.deepEqual(rows.filter(({ route }) => !route.repeatable).map(({ name }) => name), [
    "runs.create",
    "runs.outputs",
    "runs.logModel",
    "artifacts.mpuComplete",
    "modelVersions.create",
    "loggedModels.create",
  ]);
});

Deno.test("no two rows are the same request", () => {
  const requests = rows.filter(({ route }) => route.path !== "").map(({ route }) =>
    `${route.method} ${route.path}`
  );
  assert.equal(new Set(requests).size, requests.length);
});

Deno.test("models and their versions are the registry's, logged models and all else the tracking server's", () => {
  const groups = new Set(
    rows.filter(({ route }) => isOfRegistry(route)).map(({ name }) => name.split(".")[0]),
  );
  assert.deepEqual([...groups], ["models", "modelVersions"]);
});
