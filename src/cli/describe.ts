import { Failure } from "../records/failure.ts";

/** What ended a command, in words for stderr; a bug comes with its stack, so that it can be reported. */
export function describe(thrown: unknown): string {
  if (!(thrown instanceof Failure)) {
    return `this is a bug in azml: ${thrown instanceof Error ? thrown.stack : String(thrown)}`;
  }
  const { code, hint, requestId } = thrown.facts;
  const request = requestId ? ` (request ${requestId})` : "";
  return `${thrown.message}${request} [${code}]${hint ? `\n  ${hint}` : ""}`;
}
