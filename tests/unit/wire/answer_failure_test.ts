import assert from "node:assert/strict";
import type { Reach } from "../../../src/records/failure.ts";
import { answerFailure } from "../../../src/wire/answer_failure.ts";
import { ROUTES } from "../../../src/wire/routes.ts";
import type { Route } from "../../../src/wire/wire.ts";

const CASES: readonly {
  readonly status: number;
  readonly route?: Route;
  readonly message?: string;
  readonly reach: Reach;
  readonly retryable: boolean;
  readonly hint?: RegExp;
}[] = [
  { status: 400, reach: "record", retryable: false },
  { status: 404, reach: "record", retryable: false },
  { status: 409, reach: "record", retryable: false },
  { status: 401, reach: "auth", retryable: false, hint: /sign in again/ },
  {
    status: 401,
    message:
      "The access token is from the wrong issuer 'https://sts.windows.net/aa/'. It must match the tenant 'https://sts.windows.net/bb-cc/' associated with this subscription.",
    reach: "auth",
    retryable: false,
    hint: /tenant bb-cc: set `tenant_id`/,
  },
  { status: 403, reach: "record", retryable: false, hint: /AzureML Data Scientist/ },
  { status: 403, route: ROUTES.arm.workspace, reach: "auth", retryable: false, hint: /Reader role/ },
  { status: 403, route: ROUTES.arm.datastoreSecrets, reach: "record", retryable: false, hint: /listSecrets/ },
  {
    status: 403,
    message: "Public network access is disabled",
    reach: "record",
    retryable: false,
    hint: /network rule/,
  },
  { status: 429, reach: "unreachable", retryable: true, hint: /throttles/ },
  { status: 502, reach: "unreachable", retryable: true },
  { status: 503, reach: "unreachable", retryable: true },
  { status: 500, reach: "record", retryable: true },
  { status: 504, reach: "record", retryable: true },
  { status: 500, route: ROUTES.metric.batchSync, reach: "record", retryable: true, hint: /unknown whether/ },
  {
    status: 503,
    route: ROUTES.metric.batchSync,
    reach: "unreachable",
    retryable: true,
    hint: /unknown whether/,
  },
  { status: 400, route: ROUTES.metric.batchSync, reach: "record", retryable: false },
];

const address = new URL("https://h.example/history/v1.0/runs/a%20b?sig=secret");

for (const { status, route = ROUTES.history.run, message = "no", reach, retryable, hint } of CASES) {
  Deno.test(`${status} at ${route.path}${message === "no" ? "" : `, "${message.slice(0, 20)}"`}`, () => {
    const failure = answerFailure({ route, address }, status, { code: "Code", message, requestId: "r" });
    assert.deepEqual([failure.facts.reach, failure.facts.retryable], [reach, retryable]);
    assert.deepEqual([failure.facts.code, failure.facts.status, failure.facts.requestId], [
      "Code",
      status,
      "r",
    ]);
    assert.match(failure.facts.hint ?? "", hint ?? /^/);
    assert.ok(
      failure.message.startsWith(
        `${route.method} /history/v1.0/runs/a b at h.example answered ${status} Code: `,
      ),
      failure.message,
    );
  });
}
