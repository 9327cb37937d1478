import type { PipelinePolicy, PipelineResponse } from "@azure/core-rest-pipeline";
import { planOf, type Plans } from "./plan.ts";
import type { Tokens } from "./tokens.ts";
import type { Trust } from "./trust.ts";
import type { Audience } from "./wire.ts";

/** The resources that tokens are asked for, by audience. */
export type Resources = Readonly<Record<Exclude<Audience, "none">, string>>;

/** An answer, and the token that it was asked with. */
interface Signed {
  readonly answer: PipelineResponse;
  readonly token: string;
}

/** What signing needs. */
export interface BearerOptions {
  readonly tokens: Tokens;
  readonly trust: Trust;
  readonly resources: Resources;
  readonly tenant: string | null;
  /** Host (with port) of ARM: elsewhere the Azure ML audience is tried when ARM's is refused. */
  readonly armHost: string;
}

/**
 * Puts a token on each request that wants one (the library's own policy refuses http even on loopback). A 401 is
 * answered with one fresh token; on the data plane then with a token of the Azure ML audience, which is remembered for
 * that host (Azure ML tokens: ARM's audience works for both, the newest TypeSpec names the other one).
 */
export function bearerPolicy(plans: Plans, options: BearerOptions): PipelinePolicy {
  const { tokens, trust, resources, tenant, armHost } = options;
  const wantsMl = new Set<string>();
  return {
    name: "azmlBearer",
    async sendRequest(request, next) {
      const { audience, address } = planOf(plans, request);
      if (audience === "none") return await next(request);
      trust.check(address);
      const send = async (resource: string): Promise<Signed> => {
        const { token } = await tokens.get(resource, tenant);
        request.headers.set("Authorization", `Bearer ${token}`);
        return { answer: await next(request), token };
      };
      const chosen = audience === "arm" && wantsMl.has(address.host) ? "ml" : audience;
      const first = await send(resources[chosen]);
      if (first.answer.status !== 401) return first.answer;
      tokens.forget(resources[chosen], tenant, first.token);
      const { answer } = await send(resources[chosen]);
      if (answer.status !== 401 || chosen !== "arm" || address.host === armHost) return answer;
      const other = await send(resources.ml);
      if (other.answer.status !== 401) wantsMl.add(address.host);
      return other.answer;
    },
  };
}
