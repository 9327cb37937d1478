import type { Clock } from "./clock.ts";

/** A token and when it ends (milliseconds since the epoch). Secret. */
export interface AccessToken {
  readonly token: string;
  readonly expiresOn: number;
}

/** Asks for a new token of a resource (`https://management.azure.com`) in a tenant. Throws `Failure` (auth). */
export type FetchToken = (resource: string, tenant: string | null) => Promise<AccessToken>;

/** Tokens of a process, kept until shortly before they end. */
export interface Tokens {
  get(resource: string, tenant: string | null): Promise<AccessToken>;
  /** A service refused this token: the next `get` asks for another one. */
  forget(resource: string, tenant: string | null, token: string): void;
}

/** A token is renewed this long before it ends, or at half its life when it is short-lived. */
const MARGIN_MS = 5 * 60_000;

/** Keeps tokens by resource and tenant, and asks for one at a time (the Azure CLI credential keeps none itself). */
export function createTokens(fetch: FetchToken, clock: Pick<Clock, "now">): Tokens {
  const known = new Map<string, AccessToken & { readonly renewAt: number }>();
  const underWay = new Map<string, Promise<AccessToken>>();
  const keyOf = (resource: string, tenant: string | null) => `${tenant ?? ""}\n${resource}`;

  async function renew(key: string, resource: string, tenant: string | null): Promise<AccessToken> {
    try {
      const asked = clock.now();
      const token = await fetch(resource, tenant);
      const margin = Math.min(MARGIN_MS, (token.expiresOn - asked) / 2);
      known.set(key, { ...token, renewAt: token.expiresOn - margin });
      return token;
    } finally {
      underWay.delete(key);
    }
  }
  return {
    async get(resource, tenant) {
      const key = keyOf(resource, tenant);
      const token = known.get(key);
      if (token !== undefined && token.renewAt > clock.now()) return token;
      const asked = underWay.get(key) ?? renew(key, resource, tenant);
      underWay.set(key, asked);
      return await asked;
    },
    forget(resource, tenant, token) {
      const key = keyOf(resource, tenant);
      if (known.get(key)?.token === token) known.delete(key);
    },
  };
}
