import type { TokenCredential } from "@azure/identity";
import { signInFailure } from "./sign_in_failure.ts";
import type { FetchToken } from "./tokens.ts";

/** Ways to sign in, as the config names them. */
export const CREDENTIALS = [
  "default",
  "cli",
  "environment",
  "managed-identity",
  "workload-identity",
  "device-code",
] as const;

/** See {@linkcode CREDENTIALS}. */
export type CredentialKind = typeof CREDENTIALS[number];

/** What signing in needs to know. */
export interface SignInOptions {
  readonly credential: CredentialKind;
  /** Base URL of Entra in another cloud than the public one; null leaves it to the library and its variables. */
  readonly authorityHost: string | null;
  /** Client id of a user-assigned identity (`AZURE_CLIENT_ID`), for `managed-identity`. */
  readonly clientId: string | null;
  /** Shows what the user must do to sign in with a device code; throws `Failure` when nobody is there to read it. */
  readonly prompt: (message: string) => void;
}

type Sdk = typeof import("@azure/identity");
type Maker = (sdk: Sdk, options: SignInOptions, tenant: string | null) => TokenCredential;

function common({ authorityHost }: SignInOptions, tenant: string | null) {
  return {
    ...(tenant === null ? {} : { tenantId: tenant }),
    ...(authorityHost === null ? {} : { authorityHost }),
  };
}

const MAKERS: Readonly<Record<CredentialKind, Maker>> = {
  "default": (sdk, options, tenant) => new sdk.DefaultAzureCredential(common(options, tenant)),
  "cli": (sdk, _options, tenant) => new sdk.AzureCliCredential(tenant === null ? {} : { tenantId: tenant }),
  "environment": (sdk, options) => new sdk.EnvironmentCredential(common(options, null)),
  "managed-identity": (sdk, { clientId }) =>
    new sdk.ManagedIdentityCredential(clientId === null ? {} : { clientId }),
  "workload-identity": (sdk, options, tenant) => new sdk.WorkloadIdentityCredential(common(options, tenant)),
  "device-code": (sdk, options, tenant) =>
    new sdk.DeviceCodeCredential({
      ...common(options, tenant),
      userPromptCallback: ({ message }) => options.prompt(message),
    }),
};

/**
 * Signs in to Entra, one credential for each tenant; scopes are `<resource>/.default`. The library loads with the
 * first token. Keeps no tokens: see {@linkcode createTokens}. Throws `Failure` (auth) with what to do.
 */
export function createSignIn(options: SignInOptions): FetchToken {
  const credentials = new Map<string | null, Promise<TokenCredential>>();
  const credentialFor = (tenant: string | null): Promise<TokenCredential> => {
    const known = credentials.get(tenant) ??
      import("@azure/identity").then((sdk) => MAKERS[options.credential](sdk, options, tenant));
    credentials.set(tenant, known);
    return known;
  };
  return async (resource, tenant) => {
    try {
      const credential = await credentialFor(tenant);
      const token = await credential.getToken(`${resource}/.default`);
      if (token === null) throw new Error("the credential gave no token");
      return { token: token.token, expiresOn: token.expiresOnTimestamp };
    } catch (error) {
      throw signInFailure(error, { resource, tenant, credential: options.credential });
    }
  };
}
