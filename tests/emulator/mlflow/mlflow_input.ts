import type { JsonObject } from "../../../src/records/json.ts";
import { ServiceError } from "../errors.ts";
import { findRun } from "../history/find_run.ts";
import { textValue } from "../history/body_values.ts";
import { bodyObject, type Context } from "../router.ts";
import type { Run } from "../state.ts";

/** What an MLflow call was given: members of the body, and of the query for calls without one. */
export function mlflowInput(context: Context): JsonObject {
  return { ...Object.fromEntries(context.query), ...bodyObject(context) };
}

/** A text that a call must have. Throws 400 `INVALID_PARAMETER_VALUE` when it is missing. */
export function requiredText(input: JsonObject, name: string): string {
  const text = textValue(input[name]);
  if (text === null || text === "") throw invalid(`Missing value for required parameter '${name}'.`);
  return text;
}

/** The run that `run_id` (or the deprecated `run_uuid`) names. Throws 404 `RESOURCE_DOES_NOT_EXIST`. */
export function inputRun(context: Context, input: JsonObject): Run {
  return findRun(context.workspace, textValue(input.run_id) ?? requiredText(input, "run_uuid"));
}

/** A 400 in the words of MLflow on Azure ML. */
export function invalid(message: string): ServiceError {
  return new ServiceError({
    status: 400,
    code: "ValidationError",
    message,
    mlflow: "INVALID_PARAMETER_VALUE",
  });
}
