import { Failure } from "../records/failure.ts";
import { scrub } from "./scrub.ts";

/** Why a request got no answer. */
export interface NoAnswer {
  /** The system's word (`ECONNREFUSED` ...), or `timeout`, `cut_body`. */
  readonly code: string;
  readonly message: string;
  /** Whether the service may have got the request. */
  readonly arrived: boolean;
  /** Whether trying again may help. */
  readonly passing: boolean;
  /** What kept the request's own bytes from coming. */
  readonly cause?: Failure;
}

/** No answer came, after all tries that were allowed. */
export class Lost extends Error {
  override readonly name = "Lost";
  readonly why: NoAnswer;
  readonly tries: number;

  constructor(why: NoAnswer, tries: number) {
    super(why.message);
    this.why = why;
    this.tries = tries;
  }
}

/** Codes of connections that were never made. */
const NEVER_MADE = new Set(["ECONNREFUSED", "ENOTFOUND", "EAI_AGAIN", "EHOSTUNREACH", "ENETUNREACH"]);

/** Certificates that do not check out: nothing was sent, and no patience helps. */
const BAD_TRUST = /CERT|SELF_SIGNED|UNABLE_TO_VERIFY|ERR_TLS|UnknownIssuer|certificate/i;

/** Texts of Deno's node:http where no code is given. */
const NEVER_MADE_TEXT = /connection refused|dns error|name or service not known|failed to lookup address/i;

/** Reads what the http client threw; an error that is none of the network's is thrown on, as a bug. */
export function noAnswerOf(error: unknown): NoAnswer {
  if (!(error instanceof Error)) throw error;
  if (error instanceof Failure) return brokenContent(error);
  const message = scrub(error.message);
  if (error.name === "AbortError") return { code: "timeout", message, arrived: true, passing: true };
  if (error instanceof SyntaxError) {
    return { code: "cut_body", message: `the answer is no JSON: ${message}`, arrived: true, passing: true };
  }
  const code = "code" in error && typeof error.code === "string" ? error.code : "";
  if (code === "" && error.name !== "RestError") throw error;
  if (code === "PARSE_ERROR") return { code: "cut_body", message, arrived: true, passing: true };
  if (BAD_TRUST.test(`${code} ${message}`)) {
    return { code: code || "bad_certificate", message, arrived: false, passing: false };
  }
  const never = NEVER_MADE.has(code) || NEVER_MADE_TEXT.test(message);
  return { code: code || "no_answer", message, arrived: !never, passing: true };
}

/** The bytes to send stopped coming: they are read anew where that may help. */
function brokenContent(cause: Failure): NoAnswer {
  const { code, retryable, reach } = cause.facts;
  return { code, message: cause.message, arrived: true, passing: retryable && reach === "record", cause };
}
