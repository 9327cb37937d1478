import assert from "node:assert/strict";
import { signInFailure } from "../../../src/wire/sign_in_failure.ts";

const RESOURCE = "https://management.azure.com";
const DUMP =
  'Authentication failed.\n{\n  "request": {\n    "url": "http://169.254.169.254/x?code=abc"\n  }\n}';

const CASES: readonly (readonly [credential: string, said: string, code: string, hint: RegExp])[] = [
  [
    "environment",
    "EnvironmentCredential is unavailable.",
    "sign_in_failed",
    /AZURE_TENANT_ID.*AZURE_CLIENT_SECRET/,
  ],
  ["environment", "x\nAADSTS7000215: Invalid client secret", "bad_client_secret", /AZURE_CLIENT_SECRET/],
  [
    "environment",
    "AADSTS700016: no application",
    "wrong_tenant",
    /check `tenant_id`, or check AZURE_TENANT_ID/,
  ],
  ["managed-identity", "network_error", "no_managed_identity", /Azure machines alone/],
  ["managed-identity", DUMP, "sign_in_failed", /Azure machines alone/],
  ["workload-identity", "is unavailable", "sign_in_failed", /AZURE_FEDERATED_TOKEN_FILE/],
  ["cli", "Please run az login", "not_signed_in", /^run `az login --tenant t1`$/],
  ["default", DUMP, "sign_in_failed", /run `az login --tenant t1`/],
  ["cli", "getaddrinfo ENOTFOUND login", "sign_in_unreachable", /network/],
];

for (const [credential, said, code, hint] of CASES) {
  Deno.test(`${credential}: "${said.split("\n")[0]}" is ${code}, with what to do for that credential`, () => {
    const failure = signInFailure(new Error(said), { resource: RESOURCE, tenant: "t1", credential });
    assert.equal(failure.facts.code, code);
    assert.match(failure.facts.hint ?? "", hint);
    assert.doesNotMatch(failure.message, /request|\n/);
    const usesCli = credential === "cli" || credential === "default";
    assert.ok(usesCli || !failure.facts.hint?.includes("az login"));
  });
}

Deno.test("of several lines the one that names the cause is told", () => {
  const said = "ChainedTokenCredential authentication failed.\nAADSTS50076: more proof\nTrace ID: 1";
  const { message } = signInFailure(new Error(said), {
    resource: RESOURCE,
    tenant: null,
    credential: "default",
  });
  assert.match(message, /: AADSTS50076: more proof$/);
});
