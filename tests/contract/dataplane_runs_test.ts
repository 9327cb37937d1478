import assert from "node:assert/strict";
import { RUN_TOKEN } from "../emulator/history/run_view.ts";
import type { Settings } from "../emulator/settings.ts";
import type { TestAnswer } from "../emulator/test_client.ts";
import { isJsonObject, type JsonObject, type JsonValue } from "../../src/records/json.ts";
import { withDataPlane } from "./dataplane_session.ts";

/** Run history of workspace `a`. */
interface History {
  ask(method: string, path: string, body?: JsonValue): Promise<TestAnswer>;
  patch(runId: string, body: JsonObject): Promise<TestAnswer>;
}

function withHistory(settings: Partial<Settings>, work: (history: History) => Promise<void>): Promise<void> {
  return withDataPlane(settings, ({ ask }) =>
    work({
      ask: (method, path, body) => ask("history", method, path, body),
      patch: (runId, body) => ask("history", "PATCH", `/runs/${runId}`, body),
    }));
}

const PAST = { startTimeUtc: "2020-01-01T00:00:00.000Z", endTimeUtc: "2020-01-01T01:00:00.000Z" };

Deno.test("a run of a chosen id is made by PATCH, the server decides the rest", () =>
  withHistory({}, async (history) => {
    const body = { ...PAST, status: "Completed", tags: { n: 42 }, createdUtc: "2001-01-01T00:00:00Z" };
    const { body: made } = await history.patch("chosen", body);
    assert.equal(made.runId, "chosen");
    assert.equal(made.status, "Completed");
    assert.equal(made.startTimeUtc, "2020-01-01T00:00:00+00:00");
    assert.equal(made.duration, "01:00:00");
    assert.equal(made.dataContainerId, "dcid.chosen");
    assert.equal(made.rootRunId, "chosen");
    assert.deepEqual(made.tags, { n: "42" });
    assert.ok(Date.parse(String(made.createdUtc)) > Date.parse("2024-01-01"), "createdUtc is the server's");
    const { body: child } = await history.patch("child", { parentRunId: "chosen" });
    const { body: grandchild } = await history.patch("grandchild", { parentRunId: "child" });
    assert.deepEqual([child.rootRunId, grandchild.rootRunId], ["chosen", "chosen"]);
    assert.equal(grandchild.rootRunUuid, made.runUuid);
  }));

Deno.test("only answers to changes carry the run's token", () =>
  withHistory({}, async (history) => {
    assert.equal((await history.patch("r", {})).body.token, RUN_TOKEN);
    assert.equal((await history.ask("GET", "/runs/r")).body.token, null);
    assert.equal((await history.ask("PATCH", "/runs/r/modify", { hidden: true })).body.token, null);
  }));

Deno.test("where times in the past are honoured is a setting", async (t) => {
  const event = (name: string, data: JsonObject) => ({ name: `Microsoft.MachineLearning.Run.${name}`, data });
  const honoured = { fields: [true, false], events: [false, true], none: [false, false] } as const;
  for (const backdate of ["fields", "events", "none"] as const) {
    await t.step(backdate, () =>
      withHistory({ backdate }, async (history) => {
        await history.ask("POST", "/experiments/e");
        const { body: byFields } = await history.patch("fields", { ...PAST, status: "Completed" });
        await history.ask("PATCH", "/experiments/e/runs/events", {});
        const start = event("Start", { RunId: "events", StartTime: PAST.startTimeUtc });
        const end = event("Completed", { RunId: "events", EndTime: PAST.endTimeUtc });
        for (const one of [start, end]) await history.ask("POST", "/experiments/e/runs/events/events", one);
        const { body: byEvents } = await history.ask("GET", "/runs/events");
        const past = [byFields, byEvents].map((run) =>
          run.startTimeUtc === "2020-01-01T00:00:00+00:00" && run.endTimeUtc === "2020-01-01T01:00:00+00:00"
        );
        assert.deepEqual(past, honoured[backdate]);
        assert.deepEqual([byFields.status, byEvents.status], ["Completed", "Completed"]);
        assert.notEqual(byEvents.endTimeUtc, null);
      }));
  }
});

Deno.test("properties and parameters only grow, tags change", () =>
  withHistory({}, async (history) => {
    await history.patch("r", { properties: { p: "1" }, parameters: { x: "1" }, tags: { t: "1" } });
    const same = await history.patch("r", { properties: { p: "1", q: "2" }, tags: { t: "2" } });
    assert.deepEqual(same.body.properties, { p: "1", q: "2" });
    assert.deepEqual(same.body.tags, { t: "2" });
    const changed = await history.patch("r", { properties: { p: "other" }, tags: { t: "3" } });
    assert.equal(changed.status, 400);
    const { body: after } = await history.ask("GET", "/runs/r");
    assert.deepEqual(
      [after.properties, after.tags],
      [{ p: "1", q: "2" }, { t: "2" }],
      "nothing of it was kept",
    );
  }));

Deno.test("limits answer the service's words, and nothing is made", async (t) => {
  const many = (count: number) =>
    Object.fromEntries(Array.from({ length: count }, (_, index) => [`k${index}`, "v"]));
  const cases: readonly [string, JsonObject, string][] = [
    ["parameters", { parameters: many(210) }, "FieldName=Parameters, Limit=200, Size=210"],
    ["tags", { tags: many(51) }, "FieldName=Tags, Limit=50, Size=51"],
    ["properties", { properties: many(51) }, "FieldName=Properties, Limit=50, Size=51"],
    ["tag value", { tags: { t: "v".repeat(1001) } }, "FieldName=Tags.Value, Limit=1000, Size=1001"],
    ["display name", { displayName: "n".repeat(257) }, "FieldName=DisplayName, Limit=256, Size=257"],
  ];
  await withHistory({}, async (history) => {
    for (const [name, body, words] of cases) {
      await t.step(name, async () => {
        const { status, body: answer } = await history.patch("r", body);
        assert.equal(status, 400);
        assert.ok(isJsonObject(answer.error));
        assert.equal(answer.error.message, `A field of the entity is over the size limit. ${words}`);
        assert.equal((await history.ask("GET", "/runs/r")).status, 404);
      });
    }
  });
});

Deno.test("an unknown run is refused as recorded", () =>
  withHistory({}, async (history) => {
    const { status, body } = await history.ask("POST", "/rundata", { runId: "non_exist_run" });
    assert.equal(status, 404);
    assert.deepEqual(body.error, {
      code: "UserError",
      severity: null,
      message: "Run runId=non_exist_run was not found",
      messageFormat: "Run {runId} was not found",
      messageParameters: { runId: "runId=non_exist_run" },
      referenceCode: null,
      detailsUri: null,
      target: null,
      details: [],
      innerError: { code: "NotFoundError", innerError: null },
      debugInfo: null,
      additionalInfo: null,
    });
    assert.equal(body.componentName, "run-history");
    assert.equal(body.statusCode, 404);
  }));

Deno.test("a query pages to the end through empty pages, and finds the tree at every depth", () =>
  withHistory({ historyPageSize: 2, emptyPageEvery: 2 }, async (history) => {
    await history.ask("PATCH", "/experiments/e/runs/root", {});
    const parents = ["root", "root", "c0", "c1", "c2", "c3"];
    for (const [index, parentRunId] of parents.entries()) {
      await history.ask("PATCH", `/experiments/e/runs/c${index}`, { parentRunId });
    }
    const found: string[] = [];
    const sizes: number[] = [];
    let continuationToken: JsonValue = null;
    do {
      const filter = "(RootRunId eq root and RunId ne root)";
      const { body } = await history.ask("POST", "/experiments/e/runs:query", { filter, continuationToken });
      const page: JsonValue[] = Array.isArray(body.value) ? body.value : [];
      sizes.push(page.length);
      for (const run of page) if (isJsonObject(run)) found.push(String(run.runId));
      continuationToken = body.continuationToken ?? null;
    } while (continuationToken !== null);
    assert.deepEqual(found, ["c0", "c1", "c2", "c3", "c4", "c5"]);
    assert.deepEqual(sizes, [2, 0, 2, 0, 2]);
  }));

Deno.test("children page by link, ordered as asked", () =>
  withHistory({ historyPageSize: 2, emptyPageEvery: 0 }, async (history) => {
    await history.patch("root", {});
    for (const [index, year] of ["2021", "2023", "2022"].entries()) {
      await history.patch(`c${index}`, { parentRunId: "root", startTimeUtc: `${year}-01-01T00:00:00Z` });
    }
    const first = await history.ask("GET", "/runs/root/children?$orderby=StartTimeUtc desc");
    const ids = (body: JsonObject) =>
      (Array.isArray(body.value) ? body.value : []).map((run) => isJsonObject(run) ? run.runId : null);
    assert.deepEqual(ids(first.body), ["c1", "c2"]);
    const link = new URL(String(first.body.nextLink));
    assert.equal(link.searchParams.get("$orderby"), "StartTimeUtc desc");
    const second = await history.ask("GET", `/runs/root/children${link.search}`);
    assert.deepEqual([ids(second.body), "nextLink" in second.body], [["c0"], false]);
  }));

Deno.test("two settings take away what is unconfirmed", () =>
  withHistory({ orQueries: false, batchRunData: false }, async (history) => {
    await history.ask("POST", "/experiments/e");
    const filter = "RunId eq a or RunId eq b";
    assert.equal((await history.ask("POST", "/experiments/e/runs:query", { filter })).status, 400);
    assert.equal((await history.ask("POST", "/batchrundata", { requests: {} })).status, 404);
  }));
