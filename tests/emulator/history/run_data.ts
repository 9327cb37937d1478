import type { JsonObject, JsonValue } from "../../../src/records/json.ts";
import { errorBody, ServiceError } from "../errors.ts";
import type { Context } from "../router.ts";
import { objectValue, textValue } from "./body_values.ts";
import { findRun } from "./find_run.ts";
import { runView } from "./run_view.ts";

/** `GetRunDataResult`: a run with what the request selects of it, null for the rest. Throws 404 for an unknown run. */
export function runData(context: Context, request: JsonObject): JsonObject {
  const run = findRun(context.workspace, textValue(request.runId) ?? "");
  return {
    runMetadata: request.selectRunMetadata === false ? null : runView(context.workspace, run),
    runDefinition: request.selectRunDefinition === true ? run.runDefinition : null,
    jobSpecification: request.selectJobSpecification === true ? run.jobSpecification : null,
    systemSettings: null,
  };
}

/** `BatchRunDataResult`: each request's answer or error under its key. */
export function batchRunData(context: Context, requests: JsonValue | undefined): JsonObject {
  const { done, errors } = eachUnderKey(
    context,
    Object.entries(objectValue(requests) ?? {}),
    (request) => runData(context, objectValue(request) ?? {}),
  );
  return { successfulResults: done, failedResults: errors };
}

/** Does one thing for each key; what is refused stands as an error envelope under its key. */
export function eachUnderKey<T>(
  context: Context,
  entries: Iterable<readonly [string, T]>,
  work: (value: T, key: string) => JsonValue,
): { readonly done: JsonObject; readonly errors: JsonObject } {
  const done: JsonObject = {};
  const errors: JsonObject = {};
  for (const [key, value] of entries) {
    try {
      done[key] = work(value, key);
    } catch (error) {
      if (!(error instanceof ServiceError)) throw error;
      errors[key] = errorInside(context, error, "run-history");
    }
  }
  return { done, errors };
}

/** An error as a part of an answer that is itself a success, in the service's envelope. */
export function errorInside(context: Context, error: ServiceError, component: string): JsonObject {
  return errorBody("history", error.facts, {
    region: context.workspace.facts.region,
    component,
    time: context.workspace.clock.now(),
    requestId: context.requestId,
  });
}
