import type { PipelinePolicy, PipelineResponse } from "@azure/core-rest-pipeline";
import type { Clock } from "./clock.ts";
import type { Pacer } from "./pacer.ts";
import { planOf, type Plans } from "./plan.ts";
import { retryAfterMs } from "./retry_after.ts";

/** What pacing needs. */
export interface PaceOptions {
  readonly pacer: Pacer;
  readonly clock: Clock;
  /** Longer waits than this hold back nobody else. */
  readonly patienceMs: number;
  /** Called for each request that is sent. */
  readonly count: () => void;
}

/** Lets only as many requests go to a host as it bears now, and counts them; one lease is one try. */
export function pacePolicy(plans: Plans, { pacer, clock, patienceMs, count }: PaceOptions): PipelinePolicy {
  return {
    name: "azmlPace",
    async sendRequest(request, next) {
      const lease = await pacer.enter(planOf(plans, request).signal);
      try {
        count();
        const answer = await next(request);
        const asked = retryAfterMs((name) => answer.headers.get(name), clock.now());
        if (throttled(answer, asked)) {
          lease.done("throttled", asked !== null && asked <= patienceMs ? asked : 0);
        } else {
          lease.done(answer.status < 500 ? "ok" : "other");
        }
        return answer;
      } finally {
        lease.done("other");
      }
    },
  };
}

function throttled(answer: PipelineResponse, asked: number | null): boolean {
  return answer.status === 429 || (answer.status === 503 && asked !== null);
}
