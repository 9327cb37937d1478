import { Failure } from "../records/failure.ts";
import type { Fault } from "./ports.ts";

/** Codes of an exchange that broke although the service was there: one part is lost, not the whole reading. */
const BROKEN_EXCHANGE = new Set(["cut_body", "timeout"]);

/** Puts the failure of one part of a job into the words of its record. */
export function partFault(failure: Failure, part: string): Fault {
  const { code, hint, retryable } = failure.facts;
  return { part, code, message: failure.message, retryable, ...(hint === undefined ? {} : { hint }) };
}

/**
 * Whether a failure to read one part of a job says that nothing further can be read: no sign-in, nobody answers, no
 * room on the disk. A service that answered, be it that it is too busy past all patience, has refused this part alone.
 */
export function reachesBeyondPart(failure: Failure): boolean {
  const { reach, status, code } = failure.facts;
  if (reach === "record") return false;
  return reach !== "unreachable" || (status === undefined && !BROKEN_EXCHANGE.has(code));
}
