import assert from "node:assert/strict";
import { isJsonObject, type JsonObject, type JsonValue } from "../../src/records/json.ts";
import { type DataPlane, items, withDataPlane } from "./dataplane_session.ts";

async function makeRuns({ ask }: DataPlane): Promise<void> {
  for (
    const [runId, body] of Object.entries<JsonObject>({
      a: { status: "Completed", runType: "azureml.StepRun" },
      b: { status: "Failed", hidden: true, parentRunId: "a" },
      c: { status: "Completed", parentRunId: "b" },
    })
  ) await ask("history", "PATCH", `/experiments/e ${runId}/runs/${runId}`, body);
}

async function runIds({ ask }: DataPlane, body: JsonObject): Promise<JsonValue[]> {
  const answer = await ask("index", "POST", "/entities", body);
  return items(answer).map((entity) =>
    isJsonObject(entity) && isJsonObject(entity.properties) ? entity.properties.runId ?? null : null
  );
}

function filter(field: string, operator: string, ...values: string[]): JsonObject {
  return { field, operator, values };
}

Deno.test("entities are filtered: values of a filter mean or, filters mean and", async (t) => {
  const cases: readonly [JsonObject[], string[]][] = [
    [[filter("type", "eq", "runs")], ["a", "b", "c"]],
    [[filter("annotations/archived", "eq", "false")], ["a", "c"]],
    [[filter("annotations/archived", "eq", "true", "false")], ["a", "b", "c"]],
    [[filter("annotations/status", "eq", "Failed", "Canceled")], ["b"]],
    [[filter("properties/runType", "contains", "Step")], ["a"]],
    [[filter("properties/rootRunId", "eq", "a"), filter("properties/experimentName", "eq", "e c")], ["c"]],
    [[filter("type", "eq", "models")], []],
  ];
  await withDataPlane({}, async (plane) => {
    await makeRuns(plane);
    for (const [filters, found] of cases) {
      await t.step(JSON.stringify(filters), async () => {
        assert.deepEqual(await runIds(plane, { filters }), found);
      });
    }
  });
});

Deno.test("entities page by skip, ordered as asked, and tell the total", () =>
  withDataPlane({}, async (plane) => {
    await makeRuns(plane);
    const order = [{ field: "properties/creationContext/createdTime", direction: "Desc" }];
    const first = await plane.ask("index", "POST", "/entities", { order, pageSize: 2, skip: 0 });
    assert.deepEqual([first.body.totalCount, first.body.nextSkip, items(first).length], [3, 2, 2]);
    assert.deepEqual(await runIds(plane, { order, pageSize: 2, skip: 0 }), ["c", "b"]);
    assert.deepEqual(await runIds(plane, { order, pageSize: 2, skip: 2 }), ["a"]);
    const last = await plane.ask("index", "POST", "/entities", { order, pageSize: 2, skip: 2 });
    assert.equal(last.body.nextSkip, null);
  }));

Deno.test("the index shows changes late when told to, and can be missing", async () => {
  await withDataPlane({ indexDelayMs: 3_600_000 }, async (plane) => {
    await makeRuns(plane);
    assert.deepEqual(await runIds(plane, {}), []);
  });
  await withDataPlane({ indexService: false }, async ({ ask }) => {
    assert.equal((await ask("index", "POST", "/entities", {})).status, 404);
  });
});
