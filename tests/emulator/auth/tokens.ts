import { ServiceError } from "../errors.ts";

/** What the emulator reads in a bearer token. Signatures are not looked at. */
export interface TokenFacts {
  readonly audience: string;
  readonly tenant: string;
  /** Seconds since 1970; null when the token never ends. */
  readonly expires: number | null;
  readonly objectId: string | null;
  readonly name: string | null;
}

/** Audiences of the services, without a trailing slash. */
export const AUDIENCES = {
  arm: ["https://management.azure.com", "https://management.core.windows.net"],
  ml: ["https://ml.azure.com"],
  storage: ["https://storage.azure.com"],
} as const;

/** What a request must bring. */
export interface TokenRule {
  readonly kinds: readonly (keyof typeof AUDIENCES)[];
  /** Addresses of the emulator itself, which ARM clients name as audience when a cloud document sent them here. */
  readonly own: readonly string[];
  readonly tenant: string;
}

/**
 * Checks the `Authorization` header of a request for ARM or the data plane: there, readable, for the right audience,
 * of the right tenant, not ended. Throws the 401 that ARM answers, whose codes are ARM's own.
 */
export function checkToken(header: string | null, rule: TokenRule, now: number): TokenFacts {
  if (header === null || header === "") {
    throw refuse(
      "AuthenticationFailed",
      "Authentication failed. The 'Authorization' header is missing.",
      rule,
    );
  }
  const [, token] = header.match(/^Bearer\s+(\S+)$/i) ?? [];
  const facts = token === undefined ? null : readToken(token);
  if (facts === null) throw refuse("InvalidAuthenticationToken", "The access token is invalid.", rule);
  const audience = facts.audience.replace(/\/$/, "");
  const allowed = [...rule.kinds.flatMap((kind) => [...AUDIENCES[kind]]), ...rule.own];
  if (!allowed.includes(audience)) {
    throw refuse(
      "InvalidAuthenticationTokenAudience",
      `The access token has been obtained for wrong audience or resource '${facts.audience}'. ` +
        `It should exactly match with one of the allowed audiences '${allowed.join("','")}'.`,
      rule,
    );
  }
  if (facts.tenant.toLowerCase() !== rule.tenant.toLowerCase()) {
    throw refuse(
      "InvalidAuthenticationTokenTenant",
      `The access token is from the wrong issuer 'https://sts.windows.net/${facts.tenant}/'. It must match the tenant ` +
        `'https://sts.windows.net/${rule.tenant}/' associated with this subscription. Please use the authority (URL) ` +
        `'https://login.windows.net/${rule.tenant}' to get the token.`,
      rule,
    );
  }
  if (facts.expires !== null && facts.expires * 1000 < now) {
    throw refuse("ExpiredAuthenticationToken", "The access token expired.", rule);
  }
  return facts;
}

/** The facts of a JWT, signed or not; null when it is none. */
export function readToken(token: string): TokenFacts | null {
  const [, payload] = token.split(".");
  if (payload === undefined) return null;
  try {
    const bytes = Uint8Array.from(
      atob(payload.replaceAll("-", "+").replaceAll("_", "/")),
      (c) => c.charCodeAt(0),
    );
    const claims: Record<string, unknown> = JSON.parse(new TextDecoder().decode(bytes));
    const { aud, tid, exp, oid, name } = claims;
    if (typeof aud !== "string" || typeof tid !== "string") return null;
    return {
      audience: aud,
      tenant: tid,
      expires: typeof exp === "number" ? exp : null,
      objectId: typeof oid === "string" ? oid : null,
      name: typeof name === "string" ? name : null,
    };
  } catch {
    return null;
  }
}

function refuse(code: string, message: string, rule: TokenRule): ServiceError {
  const challenge =
    `Bearer authorization_uri="https://login.windows.net/${rule.tenant}", error="invalid_token", ` +
    `error_description="${message.replaceAll('"', "'")}"`;
  return new ServiceError({
    status: 401,
    code,
    message,
    plain: true,
    mlflow: "UNAUTHENTICATED",
    headers: { "www-authenticate": challenge },
  });
}
