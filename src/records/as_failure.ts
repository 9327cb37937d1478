import { Failure } from "./failure.ts";

/** What was caught as a `Failure`. Anything else is a bug: it is thrown again and goes on its way. */
export function asFailure(error: unknown): Failure {
  if (error instanceof Failure) return error;
  throw error;
}
