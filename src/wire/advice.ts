import type { Route } from "./wire.ts";

/** What to tell people to do about refusals, which each world has its own words for. */
export interface Advice {
  /** After a 401. */
  readonly signIn: string;
  /** After a 403. */
  readonly refusal: (route: Route) => string;
  /** After a certificate that does not check out; follows a colon. */
  readonly certificate: string;
}

/** Roles by what was asked, most special first (Azure ML built-in roles). */
const ROLES: readonly (readonly [RegExp, string])[] = [
  [/\/listSecrets/, "a role with `datastores/listSecrets/action` (AzureML Data Scientist, Contributor)"],
  [/^\{\+ws\}\?/, "at least the Reader role on the workspace"],
  [/^\{\+ws\}/, "the AzureML Data Scientist role on the workspace (Reader is enough to read)"],
  [/./, "the AzureML Data Scientist role on the workspace"],
];

/** What helps with Azure. */
export const AZURE_ADVICE: Advice = {
  signIn: "the token was refused: sign in again, and check `tenant_id` and `credential` of the config",
  refusal: ({ path }) => `the signed-in account needs ${ROLES.find(([one]) => one.test(path))?.[1] ?? ""}`,
  certificate: "name the CA in NODE_EXTRA_CA_CERTS",
};
