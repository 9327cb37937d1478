import { Failure } from "../records/failure.ts";
import { isLoopback } from "./address.ts";

/** The hosts that tokens may go to. */
export interface Trust {
  /** Adds the host of a base URL. */
  add(base: string): void;
  /** Throws `Failure` (usage) when a token must not go to this address. */
  check(address: URL): void;
}

/**
 * Tokens go only to `hosts` (whole names with port, or `.suffix` for all below it) and to what is added later, and
 * never in clear to another machine, unless somebody has said so (`inClear`).
 */
export function createTrust(hosts: readonly string[], { inClear = false } = {}): Trust {
  const whole = new Set(hosts.filter((host) => !host.startsWith(".")).map((host) => host.toLowerCase()));
  const suffixes = hosts.filter((host) => host.startsWith("."));
  return {
    add: (base) => void whole.add(new URL(base).host),
    check(address) {
      const clear = !inClear && address.protocol !== "https:" && !isLoopback(address.hostname);
      if (clear) throw refusal(address, "insecure_address", "it is not https");
      const known = whole.has(address.host) ||
        (address.port === "" && suffixes.some((suffix) => address.hostname.endsWith(suffix)));
      if (!known) {
        throw refusal(address, "untrusted_host", "neither the config nor discovery names that host");
      }
    },
  };
}

function refusal(address: URL, code: string, why: string): Failure {
  return new Failure(`no token is sent to ${address.protocol}//${address.host}: ${why}`, {
    code,
    reach: "usage",
    retryable: false,
    hint: "check `cloud` and `endpoints` of the config",
  });
}
