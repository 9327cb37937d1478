import { anExperiment, aRun, type CallScenario, post } from "./step.ts";

const search = (name: string, filter: string, more: { [key: string]: string | number | string[] } = {}) =>
  post(name, "runs/search", { experiment_ids: ["<experiment>"], filter, ...more });

/** `runs/search`: filter, order, views, pages. */
export const runSearch: CallScenario = {
  name: "search",
  server: "proxied",
  steps: [
    anExperiment("search-exp"),
    aRun("a", { start_time: 1000, tags: [{ key: "my tag", value: "it's" }, { key: "k", value: "v1" }] }),
    aRun("b", { start_time: 3000, tags: [{ key: "k", value: "v2" }] }),
    aRun("c", { start_time: 2000 }),
    aRun("d", { start_time: 2000, tags: [{ key: "k", value: "v4" }] }),
    post("finish b", "runs/update", { run_id: "<b>", status: "FINISHED", end_time: 4000 }),
    post("values", "runs/log-batch", {
      run_id: "<c>",
      params: [{ key: "lr", value: "0.1" }],
      metrics: [{ key: "acc", value: 0.5, timestamp: 1, step: 0 }],
    }),
    post("delete d", "runs/delete", { run_id: "<d>" }),
    search("all active", ""),
    search("all views", "", { run_view_type: "ALL", order_by: ["attributes.run_name ASC"] }),
    search("deleted", "", { run_view_type: "DELETED_ONLY" }),
    search("wrong view", "", { run_view_type: "SOME" }),
    search("tag in back quotes", 'tags.`my tag` = "it\'s"'),
    search("tag", "tags.k = 'v2'"),
    search("tag not equal", "tags.k != 'v2'"),
    search("tag like", "tags.k LIKE 'v%'"),
    search("tag ilike", "tags.k ILIKE 'V%'"),
    search("run ids", "attributes.run_id IN ('<a>', '<c>')"),
    search("one run id", "run_id = '<a>'"),
    search("status", "attributes.status = 'FINISHED'"),
    search("start time", "attributes.start_time > 1000 AND start_time <= 2000"),
    search("start time as text", "attributes.start_time > '1000'"),
    search("param and metric", "params.lr = '0.1' and metrics.acc > 0.4"),
    search("metric too small", "metrics.acc > 0.5"),
    search("or", "tags.k = 'v1' OR tags.k = 'v2'"),
    search("unknown attribute", "attributes.nothing = 'x'"),
    search("number without quotes for a param", "params.lr = 0.1"),
    search("nonsense", "what is this"),
    search("order by metric", "", { order_by: ["metrics.acc DESC", "attributes.start_time ASC"] }),
    search("order by tag", "", { order_by: ["tags.k DESC"] }),
    post("one a page", "runs/search", { experiment_ids: ["<experiment>"], max_results: 2 }, {
      keep: { page: "next_page_token" },
    }),
    post("next page", "runs/search", {
      experiment_ids: ["<experiment>"],
      max_results: 2,
      page_token: "<page>",
    }),
    post("over 50,000", "runs/search", { experiment_ids: ["<experiment>"], max_results: 50_001 }),
    post("no experiments", "runs/search", { filter: "" }),
    post("unknown experiment", "runs/search", { experiment_ids: ["987654"] }),
    search("an empty IN", "attributes.run_id IN ()"),
    search("IN on a tag", "tags.k IN ('v1')"),
  ],
};
