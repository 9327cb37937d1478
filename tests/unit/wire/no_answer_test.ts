import assert from "node:assert/strict";
import { noAnswerOf } from "../../../src/wire/no_answer.ts";

function thrown(name: string, message: string, code?: string): Error {
  return Object.assign(new Error(message), { name, ...(code === undefined ? {} : { code }) });
}

const CASES: readonly {
  readonly error: Error;
  readonly code: string;
  readonly arrived: boolean;
  readonly passing: boolean;
}[] = [
  {
    error: thrown("RestError", "connect", "ECONNREFUSED"),
    code: "ECONNREFUSED",
    arrived: false,
    passing: true,
  },
  { error: thrown("RestError", "dns", "ENOTFOUND"), code: "ENOTFOUND", arrived: false, passing: true },
  { error: thrown("RestError", "dns", "EAI_AGAIN"), code: "EAI_AGAIN", arrived: false, passing: true },
  {
    error: thrown("RestError", "socket hang up", "ECONNRESET"),
    code: "ECONNRESET",
    arrived: true,
    passing: true,
  },
  { error: thrown("RestError", "connect", "ETIMEDOUT"), code: "ETIMEDOUT", arrived: true, passing: true },
  { error: thrown("AbortError", "aborted"), code: "timeout", arrived: true, passing: true },
  { error: thrown("RestError", "reading", "PARSE_ERROR"), code: "cut_body", arrived: true, passing: true },
  { error: new SyntaxError("end of input"), code: "cut_body", arrived: true, passing: true },
  {
    error: thrown("RestError", "dns error: failed to lookup address information", "REQUEST_SEND_ERROR"),
    code: "REQUEST_SEND_ERROR",
    arrived: false,
    passing: true,
  },
  {
    error: thrown("RestError", "invalid peer certificate: UnknownIssuer", "REQUEST_SEND_ERROR"),
    code: "REQUEST_SEND_ERROR",
    arrived: false,
    passing: false,
  },
  {
    error: thrown("RestError", "self-signed", "DEPTH_ZERO_SELF_SIGNED_CERT"),
    code: "DEPTH_ZERO_SELF_SIGNED_CERT",
    arrived: false,
    passing: false,
  },
];

for (const { error, ...want } of CASES) {
  Deno.test(`no answer because of ${error.name} ${want.code}: ${error.message}`, () => {
    const { message: _message, ...facts } = noAnswerOf(error);
    assert.deepEqual(facts, want);
  });
}

Deno.test("what is none of the network's is thrown on", () => {
  assert.throws(() => noAnswerOf(new TypeError("bug")), TypeError);
  assert.throws(() => noAnswerOf("odd"), (error) => error === "odd");
});
