import { Failure } from "../records/failure.ts";
import { isJsonObject, type JsonValue } from "../records/json.ts";
import { objectAt } from "./json_fields.ts";
import { MLFLOW_ROUTES } from "./routes.ts";
import { type MlflowRun, parseRun } from "./run_parse.ts";
import type { TargetScope } from "./target_scope.ts";

/** The run in an answer of `runs/create` or `runs/get`. Throws `Failure` where there is none. */
export function runOf(body: JsonValue): MlflowRun {
  const run = isJsonObject(body) ? objectAt(body, "run") : null;
  const parsed = run === null ? null : parseRun(run);
  if (parsed !== null) return parsed;
  throw new Failure("The server answered the making of a run without a run.", {
    code: "no_run",
    reach: "record",
    retryable: true,
    hint: "this is a fault of the server, or of a proxy before it: run it again, azml looks first",
  });
}

/** A run as it is now; null when it is not there. Throws `Failure`. */
export async function readRun({ server }: TargetScope, id: string): Promise<MlflowRun | null> {
  const answer = await server.send(MLFLOW_ROUTES.runs.get, { query: { run_id: id }, accept: [404] });
  return answer.status === 404 ? null : runOf(answer.body);
}
