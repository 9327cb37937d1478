import { anExperiment, API, aRun, type CallScenario, get, post } from "./step.ts";

const some = <T>(count: number, make: (index: number) => T): T[] =>
  Array.from({ length: count }, (_, index) => make(index));
const metrics = (count: number) => some(count, (step) => ({ key: "many", value: 1, timestamp: 1, step }));
const pairs = (count: number, prefix: string) =>
  some(count, (index) => ({ key: `${prefix}${index}`, value: "v" }));

/** `log-batch`: limits, silent cuts, repeated points, numbers that JSON has not got. */
export const batches: CallScenario = {
  name: "batches",
  server: "proxied",
  steps: [
    anExperiment("batch-exp"),
    aRun("run"),
    post("1,001 metrics", "runs/log-batch", { run_id: "<run>", metrics: metrics(1001) }),
    post("101 params", "runs/log-batch", { run_id: "<run>", params: pairs(101, "p") }),
    post("101 tags", "runs/log-batch", { run_id: "<run>", tags: pairs(101, "t") }),
    post("1,001 in all", "runs/log-batch", {
      run_id: "<run>",
      metrics: metrics(901),
      params: pairs(50, "p"),
      tags: pairs(50, "t"),
    }),
    post("no run", "runs/log-batch", { metrics: [] }),
    post("unknown run", "runs/log-batch", { run_id: "nobody", metrics: metrics(1) }),
    aRun("mixed"),
    post("900 + 50 + 50", "runs/log-batch", {
      run_id: "<mixed>",
      metrics: metrics(900),
      params: pairs(50, "p"),
      tags: pairs(50, "t"),
    }),
    post("the same again", "runs/log-batch", {
      run_id: "<mixed>",
      metrics: metrics(3),
      params: pairs(3, "p"),
      tags: pairs(3, "t"),
    }),
    post("a param with another value", "runs/log-batch", {
      run_id: "<mixed>",
      params: [{ key: "p1", value: "other" }],
    }),
    post("a param twice", "runs/log-batch", {
      run_id: "<mixed>",
      params: [{ key: "twice", value: "1" }, { key: "twice", value: "2" }],
    }),
    post("params that fit and one that does not", "runs/log-batch", {
      run_id: "<mixed>",
      params: [{ key: "pnew", value: "1" }, { key: "a%b", value: "2" }],
    }),
    post("no value", "runs/log-batch", { run_id: "<mixed>", params: [{ key: "empty" }] }),
    post("metric without timestamp", "runs/log-batch", {
      run_id: "<mixed>",
      metrics: [{ key: "m", value: 1, step: 0 }],
    }),
    post("metric without value", "runs/log-batch", {
      run_id: "<mixed>",
      metrics: [{ key: "m", timestamp: 1, step: 0 }],
    }),
    post("metric that is text", "runs/log-batch", {
      run_id: "<mixed>",
      metrics: [{ key: "m", value: "abc", timestamp: 1, step: 0 }],
    }),
    post("metric without step", "runs/log-batch", {
      run_id: "<mixed>",
      metrics: [{ key: "stepless", value: 1, timestamp: 1 }],
    }),
    aRun("odd"),
    post("long values", "runs/log-batch", {
      run_id: "<odd>",
      params: [{ key: "long", value: "p".repeat(6005) }],
      tags: [{ key: "long", value: "t".repeat(8005) }],
    }),
    post("odd numbers", "runs/log-batch", {
      run_id: "<odd>",
      metrics: [
        { key: "nan", value: "NaN", timestamp: 1, step: 0 },
        { key: "inf", value: "Infinity", timestamp: 1, step: 0 },
        { key: "-inf", value: "-Infinity", timestamp: 1, step: 0 },
        { key: "twice", value: 1, timestamp: 1, step: 0 },
        { key: "twice", value: 1, timestamp: 1, step: 0 },
        { key: "twice", value: 2, timestamp: 1, step: 0 },
        { key: "negative", value: 1, timestamp: 3, step: -4 },
        { key: "last", value: 9, timestamp: 1, step: 5 },
        { key: "last", value: 8, timestamp: 9, step: 4 },
        { key: "whole", value: 3, timestamp: 1, step: "12" },
      ],
    }),
    {
      name: "a step beyond 2^53",
      method: "POST",
      path: `${API}/runs/log-batch`,
      text: '{"run_id":"<odd>","metrics":[{"key":"far","value":1.5,"timestamp":1,"step":9007199254740993}]}',
    },
    get("all of it", "runs/get", { run_id: "<odd>" }),
    get("NaN in a history", "metrics/get-history", { run_id: "<odd>", metric_key: "nan" }),
    get("infinity in a history", "metrics/get-history", { run_id: "<odd>", metric_key: "inf" }),
    get("points given twice", "metrics/get-history", { run_id: "<odd>", metric_key: "twice" }),
    get("far step", "metrics/get-history", { run_id: "<odd>", metric_key: "far" }),
    get("whole numbers", "metrics/get-history", { run_id: "<odd>", metric_key: "whole" }),
    get("a history that is not there", "metrics/get-history", { run_id: "<odd>", metric_key: "nobody" }),
    get("history of no run", "metrics/get-history", { run_id: "nobody", metric_key: "m" }),
    get("history without key", "metrics/get-history", { run_id: "<odd>" }),
    get("three of 900", "metrics/get-history", {
      run_id: "<mixed>",
      metric_key: "many",
      max_results: "3",
    }, { keep: { page: "next_page_token" } }),
    {
      name: "bulk, one run",
      method: "GET",
      path: "/ajax-api/2.0/mlflow/metrics/get-history-bulk",
      query: { run_id: ["<odd>", "<run>"], metric_key: "twice", max_results: "25000" },
    },
    {
      name: "bulk, cut",
      method: "GET",
      path: "/ajax-api/2.0/mlflow/metrics/get-history-bulk",
      query: { run_id: ["<mixed>", "<odd>"], metric_key: "many", max_results: "3" },
    },
    {
      name: "bulk without runs",
      method: "GET",
      path: "/ajax-api/2.0/mlflow/metrics/get-history-bulk",
      query: { metric_key: "many" },
    },
    {
      name: "bulk with 101 runs",
      method: "GET",
      path: "/ajax-api/2.0/mlflow/metrics/get-history-bulk",
      query: { run_id: some(101, (index) => `r${index}`), metric_key: "many" },
    },
    {
      name: "bulk of an unknown run",
      method: "GET",
      path: "/ajax-api/2.0/mlflow/metrics/get-history-bulk",
      query: { run_id: "nobody", metric_key: "many" },
    },
    {
      name: "bulk below /api",
      method: "GET",
      path: `${API}/metrics/get-history-bulk`,
      query: { run_id: "<odd>", metric_key: "twice" },
      statusOnly: true,
    },
    {
      name: "a long request line",
      method: "GET",
      path: "/ajax-api/2.0/mlflow/metrics/get-history-bulk",
      query: { run_id: some(99, () => "<odd>"), metric_key: "m".repeat(250) },
      statusOnly: true,
    },
  ],
};
