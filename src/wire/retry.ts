import type { PipelinePolicy, PipelineResponse, SendRequest } from "@azure/core-rest-pipeline";
import type { Clock } from "./clock.ts";
import { Lost, type NoAnswer, noAnswerOf } from "./no_answer.ts";
import { type Plan, planOf, type Plans } from "./plan.ts";
import { retryAfterMs } from "./retry_after.ts";

/** How often and how long. */
export interface RetryOptions {
  readonly clock: Clock;
  /** Tries in all, the first one included. */
  readonly tries: number;
  /** First wait where the service names none; doubles with each try. */
  readonly baseMs: number;
  /** Longest wait of our own choice. */
  readonly capMs: number;
  /** A service that asks for a longer wait than this is given up at once. */
  readonly patienceMs: number;
  /** Told before each wait, and how long it is; holds no secret. */
  readonly note?: (message: string, waitMs: number) => void;
}

/** About half a minute where the service names no wait. */
export const RETRY_DEFAULTS = { tries: 6, baseMs: 1_000, capMs: 30_000, patienceMs: 300_000 } as const;

/** Statuses after which any request that may be repeated is sent again. */
const PASSING = new Set([408, 429, 500, 502, 503, 504]);

/** One try: an answer, or that none came. */
type Outcome = { readonly answer: PipelineResponse } | { readonly none: NoAnswer };

/**
 * Sends a request again after passing faults. A request whose route is not repeatable is sent again only when it is
 * certain that the service did nothing: 429, 503 with a wait, or a connection that was never made.
 * Returns the last answer; throws {@linkcode Lost} when no answer came.
 */
export function retryPolicy(plans: Plans, options: RetryOptions): PipelinePolicy {
  return {
    name: "azmlRetry",
    async sendRequest(request, next) {
      const plan = planOf(plans, request);
      for (let sent = 1;; sent++) {
        const outcome = await attempt(plan, () => next(request));
        const wait = sent < options.tries ? waitBefore(plan, outcome, sent, options) : null;
        if (wait === null) return settled(outcome, sent);
        options.note?.(noteOf(plan, outcome, wait, sent), wait);
        await options.clock.sleep(wait, plan.signal);
      }
    },
  };
}

async function attempt(plan: Plan, send: () => ReturnType<SendRequest>): Promise<Outcome> {
  try {
    const answer = await send();
    if (answer.status >= 200 && answer.status < 300) plan.checkBody(answer.bodyAsText ?? "");
    return { answer };
  } catch (error) {
    if (plan.signal?.aborted) throw error;
    return { none: noAnswerOf(error) };
  }
}

function settled(outcome: Outcome, tries: number): PipelineResponse {
  if ("answer" in outcome) return outcome.answer;
  throw new Lost(outcome.none, tries);
}

function noteOf({ route, address }: Plan, outcome: Outcome, wait: number, sent: number): string {
  const what = "answer" in outcome ? `answered ${outcome.answer.status}` : `no answer (${outcome.none.code})`;
  const seconds = (wait / 1000).toFixed(1);
  return `${route.method} ${address.host}${address.pathname}: ${what}, again in ${seconds} s (try ${sent})`;
}

/** Milliseconds to wait before the next try; null when there shall be none. */
function waitBefore(plan: Plan, outcome: Outcome, sent: number, options: RetryOptions): number | null {
  const asked = "answer" in outcome
    ? retryAfterMs((name) => outcome.answer.headers.get(name), options.clock.now())
    : null;
  if (!mayRepeat(plan, outcome, asked)) return null;
  const { baseMs, capMs, patienceMs, clock } = options;
  if (asked !== null && asked > patienceMs) return null;
  const jitter = 0.75 + clock.random() / 2;
  // A named wait gets a little on top, so that not everybody comes back in the same instant.
  return asked !== null
    ? asked + clock.random() * baseMs / 4
    : Math.min(capMs, baseMs * 2 ** (sent - 1)) * jitter;
}

function mayRepeat(plan: Plan, outcome: Outcome, asked: number | null): boolean {
  if ("none" in outcome) {
    return outcome.none.passing && (plan.route.repeatable || !outcome.none.arrived);
  }
  const { status } = outcome.answer;
  if (plan.route.repeatable) return PASSING.has(status);
  return status === 429 || (status === 503 && asked !== null);
}
