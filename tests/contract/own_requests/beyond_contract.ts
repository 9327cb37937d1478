import { pathPattern } from "../dataplane_contract.ts";

/** An operation that azml uses and the published data plane does not describe. */
export interface Beyond {
  readonly method: string;
  /** `{ws}` stands for the workspace, other `{names}` for one segment. */
  readonly path: string;
  readonly query: readonly string[];
  readonly source: string;
  /** Whether a request with such a method and path (its workspace written `{ws}`) is for it. */
  isFor(method: string, path: string): boolean;
}

const ARM = "ARM operations of Microsoft.MachineLearningServices 2024-10-01";

type Row = Omit<Beyond, "isFor">;

const ROWS: readonly Row[] = [
  { method: "GET", path: "{ws}", query: ["api-version"], source: ARM },
  {
    method: "GET",
    path: "{ws}/jobs",
    query: ["api-version", "$skip", "jobType", "tag", "listViewType", "properties"],
    source: ARM,
  },
  { method: "GET", path: "{ws}/jobs/{name}", query: ["api-version"], source: ARM },
  { method: "GET", path: "{ws}/datastores/{name}", query: ["api-version"], source: ARM },
  {
    method: "POST",
    path: "{ws}/datastores/{name}/listSecrets",
    query: ["api-version"],
    source: `${ARM}; @azure/arm-machinelearning 2.1.1 sends it without a body, too`,
  },
  {
    method: "GET",
    path: "/discovery",
    query: [],
    source: "address from the workspace resource (discoveryUrl)",
  },
  {
    method: "GET",
    path: "/history/v1.0{ws}/experiments/{experiment}/runs/{runId}/metricsingest/wait",
    query: [],
    source: "azureml-core 1.61.0 (v1-run-complete and others)",
  },
];

/** None of them takes a body from azml. */
export const BEYOND: readonly Beyond[] = ROWS.map((row) => ({
  ...row,
  isFor: (method, path) => method === row.method && pathPattern(row.path).test(path),
}));
