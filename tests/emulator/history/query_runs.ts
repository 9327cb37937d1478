import type { JsonObject } from "../../../src/records/json.ts";
import { badRequest } from "../errors.ts";
import type { Settings } from "../settings.ts";
import type { Run, WorkspaceState } from "../state.ts";
import { FilterSyntaxError } from "./filter_tokens.ts";
import { pageWindow } from "./page_window.ts";
import { isRunField, runField } from "./run_fields.ts";
import { runFilter, type RunPredicate } from "./run_filter.ts";
import { orderRuns } from "./run_order.ts";
import { runView } from "./run_view.ts";

/** What a listing of runs asks for. */
export interface RunQuery {
  readonly filter: string | null;
  readonly orderBy: string | null;
  readonly top: number | null;
  readonly token: string | null;
}

/** `PaginatedRunList` without `nextLink`; the token is absent on the last page, as recorded. */
export function queryRuns(
  workspace: WorkspaceState,
  runIds: Iterable<string>,
  query: RunQuery,
  settings: Settings,
): { readonly answer: JsonObject; readonly token: string | null } {
  const passes = predicate(query.filter, settings);
  const runs: Run[] = [];
  for (const runId of runIds) {
    const run = workspace.runs.get(runId);
    if (run !== undefined && passes((field) => runField(run, field))) runs.push(run);
  }
  const ordered = orderRuns(runs, query.orderBy);
  const size = Math.min(query.top ?? settings.historyPageSize, settings.historyMaxPageSize);
  if (size < 1) throw badRequest("The number of runs to return must be positive.");
  const page = pageWindow(ordered.length, query.token, { size, emptyEvery: settings.emptyPageEvery });
  const value = ordered.slice(page.from, page.to).map((run) => runView(workspace, run));
  return {
    answer: page.token === null ? { value } : { value, continuationToken: page.token },
    token: page.token,
  };
}

function predicate(filter: string | null, settings: Settings): RunPredicate {
  if (!settings.orQueries && filter !== null && /\sor\s/i.test(filter)) {
    throw badRequest("Invalid filter: 'or' is not supported.");
  }
  try {
    return runFilter(filter, isRunField);
  } catch (error) {
    if (error instanceof FilterSyntaxError) throw badRequest(error.message);
    throw error;
  }
}
