import { Failure, type Reach } from "../records/failure.ts";
import { type Advice, AZURE_ADVICE } from "./advice.ts";
import { scrub } from "./scrub.ts";
import type { ServiceError } from "./service_error.ts";
import type { Lost } from "./no_answer.ts";
import type { Route } from "./wire.ts";

/** What was tried, on what: the beginning of every message. */
interface Tried {
  readonly route: Route;
  readonly address: URL;
  /** Azure's words when absent. */
  readonly advice?: Advice;
}

/** What a status means for azml. */
interface Meaning {
  readonly reach: Reach;
  readonly retryable: boolean;
  readonly hint?: string;
}

const LATER = "run it again later to continue";
const UNKNOWN = "it is unknown whether the request was carried out: run it again, azml looks first";
const ON_THE_RECORD: Meaning = { reach: "record", retryable: false };

/** Statuses that end more than a record, or that may pass. Any other 4xx is about one record, any other 5xx may pass. */
const MEANINGS: Readonly<Record<number, Meaning>> = {
  408: { reach: "unreachable", retryable: true, hint: LATER },
  429: {
    reach: "unreachable",
    retryable: true,
    hint: `the service throttles: ${LATER}, or lower --concurrency`,
  },
  502: { reach: "unreachable", retryable: true, hint: LATER },
  503: { reach: "unreachable", retryable: true, hint: LATER },
};

/** A refusal by a network rule reads differently from one by a role. */
const NETWORK = /firewall|public (?:network )?access|private (?:endpoint|link)|not allowed to access.*ip/i;

/** The failure that an answer means. `tries` tells how often it was asked. */
export function answerFailure(tried: Tried, status: number, error: ServiceError): Failure {
  const { reach, retryable, hint } = meaningOf(tried, status, error);
  const said = error.message === "" ? "" : `: ${error.message.replace(/\.$/, "")}`;
  return new Failure(`${nameOf(tried)} answered ${status} ${error.code}${said}`, {
    code: error.code,
    reach,
    retryable,
    status,
    ...(hint === undefined ? {} : { hint }),
    ...(error.requestId === null ? {} : { requestId: error.requestId }),
  });
}

/** The failure that no answer means. */
export function lostFailure(tried: Tried, lost: Lost): Failure {
  const { why, tries } = lost;
  const unknown = why.arrived && !tried.route.repeatable;
  const times = tries === 1 ? "" : ` in ${tries} tries`;
  const hint = unknown
    ? UNKNOWN
    : why.passing
    ? "check the network, a proxy or VPN, and the host's name; then run it again to continue"
    : `the host's certificate is not trusted: ${(tried.advice ?? AZURE_ADVICE).certificate}`;
  return new Failure(`${nameOf(tried)} got no answer${times}: ${why.message} (${why.code})`, {
    code: unknown ? "reply_lost" : why.code.toLowerCase(),
    reach: unknown || why.code === "cut_body" ? "record" : "unreachable",
    retryable: why.passing,
    hint,
    cause: lost,
  });
}

/** `GET /path at host`, without the query: it may hold secrets. */
export function nameOf({ route, address }: Tried): string {
  return scrub(`${route.method} ${decodePath(address.pathname)} at ${address.host}`);
}

function decodePath(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}

function meaningOf(
  { route, advice = AZURE_ADVICE }: Tried,
  status: number,
  error: ServiceError,
): Meaning {
  if (status === 403) return refusal(route, error, advice);
  if (status === 401) return wrongTenant(error) ?? { reach: "auth", retryable: false, hint: advice.signIn };
  const known = MEANINGS[status];
  // The service may have carried out part of it before it failed.
  if (!route.repeatable && (status >= 500 || status === 408)) {
    return { reach: known?.reach ?? "record", retryable: true, hint: UNKNOWN };
  }
  return known ?? (status >= 500 ? { reach: "record", retryable: true } : ON_THE_RECORD);
}

/** The tenant that a token should have come from, where ARM's refusal names one; else null. */
export function tenantNamedIn(message: string): string | null {
  return /must match [^']*'https?:\/\/[^/']+\/([\w-]+)/i.exec(message)?.[1] ?? null;
}

function wrongTenant({ message }: ServiceError): Meaning | null {
  const tenant = tenantNamedIn(message);
  if (tenant === null) return null;
  return {
    reach: "auth",
    retryable: false,
    hint: `the workspace is in tenant ${tenant}: set \`tenant_id\` in the config to it`,
  };
}

function refusal(route: Route, error: ServiceError, advice: Advice): Meaning {
  const hint = NETWORK.test(error.message)
    ? "a network rule refuses this machine: run azml from inside the network, or allow its address"
    : advice.refusal(route);
  return { reach: route.refusal ?? "record", retryable: false, hint };
}
