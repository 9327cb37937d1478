import { Failure, type Reach } from "../records/failure.ts";
import { scrub } from "./scrub.ts";

/** What was being signed in for. */
export interface SignInTry {
  readonly resource: string;
  readonly tenant: string | null;
  readonly credential: string;
}

interface Cause {
  readonly pattern: RegExp;
  readonly code: string;
  readonly reach: Reach;
  readonly hint: (login: string) => string;
}

/** Causes by what the library, the Azure CLI or Entra says of them, most special first. */
const CAUSES: readonly Cause[] = [
  {
    pattern: /Azure CLI could not be found/i,
    code: "az_not_found",
    reach: "auth",
    hint: () => "install the Azure CLI (https://aka.ms/azure-cli), or set another `credential` in the config",
  },
  {
    pattern: /AADSTS(?:70043|700082|700084|50173|50132)|expired/i,
    code: "sign_in_expired",
    reach: "auth",
    hint: (login) => `the sign-in has expired: run ${login}`,
  },
  {
    pattern: /AADSTS(?:90002|50020|90072|900023|700016)|invalid tenant id|tenant '?[^']*'? not found/i,
    code: "wrong_tenant",
    reach: "auth",
    hint: (login) =>
      `the account or application is not known in that tenant: check \`tenant_id\`, or run ${login}`,
  },
  {
    pattern: /AADSTS(?:50076|50078|50079|53000|53003|50158)|interaction_required/i,
    code: "interaction_required",
    reach: "auth",
    hint: (login) => `the tenant wants a sign-in with more proof: run ${login}`,
  },
  {
    pattern: /AADSTS(?:7000215|7000222)|invalid_client/i,
    code: "bad_client_secret",
    reach: "auth",
    hint: () => "the application's secret is wrong or has ended: check AZURE_CLIENT_SECRET",
  },
  {
    pattern: /az login|not logged in/i,
    code: "not_signed_in",
    reach: "auth",
    hint: (login) => `run ${login}`,
  },
  {
    pattern: /ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ETIMEDOUT|network_error|endpoints_resolution_error/i,
    code: "sign_in_unreachable",
    reach: "unreachable",
    hint: () => "check the network or proxy (HTTPS_PROXY), then run it again",
  },
];

const OTHERWISE: Omit<Cause, "pattern"> = {
  code: "sign_in_failed",
  reach: "auth",
  hint: (login) => `run ${login}, or set another \`credential\` in the config`,
};

const MAX_SAID = 300;

/** The failure that a refused sign-in means. A `Failure` (of the prompt) stays what it is. */
export function signInFailure(error: unknown, { resource, tenant, credential }: SignInTry): Failure {
  if (error instanceof Failure) return error;
  const said = scrub(error instanceof Error ? error.message : String(error));
  const { code, reach, hint } = CAUSES.find(({ pattern }) => pattern.test(said)) ?? OTHERWISE;
  const login = tenant === null ? "`az login`" : `\`az login --tenant ${tenant}\``;
  const where = tenant === null ? "" : ` in tenant ${tenant}`;
  const line = said.split(/\s*\n\s*/).filter((part) => part !== "").join(" ").slice(0, MAX_SAID);
  return new Failure(
    `could not get a token for ${resource}${where} (credential "${credential}"): ${line.toWellFormed()}`,
    { code, reach, hint: hint(login), retryable: reach === "unreachable", cause: error },
  );
}
