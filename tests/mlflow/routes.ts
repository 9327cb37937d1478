import type { CallRow } from "./call.ts";
import { aliasCalls } from "./calls/aliases.ts";
import { artifactCalls } from "./calls/artifacts.ts";
import { experimentCalls } from "./calls/experiments.ts";
import { logCalls } from "./calls/log_data.ts";
import { loggedModelCalls } from "./calls/logged_models.ts";
import { historyCalls } from "./calls/metric_history.ts";
import { versionCalls } from "./calls/model_versions.ts";
import { proxyCalls } from "./calls/proxied.ts";
import { modelCalls } from "./calls/registered_models.ts";
import { runCalls } from "./calls/runs.ts";
import { searchCalls } from "./calls/search_runs.ts";
import { serverCalls } from "./calls/server_calls.ts";
import { isSince } from "./version.ts";

const ROWS: readonly CallRow[] = [
  ...serverCalls,
  ...experimentCalls,
  ...runCalls,
  ...logCalls,
  ...historyCalls,
  ...searchCalls,
  ...artifactCalls,
  ...proxyCalls,
  ...modelCalls,
  ...aliasCalls,
  ...versionCalls,
  ...loggedModelCalls,
];

/** A call that a request fits, with what stands in the gaps of its path. */
export interface RouteMatch {
  readonly row: CallRow;
  readonly vars: Readonly<Record<string, string>>;
}

/** Finds calls by method and path for one version; `405` when the path is there and the method is not. */
export class Routes {
  readonly #rows: readonly { row: CallRow; pattern: RegExp }[];

  constructor(version: string) {
    this.#rows = ROWS.filter(({ since }) => isSince(version, since ?? "0")).map((row) => ({
      row,
      pattern: patternOf(row.path),
    }));
  }

  match(method: string, path: string): RouteMatch | 404 | 405 {
    let seen: 404 | 405 = 404;
    for (const { row, pattern } of this.#rows) {
      const found = pattern.exec(path);
      if (found === null) continue;
      seen = 405;
      if (row.method !== method && !(method === "HEAD" && row.method === "GET")) continue;
      return { row, vars: { ...found.groups } };
    }
    return seen;
  }
}

/** Calls without a leading slash stand below both API roots. */
function patternOf(path: string): RegExp {
  const source = path.replaceAll(/\{(\+?)(\w+)\}|[.]/g, (_text, plus, name) => {
    if (name === undefined) return "\\.";
    return plus === "+" ? `(?<${name}>.+)` : `(?<${name}>[^/]+)`;
  });
  return new RegExp(`^${path.startsWith("/") ? "" : "/(?:ajax-)?api/2\\.0/mlflow/"}${source}$`);
}
