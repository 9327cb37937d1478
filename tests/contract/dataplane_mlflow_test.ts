import assert from "node:assert/strict";
import { isJsonObject, type JsonObject, type JsonValue } from "../../src/records/json.ts";
import type { TestAnswer } from "../emulator/test_client.ts";
import { type DataPlane, items, withDataPlane } from "./dataplane_session.ts";

const API = "/api/2.0/mlflow";

function post({ ask }: DataPlane, call: string, body: JsonObject): Promise<TestAnswer> {
  return ask("mlflow", "POST", `${API}/${call}`, body);
}

async function createRun(plane: DataPlane, body: JsonObject = {}): Promise<{ id: string; run: JsonObject }> {
  const answer = await post(plane, "runs/create", {
    experiment_id: "0",
    start_time: 1_600_000_000_123,
    ...body,
  });
  const { run } = answer.body;
  assert.ok(isJsonObject(run) && isJsonObject(run.info), answer.text);
  return { id: String(run.info.run_id), run };
}

async function getRun(plane: DataPlane, id: string): Promise<{ info: JsonObject; data: JsonObject }> {
  const { body } = await plane.ask("mlflow", "GET", `${API}/runs/get?run_id=${id}`);
  assert.ok(isJsonObject(body.run) && isJsonObject(body.run.info) && isJsonObject(body.run.data));
  return { info: body.run.info, data: body.run.data };
}

Deno.test("a run is made as recorded: string integers, its own guid, the tag mlflow.user twice", () =>
  withDataPlane({}, async (plane) => {
    const tags = [{ key: "mlflow.user", value: "client" }, { key: "t", value: "v" }];
    const { id, run } = await createRun(plane, { run_name: "test", tags });
    assert.ok(isJsonObject(run.info) && isJsonObject(run.data));
    assert.equal(run.info.start_time, "1600000000123");
    assert.equal(run.info.status, "RUNNING");
    assert.match(String(run.info.experiment_id), /^[0-9a-f-]{36}$/);
    assert.match(
      String(run.info.artifact_uri),
      /^azureml:\/\/127\.0\.0\.1:\d+\/mlflow\/v2\.0\/.*\/experiments\/0\/runs\//,
    );
    assert.deepEqual(run.data.tags, [
      ...tags,
      { key: "mlflow.rootRunId", value: id },
      { key: "mlflow.runName", value: "test" },
      { key: "mlflow.user", value: "Azml Tester" },
    ]);
    const { body } = await plane.ask("history", "GET", `/runs/${id}`);
    assert.deepEqual([body.createdUtc, body.status, body.displayName], [
      "2020-09-13T12:26:40.1230000+00:00",
      "Running",
      "test",
    ]);
    assert.ok(isJsonObject(body.runTypeV2));
    assert.deepEqual([body.runType, body.runTypeV2.traits], [null, ["mlflow"]]);
  }));

Deno.test("params, tags and metrics are those of run history and the metric service", () =>
  withDataPlane({}, async (plane) => {
    const { id: parent } = await createRun(plane);
    const { id } = await createRun(plane, { tags: [{ key: "mlflow.parentRunId", value: parent }] });
    const metrics = [["loss", 0.5, 0], ["loss", "NaN", 1], ["acc", 1, 0]].map((
      [key = "", value = 0, step = 0],
    ) => ({
      key,
      value,
      step,
      timestamp: 1_600_000_000_000,
    }));
    const batch = {
      run_id: id,
      metrics,
      params: [{ key: "lr", value: "0.1" }],
      tags: [{ key: "t", value: "v" }],
    };
    assert.deepEqual((await post(plane, "runs/log-batch", batch)).body, {});
    const { body: run } = await plane.ask("history", "GET", `/runs/${id}`);
    assert.deepEqual([run.parameters, run.tags, run.parentRunId, run.rootRunId], [
      { lr: "0.1" },
      { t: "v" },
      parent,
      parent,
    ]);
    const full = await plane.ask("metric", "POST", `/runs/${id}/full`, { metricName: "loss" });
    assert.deepEqual(items(full).map((row) => isJsonObject(row) ? row.data : null), [{ loss: 0.5 }, {
      loss: "NaN",
    }]);
    const history = await plane.ask(
      "mlflow",
      "GET",
      `${API}/metrics/get-history?run_id=${id}&metric_key=loss&max_results=1`,
    );
    assert.deepEqual(items(history, "metrics"), [{
      key: "loss",
      value: 0.5,
      timestamp: "1600000000000",
      step: "0",
    }]);
    assert.equal(typeof history.body.next_page_token, "string");
  }));

Deno.test("statuses are mapped both ways", async (t) => {
  const words = {
    FINISHED: "Completed",
    FAILED: "Failed",
    KILLED: "Canceled",
    RUNNING: "Running",
    SCHEDULED: "NotStarted",
  };
  await withDataPlane({}, async (plane) => {
    for (const [status, word] of Object.entries(words)) {
      await t.step(status, async () => {
        const { id } = await createRun(plane);
        const update = await post(plane, "runs/update", { run_id: id, status, end_time: 1_600_000_009_000 });
        assert.ok(isJsonObject(update.body.run_info));
        assert.deepEqual([update.body.run_info.status, "artifact_uri" in update.body.run_info], [
          status,
          false,
        ]);
        assert.equal((await plane.ask("history", "GET", `/runs/${id}`)).body.status, word);
        assert.equal((await getRun(plane, id)).info.end_time, "1600000009000");
      });
    }
  });
});

Deno.test("limits are refused with PascalCase errors in the service's words", () =>
  withDataPlane({}, async (plane) => {
    const { id } = await createRun(plane);
    const metrics = Array.from({ length: 699 }, (_, step) => ({ key: "m", value: 1, step, timestamp: 1 }));
    const over = await post(plane, "runs/log-batch", { run_id: id, metrics });
    assert.deepEqual([over.status, over.body.error_code, over.body.ComponentName], [
      400,
      "INVALID_PARAMETER_VALUE",
      "mlflow",
    ]);
    assert.equal(
      text(over),
      "A field of the entity is over the size limit. FieldName=MetricV2Dto.Value/Count, Limit=250, Size=699",
    );
    const params = (from: number, count: number) =>
      Array.from({ length: count }, (_, index) => ({ key: `p${from + index}`, value: "v" }));
    for (const from of [0, 100]) {
      await post(plane, "runs/log-batch", { run_id: id, params: params(from, 100) });
    }
    const many = await post(plane, "runs/log-batch", { run_id: id, params: params(200, 10) });
    assert.equal(
      text(many),
      "A field of the entity is over the size limit. FieldName=Parameters, Limit=200, Size=210",
    );
    const data = (await getRun(plane, id)).data;
    assert.deepEqual([Array.isArray(data.params) && data.params.length, data.metrics], [200, undefined]);
  }));

function text({ body }: TestAnswer): JsonValue {
  return isJsonObject(body.Error) ? body.Error.Message ?? null : null;
}

Deno.test("what Azure ML has not got answers 404 with an empty body; an unknown run has an error", () =>
  withDataPlane({}, async (plane) => {
    for (const call of ["logged-models", "logged-models/search", "no-such-call"]) {
      const answer = await post(plane, call, {});
      assert.deepEqual([answer.status, answer.text], [404, ""]);
    }
    const unknown = await plane.ask("mlflow", "GET", `${API}/runs/get?run_id=nobody`);
    assert.deepEqual([unknown.status, unknown.body.error_code], [404, "RESOURCE_DOES_NOT_EXIST"]);
  }));

Deno.test("search finds by attributes, tags, params and metrics joined by AND, and refuses what is unsupported", async (t) => {
  await withDataPlane({}, async (plane) => {
    const { id: a, run } = await createRun(plane, { run_name: "a" });
    const { id: b } = await createRun(plane, {
      run_name: "b",
      tags: [{ key: "mlflow.parentRunId", value: a }],
    });
    await post(plane, "runs/log-batch", {
      run_id: b,
      params: [{ key: "lr", value: "0.1" }],
      metrics: [{ key: "acc", value: 0.9, timestamp: 1, step: 0 }],
    });
    await post(plane, "runs/update", { run_id: b, status: "FINISHED" });
    assert.ok(isJsonObject(run.info));
    const experiment = String(run.info.experiment_id);
    const cases: readonly [string, readonly string[] | 400][] = [
      ["", ["a", "b"]],
      ["attributes.status = 'Finished'", ["b"]],
      [`tags.mlflow.parentRunId = '${a}'`, ["b"]],
      ["params.lr LIKE '0%' and metrics.acc > 0.5 AND attributes.run_name != 'a'", ["b"]],
      ["metrics.acc > 0.95", []],
      ["params.lr = '0.1' or params.lr = '0.2'", 400],
      ["tags.t != 'x'", 400],
    ];
    for (const [filter, names] of cases) {
      await t.step(filter || "(empty)", async () => {
        const body = { experiment_ids: [experiment], filter, order_by: ["attributes.run_name ASC"] };
        const answer = await post(plane, "runs/search", body);
        if (names === 400) return assert.equal(answer.status, 400);
        const found = items(answer, "runs").map((one) =>
          isJsonObject(one) && isJsonObject(one.info) ? one.info.run_name : null
        );
        assert.deepEqual(found, names);
      });
    }
  });
});
