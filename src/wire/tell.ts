import type { PipelinePolicy } from "@azure/core-rest-pipeline";
import { noAnswerOf } from "./no_answer.ts";
import { planOf, type Plans } from "./plan.ts";

/** Tells of each try: method, host, path (its query may hold secrets and is left out), status, and how long it took. */
export function tellPolicy(plans: Plans, told: (message: string) => void): PipelinePolicy {
  return {
    name: "azmlTell",
    async sendRequest(request, next) {
      const { route, address } = planOf(plans, request);
      const started = performance.now();
      const say = (what: string | number) => told(requestLine(route.method, address, what, started));
      try {
        const answer = await next(request);
        say(answer.status);
        return answer;
      } catch (error) {
        say(request.abortSignal?.aborted ? "broken off" : `no answer (${noAnswerOf(error).code})`);
        throw error;
      }
    },
  };
}

/** One line about one try; `started` is of `performance.now()`. */
export function requestLine(
  method: string,
  { host, pathname }: URL,
  what: string | number,
  started: number,
): string {
  return `${method} ${host}${pathname}: ${what}, ${Math.round(performance.now() - started)} ms`;
}
