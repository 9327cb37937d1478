import type { ErrorRecord } from "./error.ts";
import type { Failure } from "./failure.ts";

/** What an `error` record is made of; `undefined` is the same as left out. */
export interface ErrorFacts {
  /** The stage that met it. */
  readonly stage: string;
  readonly id?: string | undefined;
  /** 1-based line of the input. */
  readonly line?: number | undefined;
  /** The part of the record that it is about. */
  readonly part?: string | undefined;
  readonly code: string;
  readonly message: string;
  readonly hint?: string | undefined;
  /** False unless said otherwise. */
  readonly retryable?: boolean | undefined;
}

/** Makes an `error` record, its keys always in the same order. */
export function errorRecord(facts: ErrorFacts): ErrorRecord {
  return {
    kind: "error",
    v: 1,
    stage: facts.stage,
    ...(facts.id === undefined ? {} : { id: facts.id }),
    ...(facts.line === undefined ? {} : { line: facts.line }),
    ...(facts.part === undefined ? {} : { part: facts.part }),
    code: facts.code,
    message: facts.message,
    ...(facts.hint === undefined ? {} : { hint: facts.hint }),
    retryable: facts.retryable ?? false,
  };
}

/** Makes an `error` record of a `Failure` that one record met. */
export function failureRecord(
  failure: Failure,
  about: { readonly stage: string; readonly id?: string | undefined; readonly line?: number | undefined },
): ErrorRecord {
  const { code, hint, retryable } = failure.facts;
  return errorRecord({ ...about, code, message: failure.message, hint, retryable });
}
