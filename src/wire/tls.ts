import { Agent as HttpAgent } from "node:http";
import { Agent as HttpsAgent, type AgentOptions } from "node:https";

/** How certificates are checked, where not as the machine does. */
export interface TlsOptions {
  /** Certificates (PEM) of authorities that are trusted. */
  readonly ca?: string;
  /** False takes any certificate. */
  readonly verify?: boolean;
}

/** Connections for one host. */
export interface Agents {
  /** Keeps connections; undefined where the http library's own ones do. */
  readonly kept: HttpAgent | undefined;
  /** A new connection for each request. */
  readonly once: HttpAgent;
}

const httpOnce = new HttpAgent({ keepAlive: false });
const httpsOnce = new HttpsAgent({ keepAlive: false });

/** The connections to a host, as its certificates are to be checked. */
export function agentsFor(address: URL, tls: TlsOptions | undefined): Agents {
  if (address.protocol === "http:") return { kept: undefined, once: httpOnce };
  if (tls === undefined) return { kept: undefined, once: httpsOnce };
  const options: AgentOptions = {
    ...(tls.ca === undefined ? {} : { ca: tls.ca }),
    ...(tls.verify === false ? { rejectUnauthorized: false } : {}),
  };
  return {
    kept: new HttpsAgent({ ...options, keepAlive: true }),
    once: new HttpsAgent({ ...options, keepAlive: false }),
  };
}
