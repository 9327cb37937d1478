import assert from "node:assert/strict";
import { codeOfThrown, type Ending, EXIT_CODES, exitCodeOf } from "../../../src/cli/exit_codes.ts";
import type { Counts, EndRecord } from "../../../src/records/end.ts";
import { Failure, type Reach } from "../../../src/records/failure.ts";

const NONE: Counts = {
  in: { job: 1 },
  out: { job: 1 },
  dropped: 0,
  failed: 0,
  incomplete: 0,
  bad_lines: 0,
  calls: 0,
  files: 0,
  bytes: 0,
};

function end(counts: Partial<Counts> & Record<string, unknown> = {}, complete = true): EndRecord {
  return { kind: "end", v: 1, stage: "plan", complete, counts: { ...NONE, ...counts }, upstream: [] };
}

const failure = (reach: Reach) => new Failure("no", { code: "no", reach, retryable: false });
const READS: Ending = { end: end(), readsInput: true, allowEmpty: false };
const EMPTY = end({ in: {}, out: {} });

const CASES: readonly (readonly [name: string, ending: Ending, code: number])[] = [
  ["all went well", READS, 0],
  ["a reader that went early", { ...READS, end: null }, 0],
  ["a record that failed", { ...READS, end: end({ failed: 1 }) }, 3],
  ["an incomplete record", { ...READS, end: end({ incomplete: 1 }) }, 3],
  ["a bad line", { ...READS, end: end({ bad_lines: 1 }) }, 3],
  ["an error from upstream", { ...READS, end: end({ in: { job: 1, error: 1 } }) }, 3],
  ["a stage before that broke off", { ...READS, end: { ...end(), upstream: [end({}, false)] } }, 3],
  ["differences", { ...READS, end: end({ differences: 2 }) }, 6],
  ["differences and failed records", { ...READS, end: end({ differences: 2, failed: 1 }) }, 3],
  ["nothing that came in", { ...READS, end: EMPTY }, 7],
  ["nothing that came in, which is allowed", { ...READS, end: EMPTY, allowEmpty: true }, 0],
  ["nothing that came in where nothing is read", { ...READS, end: EMPTY, readsInput: false }, 0],
  ["nothing but the end of an empty source", { ...READS, end: { ...EMPTY, upstream: [EMPTY] } }, 0],
  ["an empty input that was not read to its end", {
    ...READS,
    end: { ...EMPTY, complete: false },
    thrown: failure("disk"),
  }, 8],
  ["bad lines alone", { ...READS, end: end({ in: {}, out: {}, bad_lines: 3 }) }, 7],
  ["an interrupt", { ...READS, end: end({}, false), signal: "SIGINT" }, 130],
  ["a SIGTERM with failed records", { ...READS, end: end({ failed: 1 }, false), signal: "SIGTERM" }, 143],
  ["an interrupt while nothing had come", { ...READS, end: EMPTY, signal: "SIGINT" }, 130],
  ["a bug under an interrupt", { ...READS, thrown: new TypeError("x"), signal: "SIGINT" }, 1],
  ["a failure beside failed records", { ...READS, end: end({ failed: 1 }), thrown: failure("auth") }, 4],
];

for (const [name, ending, code] of CASES) {
  Deno.test(`${name}: exit ${code}`, () => assert.equal(exitCodeOf(ending), code));
}

const REACHES: Readonly<Record<Reach, number>> = { usage: 2, record: 3, auth: 4, unreachable: 5, disk: 8 };

Deno.test("what is thrown has the code of its reach; what is no Failure is a bug", () => {
  for (const reach of ["usage", "record", "auth", "unreachable", "disk"] as const) {
    assert.equal(codeOfThrown(failure(reach)), REACHES[reach]);
  }
  for (const bug of [new Error("x"), "text", null]) assert.equal(codeOfThrown(bug), 1);
});

Deno.test("every code stands once in the list, in the order of the protocol", () => {
  assert.deepEqual(EXIT_CODES.map(({ code }) => code), [1, 130, 143, 7, 2, 8, 4, 5, 3, 6, 0]);
});
