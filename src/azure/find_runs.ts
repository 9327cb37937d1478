import { isJsonObject, type JsonObject, type JsonValue } from "../records/json.ts";
import { DIGEST_TAG, ORIGIN_TAG, SOURCE_TAG } from "../records/lineage_tags.ts";
import { Failure } from "../records/failure.ts";
import type { FoundRun } from "../stages/ports.ts";
import { ROUTES } from "../wire/routes.ts";
import { readServiceError } from "../wire/service_error.ts";
import { objectAt } from "./json_fields.ts";
import { callService, type TargetScope } from "./target_scope.ts";
import { writersOf } from "./run_writers.ts";
import { type WrittenRun, writtenRun, writtenRuns } from "./written_run.ts";

/** Runs asked for in one `batchrundata`; no limit is documented. */
const CHUNK = 100;

/** Statuses by which a service says that it has no such route. */
const NO_ROUTE: readonly number[] = [404, 405, 501];

/**
 * Looks runs up by name, many a call (Azure ML run history, `batchrundata`; one by one where the service has not got
 * it). Names that are not there are not in the map. Never writes. Throws `Failure` when a run cannot be asked for.
 */
export async function findRuns(
  scope: Pick<TargetScope, "workspace" | "wire">,
  names: readonly string[],
): Promise<ReadonlyMap<string, FoundRun>> {
  const found = new Map<string, FoundRun>();
  const wanted = [...new Set(names)];
  for (let start = 0; start < wanted.length; start += CHUNK) {
    const chunk = wanted.slice(start, start + CHUNK);
    for (const [name, run] of await lookUp(scope, chunk)) found.set(name, foundRun(name, run));
  }
  return found;
}

async function lookUp(
  scope: Pick<TargetScope, "workspace" | "wire">,
  names: readonly string[],
): Promise<ReadonlyMap<string, WrittenRun>> {
  const requests: JsonObject = {};
  for (const name of names) requests[name] = { runId: name, selectRunMetadata: true };
  const answer = await callService(scope, ROUTES.history.batchRunData, {
    body: { requests },
    accept: NO_ROUTE,
  });
  if (NO_ROUTE.includes(answer.status)) return await oneByOne(scope, names);
  throwUnlessMissing(answer.body);
  return writtenRuns(answer.body);
}

async function oneByOne(
  scope: Pick<TargetScope, "workspace" | "wire">,
  names: readonly string[],
): Promise<ReadonlyMap<string, WrittenRun>> {
  const runs = new Map<string, WrittenRun>();
  for (const name of names) {
    const run = await readRun(scope, name);
    if (run !== null) runs.set(name, run);
  }
  return runs;
}

/** One run as it is now; null when it is not there. */
export async function readRun(
  scope: Pick<TargetScope, "workspace" | "wire">,
  name: string,
): Promise<WrittenRun | null> {
  const answer = await callService(scope, ROUTES.history.run, { vars: { runId: name }, accept: [404] });
  return answer.status === 404 ? null : writtenRun(answer.body);
}

/** A run that is not there is an answer; one that could not be read is not: it would be made a second time. */
function throwUnlessMissing(body: JsonValue): void {
  const failed = isJsonObject(body) ? objectAt(body, "failedResults") : null;
  for (const [name, result] of Object.entries(failed ?? {})) {
    const status = isJsonObject(result) && typeof result.statusCode === "number" ? result.statusCode : 0;
    const { code, message } = readServiceError(status, result, "", new Map());
    if (status === 404 || /not_?found/i.test(code)) continue;
    throw new Failure(
      `Looking up run "${name}" in the target: run history answered ${code}. ${message}`.trimEnd(),
      {
        code,
        reach: "record",
        retryable: status === 0 || status === 429 || status >= 500,
        hint: "Run it again; nothing was written for this run.",
      },
    );
  }
}

function foundRun(name: string, run: WrittenRun): FoundRun {
  const source = run.tags[SOURCE_TAG];
  const id = run.tags[ORIGIN_TAG];
  return {
    name,
    target: run.id,
    origin: source !== undefined && id !== undefined ? { source, id } : null,
    // An empty digest stands on a run that is being brought to another unit.
    digest: run.tags[DIGEST_TAG] || null,
    writers: writersOf(run),
  };
}
