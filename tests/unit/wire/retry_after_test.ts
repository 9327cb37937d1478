import assert from "node:assert/strict";
import { retryAfterMs } from "../../../src/wire/retry_after.ts";

const NOW = Date.parse("2026-01-01T00:00:00Z");

const CASES: readonly (readonly [Record<string, string>, number | null])[] = [
  [{}, null],
  [{ "retry-after": "7" }, 7000],
  [{ "retry-after": "0.5" }, 500],
  [{ "retry-after": "Thu, 01 Jan 2026 00:00:30 GMT" }, 30_000],
  [{ "retry-after": "Thu, 01 Jan 2025 00:00:30 GMT" }, 0],
  [{ "retry-after": "soon" }, null],
  [{ "retry-after": "" }, null],
  [{ "retry-after": "-5" }, null],
  [{ "retry-after-ms": "120", "retry-after": "9" }, 120],
  [{ "x-ms-retry-after-ms": "80" }, 80],
  [{ "x-ms-retry-after-ms": "x", "retry-after": "1" }, 1000],
];

for (const [headers, ms] of CASES) {
  Deno.test(`wait asked for by ${JSON.stringify(headers)}`, () => {
    assert.equal(retryAfterMs((name) => headers[name], NOW), ms);
  });
}
