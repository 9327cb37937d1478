import { isJsonObject, type JsonObject } from "../../../src/records/json.ts";
import { type Handler, reply } from "./reading_rig.ts";

/** What a fake workspace holds. */
export interface FakeWork {
  readonly runs: readonly JsonObject[];
  /** What ARM lists, one job a page. */
  readonly jobs?: readonly JsonObject[];
  readonly experiments: readonly JsonObject[];
}

/** The handlers of a rig that answer from these runs, jobs and experiments. */
export function fakeWork({ runs, jobs = [], experiments }: FakeWork): Readonly<Record<string, Handler>> {
  return {
    "arm.jobs": listed(jobs),
    "arm.job": ({ vars }) => jobs.find(({ name }) => name === vars?.["name"]) ?? reply(404),
    "history.batchRunData": (_, { requests }) => lookedUp(runs, Object.keys(requests ?? {})),
    "history.queryRunsById": queried(runs),
    "history.queryExperiments": () => ({ value: [...experiments] }),
    "history.experimentById": ({ vars }) =>
      experiments.find(({ experimentId }) => experimentId === vars?.["experimentId"]) ?? reply(404),
  };
}

/** ARM's list, one job a page. */
export function listed(jobs: readonly JsonObject[]): Handler {
  return ({ url, query }) => {
    const view = url === undefined ? query?.["listViewType"] : new URL(url).searchParams.get("view");
    const shown = jobs.filter(({ properties }) => {
      const archived = isJsonObject(properties) && properties["isArchived"] === true;
      return view === "All" || archived === (view === "ArchivedOnly");
    });
    const from = url === undefined ? 0 : Number(new URL(url).searchParams.get("from"));
    const next = `https://management.azure.com/next?view=${view}&from=${from + 1}`;
    return { value: shown.slice(from, from + 1), ...(from + 1 < shown.length ? { nextLink: next } : {}) };
  };
}

function lookedUp(runs: readonly JsonObject[], ids: readonly string[]): JsonObject {
  const found = runs.filter(({ runId }) => ids.includes(`${runId}`));
  const failed = ids.filter((id) => !found.some(({ runId }) => runId === id));
  const notFound = {
    error: { code: "UserError", message: "was not found", innerError: { code: "NotFoundError" } },
  };
  return {
    successfulResults: Object.fromEntries(found.map((run) => [`${run["runId"]}`, { runMetadata: run }])),
    failedResults: Object.fromEntries(failed.map((id) => [id, notFound])),
  };
}

/** The runs of an experiment: all of them, or those of the roots that the filter names. */
export function queried(runs: readonly JsonObject[]): Handler {
  return ({ vars }, { filter }) => {
    const roots = [...`${filter}`.matchAll(/RootRunId eq ([\w-]+)/g)].map(([, id]) => id);
    const wanted = (run: JsonObject) => filter === undefined || roots.includes(`${run["rootRunId"]}`);
    return { value: runs.filter((run) => run["experimentId"] === vars?.["experimentId"]).filter(wanted) };
  };
}
