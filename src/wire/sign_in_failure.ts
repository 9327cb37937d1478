import { Failure, type Reach } from "../records/failure.ts";
import { scrub } from "./scrub.ts";

/** What was being signed in for. */
export interface SignInTry {
  readonly resource: string;
  readonly tenant: string | null;
  readonly credential: string;
}

interface Cause {
  /** The way to sign in that it is about; all when absent. */
  readonly credential?: string;
  readonly pattern: RegExp;
  readonly code: string;
  readonly reach: Reach;
  readonly hint: (remedy: string) => string;
}

/** Causes by what the library, the Azure CLI or Entra says of them, most special first. */
const CAUSES: readonly Cause[] = [
  {
    // The machine's own address for identities: where it does not answer there is none.
    credential: "managed-identity",
    pattern:
      /ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ETIMEDOUT|EHOSTUNREACH|ENETUNREACH|network_error|unavailable|timed? ?out/i,
    code: "no_managed_identity",
    reach: "auth",
    hint: (remedy) => remedy,
  },
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
    hint: (remedy) => `the sign-in has expired: ${remedy}`,
  },
  {
    pattern: /AADSTS(?:90002|50020|90072|900023|700016)|invalid tenant id|tenant '?[^']*'? not found/i,
    code: "wrong_tenant",
    reach: "auth",
    hint: (remedy) =>
      `the account or application is not known in that tenant: check \`tenant_id\`, or ${remedy}`,
  },
  {
    pattern: /AADSTS(?:50076|50078|50079|53000|53003|50158)|interaction_required/i,
    code: "interaction_required",
    reach: "auth",
    hint: (remedy) => `the tenant wants a sign-in with more proof: ${remedy}`,
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
    hint: (remedy) => `${remedy}`,
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
  hint: (remedy) => `${remedy}, or set another \`credential\` in the config`,
};

/** What to do, by the way to sign in; `login` is a command line. */
const REMEDIES: Readonly<Record<string, (login: string) => string>> = {
  "environment": () =>
    "check AZURE_TENANT_ID, AZURE_CLIENT_ID and AZURE_CLIENT_SECRET (or AZURE_CLIENT_CERTIFICATE_PATH)",
  "managed-identity": () =>
    "managed-identity works on Azure machines alone that have an identity (AZURE_CLIENT_ID names a user-assigned one)",
  "workload-identity": () =>
    "workload-identity works where AZURE_FEDERATED_TOKEN_FILE, AZURE_CLIENT_ID and AZURE_TENANT_ID are set, such as in AKS",
  "device-code": () => "run it again and sign in with the code that is shown",
};

const byCli = (login: string) => `run ${login}`;

const MAX_SAID = 300;

/** The failure that a refused sign-in means. A `Failure` (of the prompt) stays what it is. */
export function signInFailure(error: unknown, { resource, tenant, credential }: SignInTry): Failure {
  if (error instanceof Failure) return error;
  const said = scrub(error instanceof Error ? error.message : String(error));
  const cause = CAUSES.find((one) => (one.credential ?? credential) === credential && one.pattern.test(said));
  const { code, reach, hint } = cause ?? OTHERWISE;
  const login = tenant === null ? "`az login`" : `\`az login --tenant ${tenant}\``;
  const remedy = (REMEDIES[credential] ?? byCli)(login);
  const where = tenant === null ? "" : ` in tenant ${tenant}`;
  const line = tellingLine(said, cause?.pattern).slice(0, MAX_SAID);
  return new Failure(
    `could not get a token for ${resource}${where} (credential "${credential}"): ${line.toWellFormed()}`,
    { code, reach, hint: hint(remedy), retryable: reach === "unreachable", cause: error },
  );
}

/** The first line, or the one that names the cause: libraries put whole requests and answers behind it. */
function tellingLine(said: string, pattern: RegExp | undefined): string {
  const lines = said.split("\n").map((line) => line.trim()).filter((line) => line !== "");
  const isDump = (line: string) => /^[{["}\]]/.test(line);
  const naming = lines.find((line) => pattern?.test(line) && !isDump(line));
  return naming ?? lines[0] ?? "it gave no reason";
}
