import { anExperiment, type CallScenario, get, post } from "./step.ts";

/** Experiments: names, tags, lifecycle, search. */
export const experiments: CallScenario = {
  name: "experiments",
  server: "proxied",
  steps: [
    anExperiment("exp/one, two: three"),
    post("same name again", "experiments/create", { name: "exp/one, two: three" }),
    post("no name", "experiments/create", {}),
    post("empty name", "experiments/create", { name: "" }),
    post("with tags", "experiments/create", { name: "exp-tagged", tags: [{ key: "a", value: "1" }] }, {
      keep: { tagged: "experiment_id" },
    }),
    get("by id", "experiments/get", { experiment_id: "<tagged>" }),
    get("by unknown id", "experiments/get", { experiment_id: "987654" }),
    get("by name", "experiments/get-by-name", { experiment_name: "exp/one, two: three" }),
    get("by unknown name", "experiments/get-by-name", { experiment_name: "exp-nobody" }),
    post("set a tag", "experiments/set-experiment-tag", {
      experiment_id: "<tagged>",
      key: "note",
      value: "hello",
    }),
    post("rename", "experiments/update", { experiment_id: "<tagged>", new_name: "exp-renamed" }),
    post("delete", "experiments/delete", { experiment_id: "<tagged>" }),
    get("deleted by name", "experiments/get-by-name", { experiment_name: "exp-renamed" }),
    post("name of a deleted one", "experiments/create", { name: "exp-renamed" }),
    post("run in a deleted one", "runs/create", { experiment_id: "<tagged>" }),
    post("tag on a deleted one", "experiments/set-experiment-tag", {
      experiment_id: "<tagged>",
      key: "x",
      value: "y",
    }),
    post("search without max_results", "experiments/search", {}),
    post("search by GET-like body", "experiments/search", { max_results: 1000, filter: "name LIKE 'exp%'" }),
    post("search the deleted", "experiments/search", {
      max_results: 1000,
      view_type: "DELETED_ONLY",
      filter: "name LIKE 'exp%'",
    }),
    post("search all, one a page", "experiments/search", {
      max_results: 1,
      view_type: "ALL",
      filter: "name LIKE 'exp%'",
    }, { keep: { page: "next_page_token" } }),
    post("next page", "experiments/search", {
      max_results: 1,
      view_type: "ALL",
      filter: "name LIKE 'exp%'",
      page_token: "<page>",
    }),
    post("search by tag", "experiments/search", {
      max_results: 5,
      view_type: "ALL",
      filter: "tags.note = 'hello'",
    }),
    post("search over 50,000", "experiments/search", { max_results: 50_001 }),
    post("restore", "experiments/restore", { experiment_id: "<tagged>" }),
    post("restore an active one", "experiments/restore", { experiment_id: "<tagged>" }),
    get("restored", "experiments/get", { experiment_id: "<tagged>" }),
  ],
};
