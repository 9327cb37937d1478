import type { PipelinePolicy } from "@azure/core-rest-pipeline";
import { planOf, type Plans } from "./plan.ts";
import type { Trust } from "./trust.ts";

/** How to sign in to a server of somebody's own. All of it is secret. */
export interface ServerSignIn {
  /** The header `Authorization`, null for none; `fresh` after it was refused: may be what it was. Throws `Failure` (auth). */
  authorization(fresh: boolean): Promise<string | null>;
  /** Headers that go with every request; they win. */
  readonly headers: Readonly<Record<string, string>>;
}

/** Signs requests in; a 401 is answered once with a sign-in that was looked up anew, where that gave another one. */
export function serverSignInPolicy(plans: Plans, trust: Trust, signIn: ServerSignIn): PipelinePolicy {
  return {
    name: "azmlServerSignIn",
    async sendRequest(request, next) {
      const { audience, address } = planOf(plans, request);
      if (audience === "none") return await next(request);
      trust.check(address);
      const send = async (authorization: string | null) => {
        if (authorization !== null) request.headers.set("Authorization", authorization);
        for (const [name, value] of Object.entries(signIn.headers)) request.headers.set(name, value);
        return await next(request);
      };
      const first = await signIn.authorization(false);
      const answer = await send(first);
      if (answer.status !== 401) return answer;
      const other = await signIn.authorization(true);
      return other === first ? answer : await send(other);
    },
  };
}
