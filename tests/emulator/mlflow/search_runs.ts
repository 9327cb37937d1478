import type { JsonObject } from "../../../src/records/json.ts";
import { numberValue, textList, textValue } from "../history/body_values.ts";
import { pageWindow } from "../history/page_window.ts";
import { type Context, json, type Reply } from "../router.ts";
import type { Run } from "../state.ts";
import { invalid, mlflowInput } from "./mlflow_input.ts";
import { mlflowStatus } from "./mlflow_status.ts";
import { runJson } from "./run_json.ts";
import { clausePasses, type SearchClause, searchFilter } from "./search_filter.ts";

const DEFAULT_RESULTS = 1000;
const MAX_RESULTS = 50_000;

const ATTRIBUTES: Readonly<Record<string, (run: Run) => string | number | null>> = {
  run_id: (run) => run.runId,
  run_uuid: (run) => run.runId,
  run_name: (run) => run.displayName,
  status: (run) => mlflowStatus(run.status),
  user_id: (run) => run.createdBy.userObjectId,
  start_time: (run) => millis(run.startTimeUtc ?? run.createdUtc),
  end_time: (run) => millis(run.endTimeUtc),
  creation_time: (run) => millis(run.createdUtc),
  duration: (run) => span(run),
};

const VIEWS: Readonly<Record<string, (run: Run) => boolean>> = {
  ACTIVE_ONLY: (run) => !run.hidden,
  DELETED_ONLY: (run) => run.hidden,
  ALL: () => true,
};

/** `runs/search`: AND of comparisons, order by attributes alone, paged. */
export function searchRuns(context: Context): Reply {
  const { workspace } = context;
  const input = mlflowInput(context);
  const view = VIEWS[textValue(input.run_view_type) ?? "ACTIVE_ONLY"];
  if (view === undefined) throw invalid(`Invalid run_view_type '${textValue(input.run_view_type)}'.`);
  const clauses = searchFilter(textValue(input.filter) ?? "");
  const found: Run[] = [];
  for (const id of textList(input.experiment_ids)) {
    const experiment = workspace.experiment(id);
    for (const runId of experiment === undefined ? [] : workspace.runsOf(experiment.experimentId)) {
      const run = workspace.runs.get(runId);
      if (run !== undefined && view(run) && clauses.every((clause) => passes(run, clause))) found.push(run);
    }
  }
  return page(context, input, ordered(found, textList(input.order_by)));
}

function page(context: Context, input: JsonObject, found: readonly Run[]): Reply {
  const size = numberValue(input.max_results) ?? DEFAULT_RESULTS;
  if (size < 1 || size > MAX_RESULTS) throw invalid(`Invalid value ${size} for parameter 'max_results'.`);
  const { from, to, token } = pageWindow(found.length, textValue(input.page_token), { size, emptyEvery: 0 });
  const runs = found.slice(from, to).map((run) => runJson(context, run));
  return json(token === null ? { runs } : { runs, next_page_token: token });
}

function passes(run: Run, clause: SearchClause): boolean {
  const value = heldValue(run, clause);
  const status = clause.kind === "attributes" && clause.key === "status";
  return clausePasses(value, status ? { ...clause, value: clause.value.toUpperCase() } : clause);
}

function heldValue(run: Run, { kind, key }: SearchClause): string | number | null {
  if (kind === "tags") return tagValue(run, key);
  if (kind === "params") return run.parameters[key] ?? null;
  if (kind === "attributes") {
    const attribute = ATTRIBUTES[key];
    if (attribute === undefined) throw invalid(`Invalid attribute key '${key}' specified.`);
    return attribute(run);
  }
  const series = run.metrics.get(key);
  const last = series === undefined || series.rows.length === 0
    ? undefined
    : series.rows.at(series.rows.length - 1);
  const value = last === undefined ? null : Object.values(last.data)[0];
  return typeof value === "number" ? value : null;
}

function tagValue(run: Run, key: string): string | null {
  const derived: Readonly<Record<string, string | null>> = {
    "mlflow.parentRunId": run.parentRunId,
    "mlflow.rootRunId": run.rootRunId,
    "mlflow.runName": run.displayName,
  };
  return run.tags[key] ?? derived[key] ?? null;
}

/** Newest start first unless told otherwise. Throws 400 for anything but attributes. */
function ordered(runs: Run[], terms: readonly string[]): Run[] {
  const keys = (terms.length === 0 ? ["start_time DESC"] : terms).map((term) => {
    const [field = "", direction = "ASC"] = term.trim().split(/\s+/);
    const attribute = ATTRIBUTES[field.replace(/^attr(ibutes?)?\./i, "")];
    if (attribute === undefined) throw invalid(`Order by '${field}' is not supported: only attributes are.`);
    return { attribute, sign: direction.toUpperCase() === "DESC" ? -1 : 1 };
  });
  return runs.sort((left, right) => {
    for (const { attribute, sign } of keys) {
      const [one, other] = [attribute(left) ?? -1, attribute(right) ?? -1];
      if (one !== other) return one < other ? -sign : sign;
    }
    return 0;
  });
}

function millis(time: string | null): number | null {
  return time === null ? null : Date.parse(time);
}

function span(run: Run): number | null {
  const [start, end] = [millis(run.startTimeUtc), millis(run.endTimeUtc)];
  return start === null || end === null ? null : end - start;
}
