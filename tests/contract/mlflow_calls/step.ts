import type { JsonValue } from "../../../src/records/json.ts";

/**
 * One request of a scenario. `<name>` in path, query and body stands for what an earlier step kept under that name;
 * the same values are blanked to `<name>` in the answer before it is written or compared.
 */
export interface Step {
  /** What it shows. */
  readonly name: string;
  readonly method: "GET" | "POST" | "PATCH" | "PUT" | "DELETE" | "OPTIONS";
  /** Below the server's address, already percent-encoded. */
  readonly path: string;
  readonly query?: Readonly<Record<string, string | readonly string[]>>;
  readonly body?: JsonValue;
  /** Body that is no JSON value, or JSON that must be sent letter by letter. */
  readonly text?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** What to keep of the answer: name to dotted path (`run.info.run_id`). */
  readonly keep?: Readonly<Record<string, string>>;
  /** Names of headers of the answer that matter. */
  readonly show?: readonly string[];
  /** The answer's body is not compared, its status alone (HTML pages, stack traces). */
  readonly statusOnly?: true;
}

/** How a server is started. */
export type ServerKind = "proxied" | "unproxied" | "workspaces" | "auth";

/** Requests that are sent one after the other to a fresh corner of a server. */
export interface CallScenario {
  readonly name: string;
  readonly server: ServerKind;
  /** Left out on older servers, e.g. `3` or `3.10`. */
  readonly since?: string;
  readonly steps: readonly Step[];
}

/** The path of the REST calls. */
export const API = "/api/2.0/mlflow";

/** A call with a JSON body. */
export function post(name: string, call: string, body: JsonValue, more: Partial<Step> = {}): Step {
  return { name, method: "POST", path: `${API}/${call}`, body, ...more };
}

/** A call with a query. */
export function get(
  name: string,
  call: string,
  query: NonNullable<Step["query"]> = {},
  more: Partial<Step> = {},
): Step {
  return { name, method: "GET", path: `${API}/${call}`, query, ...more };
}

/** Makes an experiment and keeps its id. */
export function anExperiment(name: string, kept = "experiment"): Step {
  return post(`make experiment ${name}`, "experiments/create", { name }, {
    keep: { [kept]: "experiment_id" },
  });
}

/** Makes a run in `<experiment>` and keeps its id. */
export function aRun(kept = "run", more: { [key: string]: JsonValue } = {}): Step {
  const body = {
    experiment_id: "<experiment>",
    run_name: kept,
    user_id: "ann",
    start_time: 1_600_000_000_123,
    ...more,
  };
  return post(`make run ${kept}`, "runs/create", body, { keep: { [kept]: "run.info.run_id" } });
}
