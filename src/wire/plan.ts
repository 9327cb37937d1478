import type { PipelineRequest } from "@azure/core-rest-pipeline";
import type { Advice } from "./advice.ts";
import type { Audience, Content, Route } from "./wire.ts";

/** What the policies of a pipeline must know of a request beside what is sent. */
export interface Plan {
  readonly route: Route;
  readonly audience: Audience;
  readonly address: URL;
  /** Aborts the request and its waits. */
  readonly signal: AbortSignal | undefined;
  readonly advice: Advice;
  /** Bytes to send. */
  readonly content: Content | null;
  /** Whether the body of a good answer is left to be read as a stream. */
  readonly streams: boolean;
  /** Milliseconds without a byte after which a stream counts as broken. */
  readonly stallMs: number;
  /** Throws when the body of an answer is cut short or otherwise no JSON. */
  readonly checkBody: (text: string) => void;
}

/** Plans by request: the library's requests have no room for them. */
export type Plans = WeakMap<PipelineRequest, Plan>;

/** The plan of a request; a request without one is a bug. */
export function planOf(plans: Plans, request: PipelineRequest): Plan {
  const plan = plans.get(request);
  if (plan === undefined) throw new Error(`a request without a plan: ${request.method}`);
  return plan;
}
