import type { Resources } from "./bearer.ts";
import { bearerPolicy } from "./bearer.ts";
import { type CoreOptions, coreWire } from "./core_wire.ts";
import type { Tokens } from "./tokens.ts";
import { createTrust } from "./trust.ts";
import type { Wire } from "./wire.ts";

/** What a wire to Azure is made of. One wire speaks for one tenant. */
export interface WireOptions extends Omit<CoreOptions, "signIn" | "paceKey" | "trust" | "advice" | "tls"> {
  readonly tenant: string | null;
  /** Base URL of ARM. */
  readonly arm: string;
  readonly resources: Resources;
  /** Hosts that tokens may go to from the start: whole ones with port, or `.suffix` for all below. */
  readonly hosts: readonly string[];
  readonly tokens: Tokens;
}

/** Makes a {@linkcode Wire} to Azure. The http library loads with the first request. */
export function createWire(options: WireOptions): Wire {
  const trust = createTrust(options.hosts);
  const { tenant, tokens, resources } = options;
  const bearer = { tokens, trust, resources, tenant, armHost: new URL(options.arm).host };
  return coreWire({
    ...options,
    trust,
    paceKey: tenant ?? "",
    signIn: (plans) => bearerPolicy(plans, bearer),
  });
}
