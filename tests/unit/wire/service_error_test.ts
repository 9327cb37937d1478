import assert from "node:assert/strict";
import type { JsonValue } from "../../../src/records/json.ts";
import { readServiceError } from "../../../src/wire/service_error.ts";

const CASES: readonly {
  readonly name: string;
  readonly status: number;
  readonly body: JsonValue;
  readonly text?: string;
  readonly headers?: Record<string, string>;
  readonly want: { readonly code: string; readonly message: string; readonly requestId: string | null };
}[] = [
  {
    name: "ARM with the precise code in additionalInfo",
    status: 404,
    body: {
      error: {
        code: "UserError",
        message: "none",
        additionalInfo: [
          { type: "Correlation", info: { value: { operation: "o", request: "q1" } } },
          {
            type: "InnerError",
            info: {
              value: {
                code: "NotFound",
                innerError: { code: "UserAssignedIdentityNotFound", innerError: null },
              },
            },
          },
        ],
      },
    },
    want: { code: "UserAssignedIdentityNotFound", message: "none", requestId: "q1" },
  },
  {
    name: "plain ARM",
    status: 403,
    body: { error: { code: "AuthorizationFailed", message: "no" } },
    headers: { "x-ms-request-id": "h1" },
    want: { code: "AuthorizationFailed", message: "no", requestId: "h1" },
  },
  {
    name: "run history",
    status: 404,
    body: {
      error: {
        code: "UserError",
        message: "Run runId=x was not found",
        innerError: { code: "NotFoundError", innerError: null },
        additionalInfo: null,
      },
      correlation: { operation: "o", request: "q2" },
      statusCode: 404,
    },
    want: { code: "NotFoundError", message: "Run runId=x was not found", requestId: "q2" },
  },
  {
    name: "the MLflow endpoint in PascalCase",
    status: 400,
    body: {
      Error: { Code: "ValidationError", Message: "too long", InnerError: null, AdditionalInfo: null },
      Correlation: { operation: "o", request: "q3" },
      error_code: "INVALID_PARAMETER_VALUE",
    },
    want: { code: "INVALID_PARAMETER_VALUE", message: "too long", requestId: "q3" },
  },
  {
    name: "plain MLflow",
    status: 404,
    body: { error_code: "RESOURCE_DOES_NOT_EXIST", message: "no run" },
    want: { code: "RESOURCE_DOES_NOT_EXIST", message: "no run", requestId: null },
  },
  {
    name: "an empty body",
    status: 404,
    body: null,
    want: { code: "NotFound", message: "", requestId: null },
  },
  {
    name: "a proxy's page",
    status: 502,
    body: null,
    text: "<html><body><h1>Bad\n gateway</h1></body></html>",
    want: { code: "BadGateway", message: "Bad gateway", requestId: null },
  },
  {
    name: "an odd status",
    status: 418,
    body: null,
    want: { code: "http_418", message: "", requestId: null },
  },
];

for (const { name, status, body, text = "", headers = {}, want } of CASES) {
  Deno.test(`error envelope: ${name}`, () => {
    assert.deepEqual(readServiceError(status, body, text, new Map(Object.entries(headers))), want);
  });
}

Deno.test("a message holds no secret", () => {
  const message =
    "GET https://a.blob/x?sv=1&sig=AbC%3D&se=2 with Bearer eyJabcdefghij.eyJx.sig AccountKey=Zm9v;";
  const { message: clean } = readServiceError(400, { error: { code: "c", message } }, "", new Map());
  assert.equal(
    clean,
    "GET https://a.blob/x?sv=1&sig=<redacted>&se=2 with Bearer <redacted> AccountKey=<redacted>;",
  );
});
