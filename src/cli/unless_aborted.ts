import { Failure } from "../records/failure.ts";

/** While a target is being looked for there is nothing to settle: an interrupt ends the waiting. Throws `Failure`. */
export async function unlessAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  const interrupted = Promise.withResolvers<never>();
  const onAbort = () =>
    interrupted.reject(
      new Failure("interrupted while connecting to the target", {
        code: "interrupted",
        reach: "unreachable",
        retryable: true,
      }),
    );
  if (signal.aborted) onAbort();
  signal.addEventListener("abort", onAbort, { once: true });
  try {
    return await Promise.race([work, interrupted.promise]);
  } finally {
    signal.removeEventListener("abort", onAbort);
  }
}
