/**
 * How far a failure reaches, and so which exit code it ends in when it ends the command:
 * `record` (one record; the stream goes on), `usage` 2, `auth` 4, `unreachable` 5, `disk` 8.
 */
export type Reach = "record" | "usage" | "auth" | "unreachable" | "disk";

/** What is known of a failure beside its message. */
export interface FailureFacts {
  /** Machine-readable word, `snake_case`, or the service's own innermost code. */
  readonly code: string;
  readonly reach: Reach;
  /** What to do next. */
  readonly hint?: string;
  /** Whether running it again may succeed. */
  readonly retryable: boolean;
  /** HTTP status, where a service answered. */
  readonly status?: number;
  /** The service's request id, to quote to its support. */
  readonly requestId?: string;
  readonly cause?: unknown;
}

/** An error that azml understands. Anything else that is thrown is a bug (exit 1). */
export class Failure extends Error {
  override readonly name = "Failure";
  readonly facts: FailureFacts;

  /** `message` says what was tried, on what, and what was answered; it never holds a secret. */
  constructor(message: string, facts: FailureFacts) {
    super(message, facts.cause === undefined ? {} : { cause: facts.cause });
    this.facts = facts;
  }
}
