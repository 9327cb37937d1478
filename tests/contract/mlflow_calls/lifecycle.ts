import { anExperiment, aRun, type CallScenario, get, post } from "./step.ts";

const points = [[5, 2, 1], [1, 9, 2], [3, 0, 3], [3, 0, 2], [1, 1, 4]].map((
  [timestamp = 0, step = 0, value = 0],
) => ({ key: "m", timestamp, step, value }));

/** What happens to runs when their experiment goes and comes back; the order of points; ties. */
export const lifecycle: CallScenario = {
  name: "lifecycle",
  server: "proxied",
  steps: [
    anExperiment("life-exp"),
    aRun("kept"),
    aRun("gone"),
    post("points out of order", "runs/log-batch", { run_id: "<kept>", metrics: points }),
    get("in which order", "metrics/get-history", { run_id: "<kept>", metric_key: "m" }),
    get("the one that is shown", "runs/get", { run_id: "<kept>" }),
    post("NaN at the last step", "runs/log-batch", {
      run_id: "<gone>",
      metrics: [
        { key: "n", timestamp: 1, step: 1, value: "NaN" },
        { key: "n", timestamp: 1, step: 1, value: 2 },
        { key: "n", timestamp: 1, step: 1, value: "NaN" },
        { key: "o", timestamp: 1, step: 1, value: -1 },
        { key: "o", timestamp: 1, step: 1, value: "NaN" },
      ],
    }),
    ...["NaN", "Infinity"].flatMap((value) => {
      const body = {
        run_id: "<gone>",
        metrics: [{ key: "again", timestamp: 1, step: 1, value }],
        params: [{ key: `with ${value}`, value: "1" }],
        tags: [{ key: `with ${value}`, value: "1" }],
      };
      return [
        post(`${value} alone`, "runs/log-batch", body),
        post(`${value} again, as a retry sends it`, "runs/log-batch", {
          ...body,
          params: [...body.params, { key: `retried ${value}`, value: "1" }],
          tags: [{ key: `retried ${value}`, value: "1" }],
        }),
        post(`${value} again by log-metric`, "runs/log-metric", {
          run_id: "<gone>",
          key: "again",
          timestamp: 1,
          step: 1,
          value,
        }),
      ];
    }),
    get("ties with NaN", "runs/get", { run_id: "<gone>" }),
    get("points with NaN", "metrics/get-history", { run_id: "<gone>", metric_key: "n" }),
    post("delete a run", "runs/delete", { run_id: "<gone>" }),
    get("history of a deleted run", "metrics/get-history", { run_id: "<gone>", metric_key: "n" }),
    post("log to an ended run", "runs/update", { run_id: "<kept>", status: "FINISHED", end_time: 9 }),
    post("an ended run takes a param", "runs/log-parameter", { run_id: "<kept>", key: "late", value: "1" }),
    post("times may change", "runs/update", { run_id: "<kept>", status: "RUNNING", end_time: 7 }),
    post("delete the experiment", "experiments/delete", { experiment_id: "<experiment>" }),
    post("delete it again", "experiments/delete", { experiment_id: "<experiment>" }),
    get("a run of it", "runs/get", { run_id: "<kept>" }),
    post("write to it", "runs/set-tag", { run_id: "<kept>", key: "k", value: "v" }),
    post("active runs of it", "runs/search", { experiment_ids: ["<experiment>"] }),
    post("deleted runs of it", "runs/search", {
      experiment_ids: ["<experiment>"],
      run_view_type: "DELETED_ONLY",
      order_by: ["attributes.run_name"],
    }),
    post("restore", "experiments/restore", { experiment_id: "<experiment>" }),
    post("all runs of it", "runs/search", {
      experiment_ids: ["<experiment>"],
      run_view_type: "ALL",
      order_by: ["attributes.run_name"],
    }),
    post("rename to a taken name", "experiments/update", {
      experiment_id: "<experiment>",
      new_name: "Default",
    }),
  ],
};
