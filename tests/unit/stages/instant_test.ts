import assert from "node:assert/strict";
import { instant } from "../../../src/stages/instant.ts";

const MS = 1_000_000n;

const TIMES: readonly [text: string, nanoseconds: bigint][] = [
  ["1970-01-01", 0n],
  ["2025-03-31", BigInt(Date.UTC(2025, 2, 31)) * MS],
  ["2025-03-31T18:00", BigInt(Date.UTC(2025, 2, 31, 18)) * MS],
  ["2025-03-31T18:00:05Z", BigInt(Date.UTC(2025, 2, 31, 18, 0, 5)) * MS],
  ["2025-03-31T18:00:05.1234567+00:00", BigInt(Date.UTC(2025, 2, 31, 18, 0, 5)) * MS + 123_456_700n],
  ["2025-03-31T18:00:05+02:00", BigInt(Date.UTC(2025, 2, 31, 16, 0, 5)) * MS],
  ["2025-03-31 18:00:05-0130", BigInt(Date.UTC(2025, 2, 31, 19, 30, 5)) * MS],
  ["2024-02-29", BigInt(Date.UTC(2024, 1, 29)) * MS],
  ["1969-12-31T23:59:59.5Z", -500n * MS],
];

for (const [text, nanoseconds] of TIMES) {
  Deno.test(`the time ${text} is read with all its digits`, () => assert.equal(instant(text), nanoseconds));
}

for (
  const text of [
    "",
    "yesterday",
    "2025-02-29",
    "2025-13-01",
    "2025-1-1",
    "2025-01-01T25:00",
    "20250101",
    "12",
  ]
) {
  Deno.test(`${JSON.stringify(text)} is no time`, () => assert.equal(instant(text), null));
}
