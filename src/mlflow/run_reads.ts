import { Failure } from "../records/failure.ts";
import type { JsonObject } from "../records/json.ts";
import { isJsonObject } from "../records/json.ts";
import type { Fault, Log } from "../stages/ports.ts";
import type { OpenAnswer, Route } from "../wire/wire.ts";
import type { MlflowDetails, MlflowServer } from "./server.ts";

/** What went wrong with a part of a run, before it is said which part. */
export type Trouble = Pick<Fault, "code" | "message" | "retryable" | "hint">;

/** How a server is read. */
export interface ReadOptions {
  /** Requests under way at a time for one purpose; the wire bounds them all together. */
  readonly concurrency: number;
  readonly log: Log;
  /** Once aborted nothing new is read and the listing ends. */
  readonly signal: AbortSignal;
}

/** How many requests in a row may get no answer before it is the network's fault and not one record's. */
const SILENCE = 3;

/** Statuses that say that a request of this form is not taken, so another form may be. */
const REFUSALS: ReadonlySet<number> = new Set([400, 404, 405, 414, 422, 501]);

/** A tracking server as a reader of runs uses it: counts silence, and says what a failure means. */
export class RunReads {
  readonly server: MlflowServer;
  readonly log: Log;
  readonly signal: AbortSignal;
  readonly concurrency: number;
  /** Cleared for good once the server has no bulk history. */
  bulkHistory = true;
  #silent = 0;

  constructor(server: MlflowServer, options: ReadOptions) {
    this.server = server;
    this.log = options.log;
    this.signal = options.signal;
    this.concurrency = Math.max(1, options.concurrency);
  }

  /** One request that is answered with an object; throws as `MlflowServer.send` does, and for any other answer. */
  async ask(route: Route, details: MlflowDetails): Promise<JsonObject> {
    const { body } = await this.#heard(this.server.send(route, details));
    if (isJsonObject(body)) return body;
    throw new Failure(`${route.method} ${route.path} was answered with something that is no JSON object`, {
      code: "no_object",
      reach: "record",
      retryable: true,
      hint: "this is a fault of the server, or of a proxy before it: run it again",
    });
  }

  /** As `ask`, with the body as a stream. */
  open(route: Route, details: MlflowDetails): Promise<OpenAnswer> {
    return this.#heard(this.server.open(route, details));
  }

  /**
   * What a failure means for the record that it met. Throws it on when it hits everything: no sign-in, an interrupt,
   * and several requests in a row without any answer. What is no `Failure` is thrown on, too.
   */
  trouble(error: unknown): Trouble {
    if (!(error instanceof Failure) || this.signal.aborted) throw error;
    const { code, reach, retryable, hint } = error.facts;
    const everything = reach === "auth" || (isSilence(error) && this.#silent >= SILENCE);
    if (everything || reach === "usage" || reach === "disk") throw error;
    return { code, message: error.message, retryable, ...(hint === undefined ? {} : { hint }) };
  }

  async #heard<T>(answer: Promise<T>): Promise<T> {
    try {
      const value = await answer;
      this.#silent = 0;
      return value;
    } catch (error) {
      this.#silent = isSilence(error) ? this.#silent + 1 : 0;
      throw error;
    }
  }
}

/** Whether the server said that it does not take a request of this form (so another form may do). */
export function isRefusal(error: unknown): error is Failure {
  return error instanceof Failure && REFUSALS.has(error.facts.status ?? 0);
}

/** Whether the server said that what was asked for is not there (MLflow's error code). */
export function isAbsent(error: unknown): boolean {
  return error instanceof Failure && error.facts.code === "RESOURCE_DOES_NOT_EXIST";
}

function isSilence(error: unknown): boolean {
  return error instanceof Failure && error.facts.reach === "unreachable" && error.facts.status === undefined;
}
