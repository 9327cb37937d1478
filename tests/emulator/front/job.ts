import type { ErrorFacts } from "../errors.ts";

/** A request that the emulator has understood and not yet carried out. */
export interface Job {
  /** Name of the route; null when none fits. */
  readonly route: string | null;
  readonly effect: "read" | "write";
  /** Short name of the workspace. */
  readonly workspace: string | null;
  /** Does it. Never throws what is an answer. */
  perform(): Promise<Response>;
  /** An error in the envelope of the service. */
  refuse(facts: ErrorFacts): Response;
}

/** What a request does when no route says it: reading methods read. */
export function effectOf(method: string): "read" | "write" {
  return method === "GET" || method === "HEAD" || method === "OPTIONS" ? "read" : "write";
}
