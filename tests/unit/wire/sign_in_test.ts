import assert from "node:assert/strict";
import { Failure } from "../../../src/records/failure.ts";
import { createSignIn, type SignInOptions } from "../../../src/wire/sign_in.ts";
import { withPath } from "../with_path.ts";

const OPTIONS: SignInOptions = { credential: "cli", authorityHost: null, clientId: null, prompt: () => {} };
const ARM = "https://management.azure.com";
const TENANT = "11111111-2222-3333-4444-555555555555";

/** Runs with a stand-in `az` with this shell body first on the PATH (with none at all when null). */
async function withAz(body: string | null, run: (dir: string) => Promise<void>): Promise<void> {
  const dir = await Deno.makeTempDir();
  if (body !== null) await Deno.writeTextFile(`${dir}/az`, `#!/bin/sh\n${body}\n`, { mode: 0o755 });
  try {
    await withPath(body === null ? null : dir, () => run(dir));
  } finally {
    await Deno.remove(dir, { recursive: true });
  }
}

/** The library keeps a process handle for a moment after it has read the answer. */
function test(name: string, fn: () => Promise<void>) {
  Deno.test({ name, fn, sanitizeOps: false, sanitizeResources: false });
}

test("the Azure CLI is asked with resource and tenant", async () => {
  await withAz(
    `echo "$@" >> "$(dirname "$0")/asked"; printf '%s' '{"accessToken":"tok","expires_on":2000000000,"tokenType":"Bearer"}'`,
    async (dir) => {
      const fetch = createSignIn(OPTIONS);
      assert.deepEqual(await fetch(ARM, TENANT), { token: "tok", expiresOn: 2_000_000_000_000 });
      await fetch(ARM, null);
      assert.deepEqual((await Deno.readTextFile(`${dir}/asked`)).trim().split("\n"), [
        `account get-access-token --output json --resource ${ARM} --tenant ${TENANT}`,
        `account get-access-token --output json --resource ${ARM}`,
      ]);
    },
  );
});

const REFUSALS: readonly { name: string; az: string | null; code: string; hint: RegExp }[] = [
  { name: "no Azure CLI", az: null, code: "az_not_found", hint: /install the Azure CLI/ },
  {
    name: "not signed in",
    az: `echo "ERROR: Please run 'az login' to setup account." >&2; exit 1`,
    code: "not_signed_in",
    hint: new RegExp(`az login --tenant ${TENANT}`),
  },
  {
    name: "an expired sign-in",
    az:
      `echo "AADSTS700082: The refresh token has expired due to inactivity. Please explicitly log in with: az login --scope x" >&2; exit 1`,
    code: "sign_in_expired",
    hint: /has expired: run `az login --tenant/,
  },
  {
    name: "a tenant that does not exist",
    az: `echo "ERROR: AADSTS90002: Tenant '${TENANT}' not found." >&2; exit 1`,
    code: "wrong_tenant",
    hint: /check `tenant_id`/,
  },
  { name: "nonsense", az: `echo "what?"`, code: "sign_in_failed", hint: /another `credential`/ },
];

for (const { name, az, code, hint } of REFUSALS) {
  test(`sign-in with ${name} says what to do`, async () => {
    await withAz(az, async () => {
      const error = await createSignIn(OPTIONS)(ARM, TENANT).then(() => null, (error: unknown) => error);
      assert.ok(error instanceof Failure);
      assert.deepEqual([error.facts.code, error.facts.reach], [code, "auth"]);
      assert.match(error.facts.hint ?? "", hint);
      assert.match(
        error.message,
        /could not get a token for https:\/\/management\.azure\.com in tenant 1111/,
      );
    });
  });
}

test("a malformed tenant is a matter of the config", async () => {
  const error = await createSignIn(OPTIONS)(ARM, "bad tenant!").then(() => null, (error: unknown) => error);
  assert.ok(error instanceof Failure && error.facts.code === "wrong_tenant", String(error));
});
