import { type CoreOptions, coreWire } from "./core_wire.ts";
import type { Advice } from "./advice.ts";
import { type ServerSignIn, serverSignInPolicy } from "./server_sign_in.ts";
import { createTrust } from "./trust.ts";
import type { Wire } from "./wire.ts";

/** What a wire to a server of somebody's own is made of. */
export interface ServerWireOptions extends Omit<CoreOptions, "signIn" | "paceKey" | "trust" | "advice"> {
  /** Base URLs that the sign-in goes to, in clear where they say so, and nowhere else. */
  readonly addresses: readonly string[];
  readonly signIn: ServerSignIn;
  readonly advice: Advice;
}

/** Makes a {@linkcode Wire} to a server that takes a fixed sign-in. Requests of audience `none` go without it. */
export function createServerWire(options: ServerWireOptions): Wire {
  const trust = createTrust(options.addresses.map((one) => new URL(one).host), { inClear: true });
  return coreWire({
    ...options,
    trust,
    paceKey: "server",
    signIn: (plans) => serverSignInPolicy(plans, trust, options.signIn),
  });
}
