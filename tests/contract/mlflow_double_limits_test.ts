import assert from "node:assert/strict";
import { generatedId } from "../mlflow/generate.ts";
import { type MlflowDouble, type MlflowOptions, startMlflow } from "../mlflow/start.ts";

async function withDouble(
  options: MlflowOptions,
  work: (double: MlflowDouble) => Promise<void>,
): Promise<void> {
  const double = await startMlflow(options);
  try {
    await work(double);
  } finally {
    await double.stop();
  }
}

/** The fields that are looked at. */
interface Body {
  readonly metrics: readonly { readonly step: number; readonly run_id?: string }[];
  readonly runs: readonly { readonly info: { readonly run_id: string } }[];
  readonly next_page_token?: string;
}

async function ask(
  double: MlflowDouble,
  path: string,
  body?: unknown,
  headers: Record<string, string> = {},
): Promise<{ status: number; text: string; body: Body }> {
  const client = Deno.createHttpClient({ poolMaxIdlePerHost: 0 });
  const answer = await fetch(`${double.url}${path}`, {
    client,
    headers,
    ...(body === undefined ? {} : { method: "POST", body: JSON.stringify(body) }),
  });
  const text = await answer.text();
  client.close();
  return { status: answer.status, text, body: JSON.parse(text.startsWith("{") ? text : "{}") };
}

const HISTORY = `/api/2.0/mlflow/metrics/get-history?run_id=${generatedId(0)}&metric_key=m0`;
const BULK = "/ajax-api/2.0/mlflow/metrics/get-history-bulk?metric_key=m0&max_results=25000";

Deno.test("bulk history is cut at 25,000 points without a word", () =>
  withDouble({ runs: 3, points: 10_000, metrics: 1 }, async (double) => {
    const ids = [0, 1, 2].map((index) => `&run_id=${generatedId(index)}`).join("");
    const { body } = await ask(double, BULK + ids);
    assert.equal(body.metrics.length, 25_000);
    assert.deepEqual(Object.keys(body), ["metrics"]);
    assert.equal(body.metrics.at(-1)?.run_id, generatedId(2));
  }));

for (const [version, first] of [["2.22.5", 60_000], ["3.17.2", 25_000]] as const) {
  Deno.test(`one long history on ${version}: ${first} points in the first answer`, () =>
    withDouble({ version, runs: 1, points: 60_000, metrics: 1 }, async (double) => {
      assert.equal((await ask(double, HISTORY)).body.metrics.length, 60_000);
      const steps: number[] = [];
      let token: string | undefined;
      do {
        const page: string = token === undefined ? "" : `&page_token=${encodeURIComponent(token)}`;
        const { body } = await ask(double, `${HISTORY}&max_results=25000${page}`);
        if (token === undefined) assert.equal(body.metrics.length, first);
        steps.push(...body.metrics.map(({ step }) => step));
        token = body.next_page_token;
      } while (token !== undefined);
      assert.deepEqual(steps, Array.from({ length: 60_000 }, (_, index) => index));
    }));
}

Deno.test("all generated runs come in pages, each once", () =>
  withDouble({ runs: 2500, children: 4 }, async (double) => {
    const seen = new Set<string>();
    let page_token: string | undefined;
    do {
      const { body } = await ask(double, "/api/2.0/mlflow/runs/search", {
        experiment_ids: ["1"],
        max_results: 1000,
        page_token,
      });
      for (const run of body.runs) seen.add(run.info.run_id);
      page_token = body.next_page_token;
    } while (page_token !== undefined);
    assert.equal(seen.size, 2500);
    const filter = `tags.mlflow.parentRunId = '${generatedId(0)}'`;
    const children = await ask(double, "/api/2.0/mlflow/runs/search", { experiment_ids: ["1"], filter });
    assert.equal(children.body.runs.length, 4);
  }));

Deno.test("a prefix, a token and the log", () =>
  withDouble({ prefix: "/team/ml", auth: { token: "word" } }, async (double) => {
    const headers = { authorization: "Bearer word" };
    assert.equal((await ask(double, "/version")).status, 401);
    assert.equal((await ask(double, "/version", undefined, headers)).text, "3.17.2");
    assert.equal((await fetch(`http://127.0.0.1:${double.port}/version`, { headers })).status, 404);
    await ask(double, "/api/2.0/mlflow/experiments/create", { name: "e" }, headers);
    assert.deepEqual(
      double.requests().filter(({ effect }) => effect === "write").map((
        { route, status },
      ) => [route, status]),
      [["experiments.create", 200]],
    );
    assert.ok(double.state.experimentNamed("e"));
  }));

Deno.test("faults strike by the name of a call; a dropped answer was carried out", () =>
  withDouble({}, async (double) => {
    double.fault({ match: "experiments.create", times: 1, action: { kind: "drop" } });
    double.fault({ match: "experiments.search", times: 1, action: { kind: "throttle", retryAfter: 1 } });
    await assert.rejects(ask(double, "/api/2.0/mlflow/experiments/create", { name: "e" }));
    assert.ok(double.state.experimentNamed("e"));
    const { status } = await ask(double, "/api/2.0/mlflow/experiments/search", { max_results: 1 });
    assert.equal(status, 429);
  }));

Deno.test("more than 10 MB is not taken by upload-artifact", () =>
  withDouble({ runs: 1, artifacts: "unproxied" }, async (double) => {
    const url = `${double.url}/ajax-api/2.0/mlflow/upload-artifact?run_uuid=${generatedId(0)}&path=x.bin`;
    const sizes = [10 * 1024 * 1024, 10 * 1024 * 1024 + 1];
    const statuses = [];
    for (const size of sizes) {
      const answer = await fetch(url, { method: "POST", body: new Uint8Array(size) });
      await answer.body?.cancel();
      statuses.push(answer.status);
    }
    assert.deepEqual(statuses, [200, 400]);
  }));

for (const [version, statuses] of [["2.22.5", [404, 400]], ["3.17.2", [404, 404]]] as const) {
  Deno.test(`a first line of 4,094 and of 4,095 bytes on ${version}`, () =>
    withDouble({ version }, async (double) => {
      const path = "/api/2.0/mlflow/experiments/get-by-name?experiment_name=";
      const seen = [];
      for (const length of [4094, 4095]) {
        const name = "x".repeat(length - `GET ${path} HTTP/1.1`.length);
        seen.push((await ask(double, path + name)).status);
      }
      assert.deepEqual(seen, statuses);
    }));
}
